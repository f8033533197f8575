"""Who is talking: a person's cookie or token is swapped for an agent token at once, and forgotten."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import Request

from aipress.chat.control_plane import ControlPlane
from aipress.chat.gate import Gate
from aipress.config import Settings
from aipress.errors import NotAllowed
from aipress.plans.actions import Role
from aipress.tenants.schemas import TenantRead

FORWARDED = ("cookie", "authorization", "origin", "sec-fetch-site")
READS = ("GET", "HEAD")


@dataclass
class Caller:
    """One person, for one turn: the control plane in their name, the gate, and what was looked up of theirs.

    `results` are what the calls of tools answered, whole, by the call's id: for our own code, no language model is told them.
    `about` is the id of the one tenant that the message names, if it does.
    """

    control_plane: ControlPlane
    turn: str = ""
    about: str = ""
    id: str = ""
    role: Role = "tenant"
    sites: list[TenantRead] = field(default_factory=list)
    gate: Gate = field(default_factory=Gate)
    results: dict[str, Any] = field(default_factory=dict)


async def agent_of(request: Request, http: httpx.AsyncClient, settings: Settings) -> ControlPlane:
    """The control plane as an agent of whoever sent `request`. Raises NotSignedIn, NotAllowed.

    An agent may talk to the assistant too: it can't lend a token, so its own is used as it is.
    """
    shown = {name: value for name in FORWARDED if (value := request.headers.get(name))}
    if request.method in READS:
        # A page's own GET names no origin; swapping the token is our POST, and nothing can be changed by reading.
        shown |= {"origin": settings.base_url, "sec-fetch-site": "same-origin"}
    return await _agent_as(http, shown)


async def agent_of_bearer(authorization: str, http: httpx.AsyncClient) -> ControlPlane:
    """The control plane as an agent of whoever this `Authorization` header belongs to. Raises NotSignedIn, NotAllowed."""
    return await _agent_as(http, {"authorization": authorization})


async def _agent_as(http: httpx.AsyncClient, shown: dict[str, str]) -> ControlPlane:
    person = ControlPlane(http, shown)
    try:
        token = await person.agent_token()
    except NotAllowed:
        if "authorization" in shown and (await person.me()).kind == "agent":
            return ControlPlane(http, {"authorization": shown["authorization"]})
        raise
    return ControlPlane(http, {"authorization": f"Bearer {token}"})


async def look_up(caller: Caller) -> None:
    """Fetch what the model is told of this person: their role and their sites."""
    person, caller.sites = await asyncio.gather(caller.control_plane.me(), caller.control_plane.sites())
    caller.id = person.id
    caller.role = "admin" if person.role == "admin" else "tenant"
