"""A tenant's logs stop at their quota, with a word on it; the others notice nothing, and old lines leave by themselves."""

import asyncio
import json
import os
import shutil
from datetime import UTC, datetime, timedelta

import pytest

from aipress.clouds.local.logs import tidying, writing
from aipress.clouds.local.logs.facet import TenantsLogs
from aipress.clouds.local.shipper import shipping
from aipress.clouds.logs import LogUsage
from tests.clouds.local.shipper.ground import Ground, age, append, environment_of, tenant_of, visit


def usage(ground: Ground, n: int) -> LogUsage:
    return asyncio.run(TenantsLogs(ground.data / "lines", ground.quota_bytes).usage(tenant_of(n)))


def words(ground: Ground, n: int = 1) -> list[str]:
    return [row["fields"]["action"] for row in ground.kept(n) if row["source"] == "platform"]


def said(n: int) -> bytes:
    return json.dumps({"source": "php", "level": "info", "message": f"{n} " + "x" * 500}).encode() + b"\n"


def test_who_grows_without_end_stops_at_the_quota_and_the_others_do_not(ground: Ground) -> None:
    ground.quota_bytes = 100_000
    with ground.shipper() as shipper:
        for n in range(40):
            append(ground.php(1), b"".join(map(said, range(25 * n, 25 * n + 25))))
            append(ground.access, visit(1) + visit(2, f"/{n}"))
            age(ground.php(1))
            shipper.round()
    full, other = usage(ground, 1), usage(ground, 2)
    assert 90_000 < full.stored_bytes < 101_000
    assert words(ground) == ["logs.full"]
    kept = [row for row in ground.kept(1) if row["source"] != "platform"]
    assert full.refused_lines == 40 * 26 - len(kept)
    assert [row["fields"]["path"] for row in ground.kept(2)] == [f"/{n}" for n in range(40)]
    assert (other.refused_lines, words(ground, 2)) == (0, [])


def test_the_count_of_what_was_refused_survives_and_ends_when_there_is_room(ground: Ground) -> None:
    ground.quota_bytes = 10_000
    append(ground.access, visit(1) * 50)
    ground.ship()
    refused = usage(ground, 1).refused_lines
    assert refused > 20
    append(ground.access, visit(1) * 10)
    ground.ship()
    assert usage(ground, 1).refused_lines == refused + 10
    ground.quota_bytes = 100_000
    append(ground.access, visit(1, "/again"))
    ground.ship()
    assert usage(ground, 1).refused_lines == 0
    assert ground.kept(1)[-1]["fields"]["path"] == "/again"
    assert words(ground) == ["logs.full"]


def test_packing_makes_room(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "FULL_TEXT", 50_000)
    append(ground.access, visit(1) * 1000)
    ground.ship()
    assert len(ground.kept(1)) == 1000
    assert usage(ground, 1).stored_bytes < 100_000


def test_a_flood_is_passed_over_and_said(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shipping, "FARTHEST_BEHIND", 1_000_000)
    append(ground.php(1), b"".join(map(said, range(10_000))))
    append(ground.access, visit(2))
    ground.ship()
    kept = [row["message"].partition(" ")[0] for row in ground.kept(1) if row["source"] == "php"]
    assert kept == [str(n) for n in range(10_000 - len(kept), 10_000)]
    assert 0 < len(kept) < 2000
    assert words(ground) == ["logs.passed_over"]
    assert len(ground.kept(2)) == 1


def test_old_lines_leave_and_newer_ones_stay(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "FULL_TEXT", 1)
    ground.keep = timedelta(hours=12)
    yesterday = (datetime.now(UTC) - timedelta(days=1)).timestamp()
    append(ground.access, visit(1, "/old", msec=yesterday))
    with ground.shipper() as shipper:
        shipper.round()
        append(ground.access, visit(1, "/new"))
        shipper.round()
    ground.ship()
    assert [row["fields"]["path"] for row in ground.kept(1)] == ["/new"]


def test_a_removed_environments_lines_stay_away_and_it_can_come_again(ground: Ground) -> None:
    logs = TenantsLogs(ground.data / "lines", ground.quota_bytes)
    with ground.shipper() as shipper:
        append(ground.access, visit(1, "/0") + visit(2))
        shipper.round()
        os.unlink(ground.data / "edge/sites/site-1.localhost")
        asyncio.run(logs.remove(environment_of(1)))
        tidying.forget_empty(shipper.writer)
        assert [one.name for one in shipper.writer.lines.tenants()] == [tenant_of(2)]
        append(ground.access, visit(1, "/late") + visit(2))
        shipper.round()
        assert asyncio.run(logs.existing()) == {environment_of(2)}
        (ground.data / "edge/sites/site-1.localhost").symlink_to(f"../../environments/{environment_of(1)}")
        append(ground.access, visit(1, "/again"))
        shipper.round()
    ground.ship()
    assert [row["fields"]["path"] for row in ground.kept(1)] == ["/again"]
    assert len(ground.kept(2)) == 2


def test_an_environment_that_is_removed_while_its_last_lines_are_shipped_leaves_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    logs = TenantsLogs(ground.data / "lines", ground.quota_bytes)

    def remove(_entries: object) -> None:
        shutil.rmtree(ground.data / "environments" / environment_of(1))
        asyncio.run(logs.remove(environment_of(1)))

    with ground.shipper() as shipper:
        append(ground.access, visit(1, "/0"))
        shipper.round()
        append(ground.access, visit(1, "/last") + visit(2))
        monkeypatch.setattr(shipper.metrics, "ship", remove)
        shipper.round()
    assert asyncio.run(logs.existing()) == {environment_of(2)}
    assert len(ground.kept(2)) == 1
