"""The log of a site in a real browser, with 20,000 lines in it and visitors who come: `frontend/e2e/logs.mjs`; pictures stay in
`artifacts/logs/`.
"""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from aipress.kit import clock
from aipress.kit.journal import Journal
from tests.e2e.platform import Platform, wait_for
from tests.e2e.story import play

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]
MANY = 20_000
FEW_ERRORS = 50  # one line of so many is an error


def test_a_log_of_twenty_thousand_lines_is_read_followed_and_narrowed(platform: Platform) -> None:
    platform.up()
    site = platform.create("Pigeon Post")["tenant"]
    with platform.operator(timeout=60) as client:
        (live,) = client.get(f"/api/tenants/{site['id']}").json()["environments"]
    write_lines(platform, live["id"])
    wait_for(lambda: written(platform, site["slug"]) >= MANY, 60, "the lines to be shipped")
    play(platform, "logs", fewest=21, SITE=site["slug"])
    platform.remove(site["slug"])


def write_lines(platform: Platform, environment: str) -> None:
    """What a service of the platform would have said of the site in the last hours."""
    journal, now = Journal(platform.data / "logs/control/pigeons.log"), clock.now()
    for number in range(MANY):
        time = now - timedelta(seconds=MANY - number)
        level = "error" if number % FEW_ERRORS == 0 else "info"
        line = {
            "source": "platform",
            "level": level,
            "message": f"pigeon {number} flew",
            "environment": environment,
        }
        journal.write({"time": time.isoformat(), "action": "FLY", **line})


def written(platform: Platform, slug: str) -> int:
    """How many lines the site's log has, of the last day."""
    asked = urlencode({"since": (clock.now() - timedelta(days=1)).isoformat()})
    with platform.operator(timeout=60) as client:
        items = client.get(f"/api/tenants/{slug}/logs/counts?{asked}").json()["items"]
    return sum(one["count"] for one in items)
