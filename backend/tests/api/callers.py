"""Everybody who may ask a route: those who are who they say, and those whose credentials are no good any more, or never were."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from aipress.auth.tokens import Tokens
from aipress.kit import clock, ids
from aipress.users.models import User
from tests import make
from tests.api.world import World
from tests.fakes.mail import caught
from tests.make import Headers

SITE = "bakery"


@dataclass(frozen=True)
class Scene:
    """A site with its owner and a member, and everybody else there is, by the column of the table they stand in."""

    world: World
    owner: Headers
    tenant: str
    operation: str
    callers: dict[str, Headers]

    async def fill(self, path: str) -> str:
        """The path with something in it that is the owner's, and fresh where it can be used up."""
        things = {
            "tenant": self.tenant,
            "operation_id": self.operation,
            "message_id": "m1",
            "name": "STRIPE_KEY",
            "mail_id": caught()[0].id,
        }
        if "plan_id" in path:
            things["plan_id"] = await self._made(
                "/plans", {"action": "DELETE_SITE", "arguments": {"tenant": SITE}}
            )
        if "thread_id" in path:
            things["thread_id"] = await self._said()
        if "{domain}" in path:
            things["domain"] = await self._domain()
        things |= await self._noted(path)
        if "secret}" in path:
            things["secret"] = await self._shared()
        if path.endswith("/undo"):
            things["operation_id"] = await self._renaming()
        if "/members/" in path:
            things["user_id"] = (await make.member(self.world.rows, self.tenant)).id
        elif "user_id" in path:
            things["user_id"] = (await make.user(self.world.rows)).id
        return path.format(**things)

    async def _noted(self, path: str) -> dict[str, str]:
        """What the platform itself noted of the owner: what an answer used, and what is wrong with their site."""
        if "use_id" in path:
            wish = {"engine": "google", "model": "gemini-3.8-flash"}
            return {"use_id": await self._made("/usage/grants", wish)}
        return {"alert_id": (await make.alert(self.world.rows, self.tenant)).id} if "alert_id" in path else {}

    async def _made(self, path: str, body: object) -> str:
        made = await self.world.ask("POST", path, self.owner, body)
        return str(made.json()["id"])

    async def _said(self) -> str:
        """A conversation with a word in it."""
        thread = await self._made("/threads", {})
        message = {"role": "user", "text": "hello"}
        await self.world.ask("PUT", f"/threads/{thread}/messages/m1", self.owner, message)
        return thread

    async def _shared(self) -> str:
        """The secret of a link to one."""
        made = await self.world.ask("POST", f"/threads/{await self._said()}/share", self.owner)
        return str(made.json()["url"]).rpartition("/")[2]

    async def _domain(self) -> str:
        """A domain of their site."""
        wish = {"domain": "www.bakery.example"}
        await self.world.ask("POST", f"/tenants/{self.tenant}/domains", self.owner, wish)
        return wish["domain"]

    async def _renaming(self) -> str:
        """The receipt of renaming their site, which can be undone."""
        name = {"name": f"Bakery {ids.short()}"}
        renamed = await self.world.ask("PATCH", f"/tenants/{self.tenant}", self.owner, name)
        assert renamed.status_code == 200, renamed.text
        return renamed.headers["aipress-operation"]


async def set_scene(world: World) -> Scene:
    ada, root = await make.user(world.rows), await make.admin(world.rows)
    owner = make.as_person(world.settings, ada)
    site = await world.site(owner, "Bakery")
    await world.cloud.mail.keep(site["environments"][0]["id"], *caught())
    done = (await world.ask("GET", "/operations", owner)).json()["items"][0]["id"]
    callers: dict[str, Headers] = {
        "anonymous": {},
        "stranger": await world.ada(),
        "member": make.as_person(world.settings, await make.member(world.rows, site["id"])),
        "owner": owner,
        "agent": world.agent_of(ada),
        "admin": make.as_person(world.settings, root),
        "admin's agent": world.agent_of(root),
        "operator": make.as_operator(world.settings),
    }
    return Scene(world, owner, site["id"], done, callers)


async def no_longer_good(world: World) -> dict[str, Headers]:
    """What admins show who could do almost anything, if only it were good. Each is one fault away from that."""
    root = await make.admin(world.rows)
    since = clock.now() + timedelta(minutes=1)
    revoked = await make.admin(world.rows, tokens_valid_after=since)
    suspended = await make.admin(world.rows, state="suspended")
    as_browser: dict[str, Any] = {
        "browser whose time is up": (root, {"expires_at": clock.in_seconds(-1)}),
        "browser of somebody signed out everywhere": (revoked, {}),
        "browser of somebody suspended": (suspended, {}),
    }
    browsers = {
        name: make.as_browser(await make.session(world.rows, who, **fields), world.settings)
        for name, (who, fields) in as_browser.items()
    }
    return browsers | {
        "expired token": make.as_bearer(make.token(world.settings, root, minutes=-10)),
        "revoked token": make.as_person(world.settings, revoked),
        "token of somebody suspended": make.as_person(world.settings, suspended),
        "token for another audience": make.as_bearer(_for_another_audience(world, root)),
        "token nobody made": make.as_bearer("aop_invented"),
    }


def _for_another_audience(world: World, person: User) -> str:
    tokens = Tokens(world.settings)
    tokens.trust = replace(tokens.trust, audience="another service")
    return tokens.issue(person.principal(), "user", timedelta(minutes=10)).token
