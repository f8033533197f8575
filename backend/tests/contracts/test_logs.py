"""What the facet of logs promises: a tenant's lines, by what was asked, newest first or as they come, and nobody else's."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aipress.clouds.gcp import lines
from aipress.clouds.local.logs import tidying
from aipress.clouds.local.logs.facet import TenantsLogs
from aipress.clouds.local.logs.logbook import Logbook
from aipress.clouds.local.logs.place import Lines, microseconds
from aipress.clouds.local.logs.writing import Entry, Writer
from aipress.clouds.logs import LogLine, LogQuery, Logs
from aipress.config import Settings
from tests.clouds.gcp.containers import Container
from tests.clouds.gcp.simulated import simulated
from tests.fakes.logs import FakeLogs

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
HERE, COPY, ELSEWHERE = "0a1b2c3d4e5f", "0a1b2c3d4e60", "ffffffffffff"
QUERY = LogQuery("ten_a", NOON - timedelta(hours=1), NOON + timedelta(hours=1))


def line(n: int, message: str = "", **fields: object) -> LogLine:
    """The n-th line: a second after the one before."""
    time = NOON + timedelta(seconds=n)
    status = 500 if n % 5 == 0 else 200
    made = LogLine(
        f"{microseconds(time):014x}{1:06x}{n:010x}",
        time,
        "ten_a",
        HERE,
        "access",
        "error" if status == 500 else "info",
        message or f"GET /page/{n} {status}",
        f"req{n}",
        {
            "status": status,
            "duration_ms": n * 1.5,
            "path": f"/page/{n % 3}",
            "cache": "HIT" if n % 2 else None,
        },
    )
    return replace(made, **fields)  # type: ignore[arg-type]


@dataclass
class Shop:
    """A facet, and how lines get into it."""

    logs: Logs
    put: Callable[..., None]


@pytest.fixture(params=["fake", "written", "packed", "gcp"])
async def shop(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Shop]:
    """The fake; the local cloud's with every line still as text; the same with every line packed at once; Cloud Logging."""
    if request.param == "fake":
        fake = FakeLogs()
        yield Shop(fake, fake.put)
        return
    if request.param == "gcp":
        monkeypatch.setattr(lines, "LOOK_AGAIN", 0.05)
        with simulated(Settings(data_dir=tmp_path, log_quota_mb=1)) as on:
            yield Shop(on.cloud.logs, Container(on).says)
            await on.google.aclose()
        return
    (tmp_path / "lines").mkdir()
    logbook = Logbook(tmp_path / "logbook.sqlite3")
    writer = Writer(Lines(tmp_path / "lines"), logbook, 1_000_000)

    def put(*lines: LogLine) -> None:
        entries = [_entry(one) for one in lines]
        writer.write(entries, (), {})
        if request.param == "packed":
            writer.full_texts += writer.texts.values()
            writer.texts.clear()
            tidying.pack_full(writer)
            assert not writer.full_texts

    yield Shop(TenantsLogs(tmp_path / "lines", 1_000_000), put)
    logbook.close()


def _entry(one: LogLine) -> Entry:
    whose = (one.id, one.tenant, one.environment)
    return Entry(*whose, one.source, one.level, one.message, one.request_id, one.fields)


async def ids(logs: Logs, **wanted: object) -> list[str]:
    return [one.id for one in await logs.find(replace(QUERY, **wanted))]  # type: ignore[arg-type]


async def test_a_line_comes_back_as_it_went_in(shop: Shop) -> None:
    written = line(
        1, 'GET /ä/"\\ 日本 200', fields={"status": 200, "duration_ms": 1.5, "agent": "Ünïcode", "hit": True}
    )
    shop.put(written)
    assert await shop.logs.find(QUERY) == [written]


async def test_the_newest_come_first_and_the_rest_page_by_page(shop: Shop) -> None:
    lines = [line(n) for n in range(10)]
    shop.put(*lines[5:])
    shop.put(*lines[:5])
    backwards = [one.id for one in reversed(lines)]
    assert await ids(shop.logs) == backwards
    first = await ids(shop.logs, limit=4)
    assert first == backwards[:4]
    assert await ids(shop.logs, limit=4, before=first[-1]) == backwards[4:8]
    assert await ids(shop.logs, limit=0) == []


async def test_each_filter_leaves_what_it_says(shop: Shop) -> None:
    lines = [line(n) for n in range(10)]
    lines += [line(20, "Uncaught Error in the Roof", source="php", level="critical", environment=COPY)]
    shop.put(*lines)
    assert await ids(shop.logs, level="error") == [lines[n].id for n in (10, 5, 0)]
    assert await ids(shop.logs, level="critical") == [lines[10].id]
    assert await ids(shop.logs, sources=frozenset({"php", "mail"})) == [lines[10].id]
    assert await ids(shop.logs, environment=COPY) == [lines[10].id]
    assert len(await ids(shop.logs, environment=HERE)) == 10
    assert await ids(shop.logs, environment=ELSEWHERE) == []
    assert await ids(shop.logs, request_id="req7") == [lines[7].id]
    assert await ids(shop.logs, text="uncaught error IN") == [lines[10].id]
    assert await ids(shop.logs, text="/page/3 ") == [lines[3].id]
    since, until = NOON + timedelta(seconds=2), NOON + timedelta(seconds=5)
    assert await ids(shop.logs, since=since, until=until) == [lines[n].id for n in (4, 3, 2)]


async def test_text_is_no_pattern(shop: Shop) -> None:
    shop.put(line(1, "100% sure"), line(2, "100 people"), line(3, "a.c"), line(4, "abc"))
    assert await ids(shop.logs, text="100%") == [line(1).id]
    assert await ids(shop.logs, text="a.c") == [line(3).id]
    assert await ids(shop.logs, text="%") == [line(1).id]
    assert await ids(shop.logs, text="_") == []


async def test_nobody_sees_another_tenants(shop: Shop) -> None:
    shop.put(line(1), line(2, tenant="ten_b", environment=ELSEWHERE))
    assert await ids(shop.logs) == [line(1).id]
    assert await ids(shop.logs, tenant="ten_b") == [line(2).id]
    assert await ids(shop.logs, environment=ELSEWHERE) == []
    for nobody in ("", "ten_c", "ten_", "../ten_b", "ten_a/../ten_b", "ten_b/", "*", "ten_a' OR '1'='1"):
        assert await ids(shop.logs, tenant=nobody) == []
        assert await shop.logs.tally(replace(QUERY, tenant=nobody), ["source"]) == []


async def test_lines_are_counted_by_what_they_agree_in(shop: Shop) -> None:
    shop.put(*(line(n) for n in range(10)))
    by_status = await shop.logs.tally(QUERY, ["status", "level"], "duration_ms")
    assert [(one.keys, one.count) for one in by_status] == [((200, "info"), 8), ((500, "error"), 2)]
    assert (by_status[1].total, by_status[1].highest, by_status[1].p95) == (7.5, 7.5, 7.5)
    assert [one.count for one in await shop.logs.tally(QUERY, ["path"])] == [4, 3, 3]
    assert [one.count for one in await shop.logs.tally(QUERY, ["path"], most=1)] == [4]
    assert {one.keys for one in await shop.logs.tally(QUERY, ["cache"])} == {("HIT",), (None,)}
    whole = await shop.logs.tally(QUERY, [], "duration_ms")
    assert [(one.keys, one.count, one.highest) for one in whole] == [((), 10, 13.5)]
    assert [one.keys for one in await shop.logs.tally(QUERY, ["nothing"], "no_number")] == [(None,)]
    errors = await shop.logs.tally(replace(QUERY, level="error"), ["source", "message"])
    assert {one.keys for one in errors} == {("access", "GET /page/0 500"), ("access", "GET /page/5 500")}


async def test_time_is_counted_in_steps(shop: Shop) -> None:
    shop.put(line(0), line(59), line(60), line(200))
    minute, noon = await shop.logs.tally(QUERY, ["time:60"]), int(NOON.timestamp())
    assert sorted((one.keys, one.count) for one in minute) == [
        ((noon,), 2),
        ((noon + 60,), 1),
        ((noon + 180,), 1),
    ]


async def test_what_comes_is_told_as_it_comes(shop: Shop) -> None:
    shop.put(line(1), line(2))
    wanted = replace(QUERY, level="info", until=NOON, limit=1)
    coming = aiter(shop.logs.follow(wanted, after=line(1).id))
    async with asyncio.timeout(20):
        assert (await anext(coming)).id == line(2).id
        waiting = asyncio.ensure_future(anext(coming))
        await asyncio.sleep(0.05)
        shop.put(line(4), line(5, tenant="ten_b"), line(6, level="debug"))
        assert (await waiting).id == line(4).id
        shop.put(line(3), line(8))
        assert [(await anext(coming)).id for _ in range(2)] == [line(3).id, line(8).id]
    await _closed(coming)


async def test_what_is_used_grows_and_what_is_removed_is_gone(shop: Shop) -> None:
    shop.put(line(1), line(2, environment=COPY))
    full = await shop.logs.usage("ten_a")
    assert (full.stored_bytes > 0, full.quota_bytes, full.refused_lines) == (True, 1_000_000, 0)
    assert (await shop.logs.usage("ten_b")).stored_bytes == 0
    assert await shop.logs.existing() == {HERE, COPY}
    for _ in range(2):
        await shop.logs.remove(HERE)
        assert await shop.logs.existing() == {COPY}
    assert await ids(shop.logs) == [line(2).id]
    assert (await shop.logs.usage("ten_a")).stored_bytes < full.stored_bytes
    await shop.logs.remove("never_was/../..")
    shop.put(line(3))
    assert await ids(shop.logs) == [line(3).id, line(2).id]


async def _closed(coming: AsyncIterator[LogLine]) -> None:
    await coming.aclose()  # type: ignore[attr-defined]
