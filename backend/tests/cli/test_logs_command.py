"""Logs from the command line, against the control plane itself."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aipress.cli.client import Api
from aipress.cli.installation import find
from aipress.cli.site_logs import moment
from aipress.cli.trouble import Trouble
from aipress.kit import clock
from tests.api.world import World
from tests.cli.test_sharing import Terminal, terminal
from tests.fakes.logs import line
from tests.tenants.lasting import together

__all__ = ["terminal"]


async def blog(world: World) -> str:
    return str((await world.ask("GET", "/tenants/blog", await world.grace())).json()["id"])


@together
async def test_a_sites_lines_are_said_oldest_first(terminal: Terminal, world: World) -> None:
    site = await blog(world)
    assert await terminal.say("logs", "blog") == ""
    now = clock.now()
    world.cloud.logs.put(
        line(site, "two days ago", now - timedelta(days=2)),
        line(site, "GET /", now - timedelta(minutes=2), source="access", level="info"),
        line(site, "Fatal \x1b[31merror", now - timedelta(minutes=1)),
    )
    said = (await terminal.say("logs", "blog")).splitlines()
    assert [one.split()[1:] for one in said] == [
        ["info", "access", "GET", "/"],
        ["error", "php", "Fatal", "·[31merror"],
    ]
    assert said[0].startswith(f"{now - timedelta(minutes=2):%Y-%m-%dT%H:%M:%S}Z  ")
    told = json.loads(await terminal.say("logs", "blog", "--since", "3d", "--level", "error", "--json"))
    assert [one["message"] for one in told["items"]] == ["two days ago", "Fatal \x1b[31merror"]
    few = json.loads(await terminal.say("logs", "blog", "--since", "1w", "--limit", "2", "--json"))
    assert [one["message"] for one in few["items"]] == ["GET /", "Fatal \x1b[31merror"]
    said = await terminal.say("logs", "blog", "--source", "access", "--source", "cron", "--q", "get")
    assert said.endswith("access     GET /\n")


@together
async def test_more_lines_than_a_page_holds_are_read_page_by_page(terminal: Terminal, world: World) -> None:
    site = await blog(world)
    world.cloud.logs.put(*(line(site, f"{number}") for number in range(1100)))
    told = json.loads(await terminal.say("logs", "blog", "--limit", "1050", "--json"))
    assert [one["message"] for one in told["items"]] == [f"{number}" for number in range(50, 1100)]


@together
async def test_what_comes_in_is_followed_until_the_platform_refuses(terminal: Terminal, world: World) -> None:
    site = await blog(world)
    first = line(site, "one")
    world.cloud.logs.put(first, line(site, "two"))
    api, heard = Api(find(Path(terminal.data))), list[object]()

    def follow() -> None:
        for one in api.follow("/tenants/blog/logs/stream", {"level": "error"}, first.id):
            heard.append(one["message"])
            if len(heard) == 2:
                return

    following = asyncio.create_task(asyncio.to_thread(follow))
    while not heard:
        await asyncio.sleep(0.01)
    world.cloud.logs.put(line(site, "three"))
    await following
    assert heard == ["two", "three"]
    with pytest.raises(Trouble, match="no site"):
        await asyncio.to_thread(next, api.follow("/tenants/nowhere/logs/stream", {}))


@pytest.mark.parametrize(
    ("told", "ago"),
    [("1h", 3600), ("90m", 5400), ("1h30m", 5400), ("2w1d", 15 * 86400), ("45s", 45), (" 7D ", 7 * 86400)],
)
def test_a_time_is_said_as_how_long_ago(told: str, ago: int) -> None:
    since = (clock.now() - timedelta(seconds=ago)).timestamp()
    assert abs(datetime.fromisoformat(moment(told)).timestamp() - since) < 5


def test_a_time_is_a_time_and_anything_else_is_trouble() -> None:
    nine = datetime(2026, 11, 28, 9, tzinfo=UTC)
    assert datetime.fromisoformat(moment("2026-11-28T09:00:00Z")) == nine
    assert datetime.fromisoformat(moment("2026-11-28T11:00:00+02:00")) == nine
    for nonsense in ("", "h", "yesterday", "1x", "99999999999d", "-1h", "2026-13-01"):
        with pytest.raises(Trouble, match="no time"):
            moment(nonsense)
