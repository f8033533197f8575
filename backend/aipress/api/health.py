"""Is it alive, is it ready, and does it leak?"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel
from sqlalchemy import text

from aipress import clouds
from aipress.api import runtimes
from aipress.api.runtimes import RuntimeRead
from aipress.auth.door import Anyone, Caller, InTransaction, Operator
from aipress.clouds.base import Cloud
from aipress.clouds.each import in_time
from aipress.errors import CloudError
from aipress.tenants import reconciler, strays

router = APIRouter(prefix="/health", tags=["health"])
Look = Callable[[Cloud], Awaitable[set[str]]]
OTHERS_SECONDS = 2.0
NEEDED = ("database", "vault", "databases", "caches", "runtime")


class Health(BaseModel):
    """`checks` says of each part `ok`, or what is wrong with it."""

    status: Literal["ok", "degraded"]
    checks: dict[str, str]


class Leak(BaseModel):
    """Something that exists and belongs to nobody; `cloud` is where, empty for a place that is kept."""

    kind: str
    name: str
    why: str
    cloud: str


class Leaks(BaseModel):
    items: list[Leak]


@router.get("/live")
async def live(_: Anyone) -> Health:
    """The process answers."""
    return Health(status="ok", checks={})


@router.get("/ready")
async def ready(request: Request, response: Response, session: InTransaction, _: Anyone) -> Health:
    """Everything it needs answers. 503 while something does not; a cloud that is not that of new sites keeps no other from its visitors."""
    await session.execute(text("SELECT 1"))
    checks = {"database": "ok", **await _cloud_checks()}
    findings: reconciler.Findings = request.app.state.findings
    checks["stranded"] = "ok" if not findings.stranded else f"{len(findings.stranded)} workflows do not go on"
    checks["lost"] = "ok" if not findings.lost else f"{len(findings.lost)} parts of sites are gone"
    is_ready = all(checks[part] == "ok" for part in NEEDED)
    response.status_code = 200 if is_ready else 503
    return Health(
        status="ok" if all(found == "ok" for found in checks.values()) else "degraded", checks=checks
    )


@router.get("/leaks")
async def leaks(request: Request, _: Operator) -> Leaks:
    """Databases, users, files, sockets, processes and links that belong to no site. Should be empty."""
    found = await strays.strays(request.app.state.rows)
    return Leaks(
        items=[Leak(kind=one.kind, name=one.environment_id, why=one.why, cloud=one.cloud) for one in found]
    )


@router.get("/runtime")
async def runtime(_: Caller) -> RuntimeRead:
    """How sites run here: what separates and limits them on each cloud, and how many are awake."""
    return await runtimes.report()


async def _cloud_checks() -> dict[str, str]:
    """Of the cloud of new sites by the part alone, of others with their name before it."""
    first, *others = clouds.every()
    named = [(first, ""), *((cloud, f"{cloud.name} ") for cloud in others)]
    found = await asyncio.gather(*(_checks_of(cloud, prefix) for cloud, prefix in named))
    return {name: said for checks in found for name, said in checks.items()}


async def _checks_of(cloud: Cloud, prefix: str) -> dict[str, str]:
    """Who looks here decides soon whether to send visitors: another cloud is not waited for long."""
    asked: dict[str, Look] = {
        "vault": lambda one: one.vault.existing(),
        "databases": lambda one: one.databases.existing(),
        "caches": lambda one: one.caches.existing(),
        "runtime": lambda one: one.runtime.existing(),
    }
    seconds = OTHERS_SECONDS if prefix else None
    looks = (in_time(look, seconds)(cloud) for look in asked.values())
    answers = await asyncio.gather(*looks, return_exceptions=True)
    return {f"{prefix}{name}": _said(answer) for name, answer in zip(asked, answers, strict=True)}


def _said(answer: object) -> str:
    if isinstance(answer, CloudError):
        return str(answer)
    return "failed" if isinstance(answer, BaseException) else "ok"
