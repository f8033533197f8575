"""Sharing a site from the command line, against the control plane itself."""

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
import pytest_asyncio
from typer.testing import CliRunner

from aipress.auth.operator import operator_token
from aipress.cli.app import app
from aipress.cli.trouble import REFUSED, Trouble
from tests import make
from tests.api.wire import served
from tests.api.world import World
from tests.tenants.lasting import together

pytestmark = together


@dataclass(frozen=True)
class Terminal:
    """Where `aipress sites …` is said. Raises what the command does."""

    data: str

    async def say(self, *words: str) -> str:
        command = ["sites", *words, "--data", self.data]
        done = await asyncio.to_thread(lambda: CliRunner().invoke(app, command))
        if done.exception is not None:
            raise done.exception
        return done.stdout


@pytest_asyncio.fixture(loop_scope="module")
async def terminal(world: World) -> AsyncIterator[Terminal]:
    """A terminal on the machine of a platform on which Ada owns a blog."""
    await world.site(await world.ada(email="ada@example.com", name="Ada"), "Blog")
    operator_token(world.settings)
    world.settings.run_dir.mkdir(exist_ok=True)
    async with served(world, world.settings.run_dir / "control.sock"):
        yield Terminal(str(world.settings.data_dir))


async def people(terminal: Terminal) -> list[tuple[str, str]]:
    items = json.loads(await terminal.say("members", "blog", "--json"))["items"]
    return [(one["user"]["email"], one["role"]) for one in items]


async def test_a_site_is_shared_seen_to_be_and_shared_no_longer(terminal: Terminal) -> None:
    assert await people(terminal) == [("ada@example.com", "owner")]
    said = await terminal.say("share", "blog", "Bob@example.com")
    assert said == "blog is shared with bob@example.com.\n"
    assert await people(terminal) == [("ada@example.com", "owner"), ("bob@example.com", "member")]
    table = (await terminal.say("members", "blog")).splitlines()
    assert [row.split()[0] for row in table] == ["Person", "ada@example.com", "bob@example.com"]
    said = await terminal.say("unshare", "blog", "BOB@example.com")
    assert said == "blog is no longer shared with bob@example.com.\n"
    assert await people(terminal) == [("ada@example.com", "owner")]


async def test_a_script_gets_a_document(terminal: Terminal) -> None:
    for verb in ("share", "unshare"):
        said = json.loads(await terminal.say(verb, "blog", "bob@example.com", "--json"))
        assert (said["user"]["email"], said["role"]) == ("bob@example.com", "member")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (
            ("unshare", "blog", "eve@example.com"),
            "blog is not shared with eve@example.com. Nothing was changed.",
        ),
        (("unshare", "blog", "ada@example.com"), "belongs to ada@example.com"),
        (("share", "blog", "ada@example.com"), "own site"),
        (("share", "blog", "nobody"), "email"),
        (("share", "shop", "bob@example.com"), "There is no site “shop”"),
    ],
)
async def test_what_makes_no_sense_is_refused_saying_why(
    terminal: Terminal, words: tuple[str, ...], why: str
) -> None:
    with pytest.raises(Trouble) as raised:
        await terminal.say(*words)
    assert (raised.value.exit_code, why in raised.value.what) == (REFUSED, True), raised.value.what
    assert await people(terminal) == [("ada@example.com", "owner")]


async def test_what_people_call_themselves_and_their_secrets_ends_is_shown_as_it_is(
    terminal: Terminal, world: World
) -> None:
    """Neither is markup for the table, nor an order to the terminal."""
    (site,) = (await world.ask("GET", "/tenants", make.as_operator(world.settings))).json()["items"]
    await make.member(world.rows, site["id"], await make.user(world.rows, name="[/red]\x1b[2J"))
    assert "[/red]·[2J" in await terminal.say("members", "blog")
    path, value = "/tenants/blog/secrets/KEY", {"value": "a long enough one [/a]"}
    assert (await world.ask("PUT", path, make.as_operator(world.settings), value)).status_code == 201
    assert " [/a] " in await terminal.say("secrets", "blog", "list")
