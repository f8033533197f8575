"""What is due, and its doing through the visitors' door; and what can be seen of a site's surroundings."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aipress.clouds.gcp import cron as under_test
from aipress.clouds.gcp.cron import CloudRunCron
from aipress.clouds.gcp.inspection import GIB, GoogleInspection
from aipress.clouds.gcp.visitors import Door
from aipress.config import Settings
from aipress.errors import CloudBusy, CloudRefused
from tests.clouds.gcp.bases import NEIGHBOUR, FakeVault, Rig, made
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE
from tests.clouds.gcp.visited import Answer, door
from tests.clouds.local import rig

HOST = f"sunrise-bakery.{PLACE.domain}"
REQUEST = "ab" * 16
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
PLANNED = (
    f'a:2:{{i:{NOON.timestamp():.0f};a:1:{{s:5:"chore";a:1:{{s:32:"40cd750bba9870f18aada2478b24840a";'
    'a:2:{s:8:"schedule";b:0;s:4:"args";a:0:{}}}}s:7:"version";i:2;}'
)


class Site:
    """Answers a run with a status, if it is asked as the platform asks; notes who came."""

    def __init__(self, status: int = 200) -> None:
        self.status = status
        self.asked: list[tuple[str, Mapping[str, str]]] = []

    def __call__(self, path: str, headers: Mapping[str, str]) -> Answer:
        self.asked.append((path, headers))
        is_ours = headers.get("x-aipress-key") == f"AIPRESS_KEY-of-{ID}" and headers["host"] == HOST
        return (self.status, {}) if is_ours else (404, {})


async def test_what_is_due_is_read_in_every_database_that_has_anything(on: Rig) -> None:
    await made(on, ENVIRONMENT, NEIGHBOUR)
    on.say("UPDATE OWN.wp_options SET option_value = %s WHERE option_name = 'cron'", PLANNED)
    cron = CloudRunCron(on.databases, FakeVault(), Door())
    due = await cron.due([ID, NEIGHBOUR.id, "f" * 12], NOON + timedelta(seconds=90))
    assert {id: [one.hook for one in found] for id, found in due.items()} == {ID: ["chore"]}
    assert cron.lag() == {ID: 90.0, NEIGHBOUR.id: 0.0}
    assert await cron.due([ID], NOON - timedelta(seconds=1)) == {}


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, "done"), (423, "busy"), (500, "failed"), (404, "failed")]
)
async def test_a_run_is_asked_for_with_the_platforms_key(status: int, outcome: str, on: Rig) -> None:
    site = Site(status)
    with door(site) as at:
        run = await CloudRunCron(on.databases, FakeVault(), Door(at)).run(ID, HOST, REQUEST)
    assert run.outcome == outcome
    assert run.duration_ms > 0
    assert (str(status) in run.why) is (outcome == "failed")
    ((path, headers),) = site.asked
    assert (path, headers["x-request-id"]) == ("/.aipress/cron", REQUEST)


async def test_who_takes_too_long_has_failed_and_nobody_there_is_asked_again(
    on: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(under_test, "LONGEST_RUN", 0.2)
    monkeypatch.setattr(under_test, "STARTING", 0.0)
    with rig.silent() as port:
        run = await CloudRunCron(on.databases, FakeVault(), Door(f"http://127.0.0.1:{port}")).run(
            ID, HOST, REQUEST
        )
    assert run.outcome == "failed"
    assert "within its time" in run.why
    with pytest.raises(CloudBusy):
        await CloudRunCron(on.databases, FakeVault(), Door(f"http://127.0.0.1:{rig.free_port()}")).run(
            ID, HOST, REQUEST
        )


def looked_at(on: Rig, at: str, tmp_path: Path) -> GoogleInspection:
    return GoogleInspection(on.databases, on.databases.where, Door(at), Settings(data_dir=tmp_path))


async def test_surroundings_are_those_of_its_instance_and_its_tier(on: Rig, tmp_path: Path) -> None:
    await made(on, ENVIRONMENT)
    looked = looked_at(on, "", tmp_path)
    machine = await looked.machine(ENVIRONMENT)
    assert machine.disk_size == 10 * GIB
    assert 9 * GIB < machine.disk_free < 10 * GIB
    assert machine.processors == 1
    state = await looked.connections(ENVIRONMENT)
    assert (state.open, state.most, state.all_most) == (0, 48, 151)
    (table,) = await looked.tables(ENVIRONMENT, ["wp_options", "wp_none"])
    assert "option_name" in table.indexed


async def test_its_front_page_is_fetched_as_a_visitor_would(on: Rig, tmp_path: Path) -> None:
    await made(on, ENVIRONMENT)
    page: Answer = (200, {"Set-Cookie": "cart=secret; path=/", "Cache-Control": "max-age=60"})
    with door(lambda path, headers: page if headers["host"].startswith(f"{HOST}:") else (404, {})) as at:
        looked = looked_at(on, at, tmp_path)
        seen = await looked.front_page(ENVIRONMENT)
        assert [one.host for one in await looked.names(ENVIRONMENT)] == [HOST]
    assert seen is not None
    assert (seen.status, seen.cookies, seen.cache_control) == (200, ("cart",), "max-age=60")
    assert await looked.front_page(ENVIRONMENT) is None
    with pytest.raises(CloudRefused, match="nowhere"):
        await looked.machine(NEIGHBOUR)
