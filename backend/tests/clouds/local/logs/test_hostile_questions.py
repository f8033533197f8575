"""Whatever is asked, in whatever words, only that tenant's lines answer; shown first on stores that are weak on purpose."""

# ruff: noqa: S608 - the spliced SQL is the attack

import asyncio
import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aipress.clouds.local.logs import asking, tidying
from aipress.clouds.local.logs.facet import TenantsLogs
from aipress.clouds.local.logs.logbook import Logbook
from aipress.clouds.local.logs.place import Lines, microseconds
from aipress.clouds.local.logs.writing import Entry, Writer
from aipress.clouds.logs import LEVELS, LogLine, LogQuery, Tally
from aipress.errors import CloudError

FULL = bool(os.environ.get("AIPRESS_PROVE"))
EXAMPLES = 3000 if FULL else 30
NOW = datetime(2026, 3, 4, 12, tzinfo=UTC)
MINE, OTHERS = "ten_mine", "ten_others"
MY_ENVIRONMENT, THEIR_ENVIRONMENT = "aaaaaaaaaaaa", "bbbbbbbbbbbb"
NEEDLE = "needle-in-the-others-logs"
QUERY = LogQuery(MINE, NOW - timedelta(days=1), NOW + timedelta(days=1), limit=1000)
LINES = 12


def entry(n: int, tenant: str, environment: str, message: str) -> Entry:
    id = f"{microseconds(NOW) + n:014x}{1:06x}{n:010x}"
    fields = {"status": 200 + n, "path": message, "duration_ms": n * 1.5}
    return Entry(id, tenant, environment, "access", "info", message, f"{n:032x}", fields)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tenants' lines, half of them packed."""
    place = tmp_path_factory.mktemp("logs")
    (place / "lines").mkdir()
    logbook = Logbook(place / "logbook.sqlite3")
    writer = Writer(Lines(place / "lines"), logbook, 1_000_000)
    for first in (0, LINES // 2):
        some = range(first, first + LINES // 2)
        writer.write([entry(n, MINE, MY_ENVIRONMENT, f"GET /{n}") for n in some], (), {})
        writer.write([entry(n, OTHERS, THEIR_ENVIRONMENT, NEEDLE) for n in some], (), {})
        if not first:
            writer.full_texts += writer.texts.values()
            writer.texts.clear()
            tidying.pack_full(writer)
    logbook.close()
    return place / "lines"


def attacks(folder: Path) -> list[str]:
    """What gets through where text is spliced, paths are joined, or patterns are meant."""
    theirs = folder / OTHERS / "**" / "*.parquet"
    every = folder / "*" / "*" / "*.parquet"
    return [
        "' OR '1'='1",
        "') OR true --",
        f"nowhere') UNION ALL SELECT message FROM read_parquet('{theirs}') --",
        f"'; CREATE TABLE x AS SELECT * FROM read_parquet('{every}'); SELECT * FROM x --",
        "'; SET enable_external_access = true; --",
        "%",
        "_" * 5,
        ".*",
        "\\",
        "$text",
        "$sealed",
        f"../{OTHERS}",
        f"{MINE}/../{OTHERS}",
        f"{OTHERS}/{THEIR_ENVIRONMENT}",
        f"../{OTHERS}/{THEIR_ENVIRONMENT}",
        str(folder / OTHERS),
        THEIR_ENVIRONMENT,
        OTHERS.upper(),
        f"{OTHERS}\x00",
        f"{OTHERS} ",
        "*",
        "ten_*",
        "$.message",
        "/message' OR 1=1",
        "time:0",
        "time:-1",
        f"time:{'9' * 400}",
        "message) FROM read_parquet('x') --",
        "\ud800",
        "\x00",
    ]


def questions(folder: Path) -> st.SearchStrategy[dict[str, Any]]:
    said = st.one_of(st.sampled_from(attacks(folder)), st.text(max_size=40), st.just(""))
    moments = st.datetimes(datetime(1, 1, 2), datetime(9999, 12, 30), timezones=st.just(UTC))
    whole = st.just("")
    return st.fixed_dictionaries(
        {
            "tenant": st.one_of(st.just(MINE), st.just(MINE), said.filter(lambda text: text != OTHERS)),
            "environment": st.one_of(whole, said),
            "text": said,
            "request_id": st.one_of(whole, said),
            "before": st.one_of(whole, said),
            "since": st.one_of(st.just(QUERY.since), moments),
            "until": st.one_of(st.just(QUERY.until), moments),
            "level": st.sampled_from(LEVELS[:2]),
            "sources": st.one_of(st.just(frozenset()), st.frozensets(said, max_size=3)),
            "limit": st.integers(-5, 5000),
            "by": st.lists(
                st.one_of(st.sampled_from(["source", "path", "message", "time:60"]), said), max_size=3
            ),
            "value": st.one_of(st.just("duration_ms"), said),
            "after": st.one_of(whole, said),
        }
    )


async def answers(
    logs: TenantsLogs, asked: dict[str, Any]
) -> tuple[list[LogLine], Sequence[Tally], list[LogLine]]:
    """What it finds, counts and follows."""
    parts = dict(asked)
    by, value, after = parts.pop("by"), parts.pop("value"), parts.pop("after")
    query = replace(QUERY, **parts)
    found = await logs.find(query)
    counted = await logs.tally(query, by, value)
    followed = []
    coming = logs.follow(query, after)
    try:
        async with asyncio.timeout(0.1):
            async for line in coming:
                followed.append(line)
    except TimeoutError:
        pass
    finally:
        await coming.aclose()  # type: ignore[attr-defined]
    return found, counted, followed


def test_only_ones_own_lines_answer_whatever_is_asked(folder: Path) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        derandomize=not FULL,
        database=None,
    )
    @given(questions(folder))
    def ask(asked: dict[str, Any]) -> None:
        try:
            found, counted, followed = asyncio.run(answers(TenantsLogs(folder, 1 << 30), asked))
        except CloudError as error:
            found, counted, followed = [], [], []
            told.append(str(error))
        assert all(
            NEEDLE not in str(line) and line.environment == MY_ENVIRONMENT for line in (*found, *followed)
        )
        assert NEEDLE not in str(counted)
        assert sum(one.count for one in counted) <= LINES
        if asked["tenant"] != MINE:
            assert [*found, *counted, *followed] == []

    told: list[str] = []
    ask()
    assert NEEDLE not in str(told)


async def test_half_a_surrogate_pair_is_found_nowhere_and_breaks_nothing(folder: Path) -> None:
    logs, half = TenantsLogs(folder, 1 << 30), "\ud800"
    for asked in ({"text": half}, {"request_id": half}, {"sources": frozenset([half])}):
        assert await logs.find(replace(QUERY, **asked)) == []  # type: ignore[arg-type]
        assert await logs.tally(replace(QUERY, **asked), ["source", half]) == []  # type: ignore[arg-type]


def test_every_attack_in_every_place_finds_nothing_of_others(folder: Path) -> None:
    logs = TenantsLogs(folder, 1 << 30)

    async def ask(name: str, attack: str) -> None:
        query = replace(QUERY, **{name: attack})
        assert NEEDLE not in str(await logs.find(query))
        assert NEEDLE not in str(await logs.tally(query, ["message", attack], attack))
        assert (await logs.usage(attack)).stored_bytes == 0

    async def ask_all() -> None:
        for attack in attacks(folder):
            for name in ("tenant", "text"):
                await ask(name, attack)

    asyncio.run(ask_all())
    assert len(asyncio.run(logs.find(QUERY))) == LINES


def test_the_attacks_do_get_through_where_text_is_spliced(folder: Path) -> None:
    """So that finding nothing means something."""

    def weak(text: str) -> list[Any]:
        mine = folder / MINE / "*" / "*.parquet"
        with duckdb.connect() as connection:
            return connection.execute(
                f"SELECT message FROM read_parquet('{mine}') WHERE contains(message, '{text}')"
            ).fetchall()

    reached = []
    for attack in attacks(folder):
        try:
            reached.append(NEEDLE in str(weak(attack)))
        except (duckdb.Error, UnicodeEncodeError):
            reached.append(False)
    assert any(reached)


def test_the_attacks_do_get_through_where_paths_are_joined(folder: Path) -> None:
    class Weak(Lines):
        def of_tenant(self, tenant: str) -> Path | None:
            return self.folder / tenant

    sayable = [name for name in attacks(folder) if name.isprintable() and len(name) < 200]
    reached = [name for name in sayable if Weak(folder).segments(name)]
    assert f"{MINE}/../{OTHERS}" in reached
    assert [name for name in attacks(folder) if Lines(folder).segments(name)] == []


def test_even_sql_of_somebody_elses_could_not_leave_the_tenants_folder(folder: Path) -> None:
    theirs = next((folder / OTHERS / THEIR_ENVIRONMENT).glob("*.parquet"))
    mine = next((folder / MINE / MY_ENVIRONMENT).glob("*.parquet"))
    with asking._asking(folder / MINE) as connection:
        assert connection.execute("SELECT count(*) FROM read_parquet($p)", {"p": [str(mine)]}).fetchone() == (
            LINES // 2,
        )
        for statement in (
            f"SELECT * FROM read_parquet('{theirs}')",
            f"SELECT * FROM read_text('{theirs}')",
            f"SELECT * FROM glob('{folder}/*')",
            f"COPY (SELECT 1) TO '{folder / OTHERS / 'x.csv'}'",
            f"ATTACH '{theirs}' AS x",
            "SET enable_external_access = true",
            "SET allowed_directories = ['/']",
            "SELECT * FROM read_text('/etc/passwd')",
            "INSTALL httpfs",
        ):
            with pytest.raises(duckdb.Error):
                connection.execute(statement).fetchall()
