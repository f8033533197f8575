"""What is looked at once a minute, on a real server for a Cloud SQL instance: who is connected, how long statements took, what is kept."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pymysql
import pytest

from aipress.clouds.gcp.buckets import StorageBuckets
from aipress.clouds.gcp.gauges import Gauges
from aipress.clouds.gcp.instances import Server
from aipress.clouds.gcp.names import bucket_name
from aipress.errors import CloudBusy
from tests.clouds.gcp.bases import NEIGHBOUR, Rig, made
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE

NOW = datetime(2026, 9, 21, 14, 30, tzinfo=UTC)


class Others:
    """A cache and planned chores that say what a test wants."""

    async def sizes(self) -> Mapping[str, int]:
        return {ID: 4096}

    def lag(self) -> Mapping[str, float]:
        return {ID: 0.0}


class Silent(Others):
    async def sizes(self) -> Mapping[str, int]:
        raise CloudBusy("silent")


def gauges(on: Rig, others: Any) -> Gauges:
    servers = on.databases.servers
    return Gauges(servers.google, servers, others, others)


async def test_everything_is_seen_in_one_look(on: Rig) -> None:
    await made(on, ENVIRONMENT, NEIGHBOUR)
    google = on.databases.servers.google
    await StorageBuckets(google, on.databases.where).ensure(ENVIRONMENT)
    await google.upload(bucket_name(ID, PLACE.project), "uploads/a", b"x" * 100_000)
    with pymysql.connect(unix_socket=str(on.server.socket), user="root") as line:
        line.cursor().execute("SELECT 1")
        sight = await gauges(on, Others()).look(NOW, {ID})
    assert sight.at == {"databases", "statements", "cron"}
    busy = on.say(
        "SELECT SUM(sum_timer_wait) DIV 1000000000 FROM performance_schema.events_statements_summary_by_user_by_event_name"
        " WHERE user = 'OWN'"
    )
    assert 0 < sight.counters[ID, "db_time"] <= int(str(busy[0][0])) + 1, "milliseconds"
    assert sight.counters.keys() >= {(NEIGHBOUR.id, "db_time")}
    assert sight.connections == {}
    assert sight.disk.keys() == {ID}  # the neighbour has no bucket, so what it keeps is not known
    assert 100_000 < sight.disk[ID] < 10_000_000
    assert (sight.redis, sight.lag) == ({ID: 4096.0}, {ID: 0.0})


async def test_an_own_instance_is_seen_too_and_one_that_is_not_there_yet_keeps_nobody_waiting(
    on: Rig,
) -> None:
    await made(on, ENVIRONMENT)
    missing = Server(PLACE.project, f"w{NEIGHBOUR.id}-0a1b")
    sight = await gauges(on, Others()).look(NOW, {ID}, [missing])
    assert "databases" in sight.at
    alone = await gauges(on, Others())._seen_alone(on.databases.servers.all()[0], True)
    assert alone.counters.keys() >= {(ID, "db_time")}
    assert alone.disk.keys() == {ID}


async def test_sizes_are_taken_once_an_hour_and_soon_of_who_is_new(on: Rig) -> None:
    await made(on, ENVIRONMENT)
    await StorageBuckets(on.databases.servers.google, on.databases.where).ensure(ENVIRONMENT)
    looking = gauges(on, Others())
    both = {ID, NEIGHBOUR.id}
    for minutes, ids, seen in (
        (0, {ID}, {ID}), (1, {ID}, set()), (59, {ID}, set()), (60, {ID}, {ID}), (64, both, set()), (65, both, {ID}), (66, both, set()),
    ):  # fmt: skip
        assert (await looking.look(NOW + timedelta(minutes=minutes), ids)).disk.keys() == seen


async def test_what_does_not_answer_keeps_nothing_else_from_being_seen(
    on: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made(on, ENVIRONMENT)
    sight = await gauges(on, Silent()).look(NOW, {ID})
    assert (sight.redis, "databases" in sight.at) == ({}, True)
    servers = on.databases.servers
    monkeypatch.setattr(servers, "account", "nobody")
    servers._known.clear()
    sight = await gauges(on, Others()).look(NOW, {ID})
    assert (sight.redis, sight.at) == ({ID: 4096.0}, {"cron"})
