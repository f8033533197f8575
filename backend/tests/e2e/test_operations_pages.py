"""Alerts, costs, budgets and advice in a real browser: `frontend/e2e/operations.mjs`; pictures stay in `artifacts/operations/`.

One site's plugin breaks for visitors who really come, until the platform itself raises an alert. The other one's use of the days
before stands in the export, as the meter would have written it: advice takes a week.
"""

import gzip
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest

from aipress.clouds.local import export, prices
from aipress.clouds.local.meter import DayOfUse, Used
from aipress.kit import clock
from tests.e2e.planting import Site, make_site, visitors
from tests.e2e.platform import Platform, wait_for
from tests.e2e.real_faults import FATAL
from tests.e2e.story import play

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]
SOON = {
    "AIPRESS_ALERT_MINUTES": "1",
    "AIPRESS_ALERT_SETTLE_SECONDS": "5",
    "AIPRESS_RECONCILE_SECONDS": "2",
}
ERRORS = 10  # twice as many as an alert takes
PAST = range(2, 10)  # days ago
DAY, GIB = 86_400_000, 2**30


def test_a_site_that_breaks_and_one_that_grew_are_told_of_on_the_pages(platform: Platform) -> None:
    since = clock.now().isoformat()
    broken = make_site(platform, "Candle Shop", tier="performance")
    grown = make_site(platform, "Photo Archive")
    try:
        break_for_visitors(broken)
        write_past_use(grown)
        with told_soon(platform):
            advice = counted_advice(platform, grown.slug)
            sites = {"BROKEN": broken.slug, "GROWN": grown.slug, "ADVICE": advice}
            operator = (platform.data / "control/operator.token").read_text().strip()
            play(platform, "operations", fewest=45, AIPRESS_OPERATOR=operator, SINCE=since, **sites)
    finally:
        for site in (broken, grown):
            platform.remove(site.slug)


@contextmanager
def told_soon(platform: Platform) -> Iterator[None]:
    """While one bad minute is enough for an alert, and nobody waits long for it."""
    platform.settings |= SOON
    try:
        platform.up()
        yield
    finally:
        platform.settings = {name: value for name, value in platform.settings.items() if name not in SOON}
        platform.up()


def break_for_visitors(site: Site) -> None:
    """Every other page of it ends with an error of the server, as soon as somebody comes."""
    site.plugin("price-table", FATAL)
    answers: list[int] = []
    while answers.count(500) < ERRORS:
        answers += visitors(site, 1, at_once=3, pause=0.1)


def write_past_use(site: Site) -> None:
    """Rows of eight days on which it had fifteen gibibytes of files and two in its database, beside what the platform counted."""
    count(site.platform)
    sheet, folder = prices.read(), site.platform.data / "control/billing/export"
    wait_for(folder.exists, 30, "the platform to write its own rows")
    with site.platform.operator() as client:
        tenant = client.get(f"/api/tenants/{site.slug}").json()["id"]
    used = Used(site.environment, tenant, "basic", DAY, disk=15 * GIB * DAY, database=2 * GIB * DAY)
    for ago in PAST:
        day = clock.now().date() - timedelta(ago)
        rows = export.rows_of(DayOfUse(day, end_of(day), DAY, used=(used,)), sheet, clock.now())
        lines = "".join(json.dumps(row) + "\n" for row in rows)
        (folder / f"{day}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


def end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(1), time(), UTC)


def counted_advice(platform: Platform, slug: str) -> str:
    """What the terminal advises, as JSON, once the days before are counted; in words it says the same."""

    def told() -> dict[str, Any]:
        count(platform)
        found: dict[str, Any] = json.loads(
            platform.aipress("sites", "costs", slug, "--advice", "--json").stdout
        )
        return found if found["items"] else {}

    found = wait_for(told, 60, "advice", pause=1)
    assert found["days"] == len(PAST)
    words = " ".join(platform.aipress("sites", "costs", slug, "--advice").stdout.split())
    assert [item["text"] in words for item in found["items"]] == [True, True]
    return json.dumps(found)


def count(platform: Platform) -> None:
    """Let it count costs up to now."""
    with platform.operator(timeout=60) as client:
        assert client.post("/api/billing/counts").status_code == 202
