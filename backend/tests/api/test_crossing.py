"""Nothing of one tenant's reaches another, in no answer of any kind: every field of somebody's is marked, and every route of both
services is asked for it by others, with their ids in every place an id can stand.
"""

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest_asyncio

from aipress.chat.app import create_app as create_assistant
from aipress.kit import ids
from aipress.users.models import User, hash_of
from tests import make
from tests.api.describing import served
from tests.api.test_doors import bodies
from tests.api.world import Json, World
from tests.chat.wire.conftest import Puppet
from tests.fakes.logs import line
from tests.fakes.mail import caught
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together
LISTENING = 0.3  # seconds that a stream which does not end is listened to
MARK = itertools.count(1)
MARKED = "site slug second title text chunk history plan message engine model letter log domain"


def mark(what: str) -> str:
    """A word that stands nowhere else."""
    return f"zz{what}{next(MARK):04}qq"


@dataclass
class Victim:
    """Somebody whose every field is marked: what is theirs, and the ids by which it could be asked for."""

    person: User
    shown: Headers
    marks: set[str]
    private: set[str]  # of all marks and ids, what is nobody's but hers, whoever shares her site
    link: str  # to her conversation, given to nobody
    ids: dict[str, list[str]] = field(default_factory=dict)

    @property
    def everything(self) -> set[str]:
        ids = {one for ids in self.ids.values() for one in ids}
        return self.marks | ids | {self.person.id, secret_of(self.link)}


def secret_of(link: str) -> str:
    return link.rpartition("/")[2]


@dataclass
class Street:
    """Both services on loopback, and what they say they can be asked."""

    world: World
    client: httpx.AsyncClient
    operations: list[tuple[str, str, Json]]

    async def ask(self, method: str, url: str, shown: Headers, body: Any = None) -> tuple[str, str]:
        """What was sent, and all that came back: status, headers, body. A stream is left after a moment."""
        request = self.client.build_request(method, url, headers=shown, json=body)
        answer = await self.client.send(request, stream=True)
        came = [f"{answer.status_code} {answer.headers}".encode()]
        try:
            async with asyncio.timeout(LISTENING if url.endswith(("/events", "/stream")) else 20):
                async for part in answer.aiter_raw():
                    came.append(part)
        except TimeoutError:
            pass
        finally:
            await answer.aclose()
        return f"{url} {json.dumps(body)}", b"".join(came).decode(errors="replace")


@pytest_asyncio.fixture(loop_scope="module")
async def street(world: World, tmp_path: Path) -> AsyncIterator[Street]:
    assistant = create_assistant(world.settings, Puppet().engine)
    assistant.state.http = make.client_of(world.app)
    operations = []
    async with AsyncExitStack() as open_now, httpx.AsyncClient(timeout=20) as client:
        for app in (world.app, assistant):
            _, url = await open_now.enter_async_context(served(app, tmp_path))
            address = url.removeprefix("--url=")
            operations += [
                (method.upper(), address + path, operation)
                for path, methods in app.openapi()["paths"].items()
                for method, operation in methods.items()
            ]
        yield Street(world, client, operations)
    await assistant.state.runs.close()
    await assistant.state.http.aclose()


async def victim(world: World) -> Victim:
    """Ada, with one of everything, each of its fields marked."""
    person = await make.user(world.rows, email=f"{mark('mail')}@example.com", name=mark("person"))
    shown = make.as_person(world.settings, person)
    named = {what: mark(what) for what in MARKED.split()}
    secret = f"ZZSECRET{next(MARK):04}QQ"
    asked = await world.ask("POST", "/tenants", shown, {"name": named["site"], "slug": named["slug"]})
    site = (await world.ended(shown, asked.json()["id"]))["tenant"]
    await world.ask("PATCH", f"/tenants/{site['id']}", shown, {"name": named["second"]})
    await world.ask(
        "PUT", f"/tenants/{site['id']}/secrets/{secret}", shown, {"value": mark("value") + "WXYZ"}
    )
    world.cloud.logs.put(line(site["id"], named["log"]))
    letter = caught(f"{next(MARK):013}-{ids.short()}", named["letter"])
    whole = (await world.ask("GET", f"/tenants/{site['id']}", shown)).json()
    await world.cloud.mail.keep(whole["environments"][0]["id"], *letter)
    thread, link = await shared_thread(world, shown, named)
    wish = {"action": "CREATE_SITE", "arguments": {"name": named["plan"]}}
    plan = (await world.ask("POST", "/plans", shown, wish)).json()
    used = await one_use(world, shown, named)
    operations = (await world.ask("GET", "/operations", shown)).json()["items"]
    hers = {
        "tenant": [site["id"], named["slug"]],
        "operation_id": [one["id"] for one in operations],
        "plan_id": [plan["id"]],
        "thread_id": [thread],
        "conversation_id": [thread],
        "message_id": [named["message"]],
        "use_id": [used],
        "user_id": [person.id],
        "name": [secret],
        "alert_id": [(await make.alert(world.rows, site["id"])).id],
        "mail_id": [letter[0].id],
        "domain": [await one_domain(world, shown, named)],
        "secret": [thread, hash_of(secret_of(link))],  # what others might come to know, and take for it
    }
    told = {one for what, one in named.items() if what not in ("site", "slug", "second", "log", "domain")}
    private = {*told, secret, secret_of(link), plan["hash"], plan["id"], thread, used}
    marks = {*named.values(), secret, person.email, person.name, plan["hash"]}
    return Victim(person, shown, marks, private, link, hers)


async def one_domain(world: World, shown: Headers, named: dict[str, str]) -> str:
    """A domain of her site's."""
    wish = {"domain": f"{named['domain']}.example"}
    await world.ask("POST", f"/tenants/{named['slug']}/domains", shown, wish)
    return wish["domain"]


async def one_use(world: World, shown: Headers, named: dict[str, str]) -> str:
    """What an answer about her site used."""
    wish = {"engine": named["engine"], "model": named["model"]}
    used = str((await world.ask("POST", "/usage/grants", shown, wish)).json()["id"])
    figures = {"tenant": named["slug"], "input_tokens": 7, "ended": True}
    await world.ask("PUT", f"/usage/grants/{used}", shown, figures)
    return used


async def shared_thread(world: World, shown: Headers, named: dict[str, str]) -> tuple[str, str]:
    """A conversation with all that can be in one, and a link to it."""
    thread = (await world.ask("POST", "/threads", shown, {"title": named["title"]})).json()["id"]
    message = {
        "role": "assistant",
        "text": named["text"],
        "chunks": [{"type": "start", "note": named["chunk"]}],
    }
    path = f"/threads/{thread}/messages/{named['message']}"
    await world.ask("PUT", path, shown, message | {"history": [{"said": named["history"]}]})
    return thread, (await world.ask("POST", f"/threads/{thread}/share", shown)).json()["url"]


def requests(street: Street, ada: Victim) -> Iterator[tuple[str, str, Any]]:
    """Every operation, with Ada's ids in its path, and whatever is hers in each of its queries."""
    everything = sorted({ids[0] for ids in ada.ids.values()} | {ada.person.email, "zz"})
    for method, path, operation in street.operations:
        places = [one for one in operation.get("parameters", []) if one["in"] in ("path", "query")]
        free = [one["name"] for one in places if one["in"] == "query" and one["name"] != "limit"]
        inside = [one["name"] for one in places if one["in"] == "path"]
        body = bodies().get(f"{method} {path.partition('/api/')[1]}{path.partition('/api/')[2]}")
        if path.endswith("/chat") and method == "POST":
            body = {"conversation_id": ada.ids["thread_id"][0], "message": {"id": "m1", "text": "hello"}}
        for values in itertools.product(*(ada.ids[name] for name in inside)):
            filled = path.format(**dict(zip(inside, values, strict=True)))
            yield method, filled, body
            if method == "GET" and not inside:
                for name, value in itertools.product(free, everything):
                    yield method, f"{filled}?{httpx.QueryParams({name: value})}", body


async def crossed(
    street: Street, ada: Victim, shown: Headers, tales: set[str] | None = None
) -> tuple[int, list[str]]:
    """How much was asked, and every answer that held something of Ada's (of `tales`) which was not said in asking."""
    asked, found = 0, []
    for method, url, body in requests(street, ada):
        sent, came = await street.ask(method, url, shown, body)
        asked += 1
        untold = {tale for tale in tales or ada.everything if tale.lower() not in sent.lower()}
        found += [f"{method} {url}: {tale}" for tale in untold if tale.lower() in came.lower()]
    return asked, found


async def test_no_byte_of_one_tenant_reaches_another(street: Street) -> None:
    world = street.world
    ada, bob = await victim(world), await make.user(world.rows)
    mine, cecils = make.as_person(world.settings, bob), await world.ada()
    await world.site(mine, "Bob's own")
    shared = await world.site(cecils, "Shared")
    await world.ask("POST", f"/tenants/{shared['id']}/members", cecils, {"email": bob.email})
    for shown in (mine, make.as_agent(world.settings, bob), {}):
        asked, found = await crossed(street, ada, shown)
        assert asked > len(street.operations)
        assert found == []


async def test_whom_a_site_is_shared_with_sees_that_site_and_nothing_else_of_its_owner(
    street: Street,
) -> None:
    world = street.world
    ada, bob = await victim(world), await make.user(world.rows)
    site = f"/tenants/{ada.ids['tenant'][0]}"
    await world.ask("POST", f"{site}/members", ada.shown, {"email": bob.email})
    theirs = make.as_person(world.settings, bob)
    assert (await world.ask("GET", site, theirs)).json()["access"] == "member"
    for shown in (theirs, make.as_agent(world.settings, bob)):
        asked, found = await crossed(street, ada, shown, ada.private)
        assert asked
        assert found == []


async def test_whoever_has_a_link_sees_one_conversation_and_nothing_else_of_whose_it_is(
    street: Street,
) -> None:
    world = street.world
    ada, bob = await victim(world), await make.user(world.rows)
    for shown in ({}, make.as_person(world.settings, bob)):
        answer = await world.ask("GET", f"/shared/{secret_of(ada.link)}", shown)
        assert answer.status_code == 200
        title = {tale for tale in ada.marks if tale.startswith("zztitle")}
        assert {tale for tale in ada.everything if tale.lower() in answer.text.lower()} == title


async def test_every_mark_is_there_to_be_found(street: Street) -> None:
    ada = await victim(street.world)
    came = []
    for method, url, _ in requests(street, ada):
        if method == "GET":
            came.append((await street.ask(method, url, ada.shown))[1].lower())
    whole = "\n".join(came)
    assert [one for one in sorted(ada.marks) if one.lower() not in whole] == []


async def test_what_crosses_is_found(street: Street) -> None:
    """An admin sees other people's sites: of those bytes, the search tells."""
    ada = await victim(street.world)
    _, found = await crossed(street, ada, await street.world.grace())
    for path in ("/api/tenants", "/api/operations", "/api/audit", "/api/users", "/api/secrets"):
        assert any(path in one for one in found)
    assert not any(
        "/threads" in one or "/plans" in one or "/chat" in one
        for one in found
        if not one.startswith("GET /api/audit")
    )
