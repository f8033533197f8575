"""Lines as Cloud Logging has them: what containers print and what we note, never anybody else's, none twice, none left out."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aipress.clouds.gcp import lines
from aipress.clouds.gcp.entries import id_of, line_of
from aipress.clouds.gcp.lines import TooManyLines
from aipress.clouds.gcp.logs import OUR_LOG, RUNS_LOG
from aipress.clouds.logs import LogQuery
from aipress.clouds.notes import Note
from aipress.config import Settings
from gcpsim.faults import parse_fault
from tests.clouds.gcp.containers import Container
from tests.clouds.gcp.simulated import Simulated, simulated
from tests.clouds.gcp.test_asking import typed

HERE, ELSEWHERE = "0a1b2c3d4e5f", "ffffffffffff"
HOUR = timedelta(hours=1)
NGINX = {
    "time": "2026-11-28T11:59:00+00:00", "msec": 1795866540.123, "source": "access", "level": "info",
    "message": "GET /menu/ 200", "host": "shop.example", "method": "GET", "path": "/menu/", "status": 200, "bytes": 5120,
    "duration": 0.25, "upstream_time": "0.100, 0.050", "cache": "", "address": "192.0.2.7", "agent": "Mozilla", "referer": "",
    "request_id": "ab" * 16,
}  # fmt: skip
FATAL = "PHP Fatal error:  Uncaught Error: x in /srv/content/plugins/shop/shop.php:12"


@pytest.fixture
async def cloud(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Simulated]:
    monkeypatch.setattr(lines, "LOOK_AGAIN", 0.02)
    with simulated(Settings(data_dir=tmp_path)) as on:
        yield on
        await on.google.aclose()


@pytest.fixture
def container(cloud: Simulated) -> Container:
    return Container(cloud)


def now() -> LogQuery:
    """Everything of the tenant, until in an hour."""
    moment = datetime.now(UTC)
    return LogQuery("ten_a", moment - HOUR, moment + HOUR)


async def messages(cloud: Simulated, **wanted: object) -> list[str]:
    found = await cloud.cloud.logs.find(replace(now(), **wanted))  # type: ignore[arg-type]
    return [line.message for line in found]


async def test_what_nginx_prints_has_milliseconds_and_nothing_that_is_not_known(
    cloud: Simulated, container: Container
) -> None:
    container.prints(container.placed(HERE, "ten_a"), NGINX, severity="INFO")
    (line,) = await cloud.cloud.logs.find(now())
    assert (line.source, line.level, line.request_id) == ("access", "info", "ab" * 16)
    assert line.fields == {
        "host": "shop.example", "method": "GET", "path": "/menu/", "status": 200, "bytes": 5120, "duration_ms": 250.0,
        "upstream_ms": 150.0, "address": "192.0.2.7", "agent": "Mozilla",
    }  # fmt: skip


async def test_words_of_php_are_understood_as_on_a_machine_of_ours(
    cloud: Simulated, container: Container
) -> None:
    told = {"source": "container", "message": FATAL}
    container.prints(container.placed(HERE, "ten_a"), told, severity="ERROR")
    (line,) = await cloud.cloud.logs.find(replace(now(), sources=frozenset({"php"})))
    assert (line.message, line.level) == ("Uncaught Error: x", "error")
    assert line.fields["component"] == "plugin:shop"
    assert (line.fields["kind"], line.fields["line"]) == ("fatal", 12)


async def test_what_the_platform_notes_is_found_among_the_sites_lines(
    cloud: Simulated, container: Container
) -> None:
    container.placed(HERE, "ten_a")
    note = Note(HERE, "cron", "warning", "a chore\nfailed", "cd" * 16, {"hook": "x", "lag_ms": 1200})
    await cloud.cloud.notes.add(note)
    await cloud.cloud.notes.add(replace(note, environment=ELSEWHERE))
    (line,) = await cloud.cloud.logs.find(now())
    assert (line.environment, line.source, line.level) == (HERE, "cron", "warning")
    assert (line.message, line.request_id) == ("a chore failed", "cd" * 16)
    assert line.fields == {"hook": "x", "lag_ms": 1200}


async def test_a_note_whose_answer_was_lost_is_there_once(cloud: Simulated, container: Container) -> None:
    container.placed(HERE, "ten_a")
    cloud.simulator.world.faults.planned.append(parse_fault("lost:logging.entries.write:1"))
    await cloud.cloud.notes.add(Note(HERE, "mail", "info", "sent"))
    assert await messages(cloud) == ["sent"]


async def test_nobody_speaks_for_the_platform_or_for_another_tenant(
    cloud: Simulated, container: Container
) -> None:
    mine, theirs = container.placed(HERE, "ten_a"), container.placed(ELSEWHERE, "ten_b")
    labels = {"aipress-tenant-id": "ten_a", "aipress-environment-id": HERE}
    container.prints(theirs, {"source": "php", "message": "forged labels"}, labels=labels)
    container.prints(mine, {"source": "platform", "message": "as if we had said it"})
    container.prints(mine, {"source": "php", "message": "of whom had this address before"},
                     labels={**labels, "aipress-tenant-id": "ten_before"})  # fmt: skip
    container.prints(mine, {"source": "php", "message": "in a log of nobody's"}, log=f"{OUR_LOG}-not")
    container.prints(mine, {"message": "says no source"})
    container.prints(mine, {"source": "php", "message": "honest"})
    assert await messages(cloud) == ["honest"]
    assert await messages(cloud, tenant="ten_b") == []


@settings(
    max_examples=40,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(text=typed, where=st.sampled_from(["text", "request_id", "tenant", "environment", "before"]))
async def test_whatever_is_typed_nothing_of_another_tenant_is_found(
    tmp_path_factory: pytest.TempPathFactory, text: str, where: str
) -> None:
    with simulated(Settings(data_dir=tmp_path_factory.mktemp("d"))) as on:
        container = Container(on)
        container.placed(HERE, "ten_a")
        theirs = {"source": "php", "message": f"{text} theirs", "request_id": text}
        container.prints(container.placed(ELSEWHERE, "ten_b"), theirs, severity="ERROR")
        query = replace(now(), **{where: text})
        assert await on.cloud.logs.find(query) == []
        assert await on.cloud.logs.tally(query, ["message"]) == []
        there = await on.cloud.logs.find(replace(now(), tenant="ten_b"))
        assert len(there) == 1
        await on.google.aclose()


async def test_lines_of_one_moment_are_paged_through_whole(cloud: Simulated, container: Container) -> None:
    placed, moment = container.placed(HERE, "ten_a"), datetime.now(UTC).isoformat()
    for number in range(25):
        container.prints(
            placed,
            {"source": "php", "message": str(number)},
            timestamp=moment,
            insertId=f"{number * 7 % 25:03}",
        )
    seen: list[str] = []
    query = replace(now(), limit=10)
    while page := await cloud.cloud.logs.find(replace(query, before=seen[-1] if seen else "")):
        seen += [line.id for line in page]
    assert len(seen) == len(set(seen)) == 25
    assert seen == sorted(seen, reverse=True)


async def test_what_is_too_much_to_count_is_not_counted_half(
    cloud: Simulated, container: Container, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "MOST_COUNTED", 3)
    placed = container.placed(HERE, "ten_a")
    for number in range(3):
        container.prints(placed, {"source": "php", "message": str(number)})
    assert [one.count for one in await cloud.cloud.logs.tally(now(), [])] == [3]
    container.prints(placed, {"source": "php", "message": "one more"})
    with pytest.raises(TooManyLines, match="shorter"):
        await cloud.cloud.logs.tally(now(), [])


async def test_who_goes_on_hears_what_came_meanwhile_and_late_and_each_once(
    cloud: Simulated, container: Container
) -> None:
    placed, begin = container.placed(HERE, "ten_a"), datetime.now(UTC) - timedelta(minutes=30)

    def say(number: int, seconds: int) -> None:
        at = (begin + timedelta(seconds=seconds)).isoformat()
        container.prints(
            placed, {"source": "php", "message": str(number)}, timestamp=at, insertId=f"{number}"
        )

    for number in range(5):
        say(number, number)
    known = [line.id for line in await cloud.cloud.logs.find(now())]
    async with aclosing(cloud.cloud.logs.follow(now(), after=known[1])) as coming, asyncio.timeout(20):  # type: ignore[type-var]
        assert (await anext(coming)).message == "4"
        waiting = asyncio.ensure_future(anext(coming))
        await asyncio.sleep(0.1)
        cloud.simulator.world.faults.planned.append(parse_fault("lost:logging.entries.list:1"))
        say(5, 7)
        assert (await waiting).message == "5"
        say(6, -600)  # happened long before, and is told when it comes
        assert (await anext(coming)).message == "6"
        say(7, 6)
        assert (await anext(coming)).message == "7"


async def test_of_what_is_nowhere_no_line_is_found(cloud: Simulated, container: Container) -> None:
    container.prints(container.placed(HERE, "ten_a"), {"source": "php", "message": "x"})
    assert await cloud.cloud.logs.existing() == {HERE}
    await cloud.cloud.logs.remove(HERE)
    assert await messages(cloud) == []
    await cloud.placements.forget(HERE)
    assert await cloud.cloud.logs.existing() == set()
    assert (await cloud.cloud.logs.usage("ten_a")).stored_bytes == 0


def test_an_entry_that_is_none_of_ours_is_no_line() -> None:
    entry = {
        "logName": f"projects/p{RUNS_LOG}%2Fstdout",
        "resource": {"labels": {"service_name": "shop"}},
        "labels": {"aipress-environment-id": HERE, "aipress-tenant-id": "ten_a"},
        "timestamp": "2026-11-28T12:00:00.123456789Z",
        "insertId": "\N{SNOWMAN}/../x",
        "jsonPayload": {
            "source": "php",
            "message": "x" * 20_000,
            "nothing": None,
            "Bad-Name": 1,
            "depth": {"a": 1},
        },
    }
    line = line_of(entry, {HERE: "shop"})
    assert line is not None
    assert (line.time.microsecond, len(line.message), line.fields) == (123456, 8192, {"kind": "other"})
    assert (line.id.isalnum(), len(line.id)) == (True, 46)
    for spoilt in (
        {"timestamp": "yesterday"},
        {"jsonPayload": {"message": "x"}},
        {"jsonPayload": "text"},
        {"labels": {"aipress-environment-id": ELSEWHERE}},
        {"resource": {"labels": {"service_name": "other"}}},
        {"logName": "projects/p/logs/syslog"},
    ):
        assert line_of(entry | spoilt, {HERE: "shop"}) is None


def test_ids_sort_by_time_whatever_google_calls_an_entry() -> None:
    early, late = datetime(2026, 11, 28, tzinfo=UTC), datetime(2026, 11, 28, 0, 0, 0, 1, tzinfo=UTC)
    assert id_of(early, "zzz") < id_of(late, "000")
    assert id_of(early, "1") < id_of(early, "2")
