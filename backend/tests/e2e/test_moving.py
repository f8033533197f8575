"""Moves at full size (`./aipress prove moving`): several sites at once, and the control plane, hostd or MariaDB killed at any moment.

On a platform with this machine and the simulator of Google Cloud. One small site's way there and back is in `test_google.py`.
"""

import os
import random
import signal
import statistics
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e import moving
from tests.e2e.moving import Belongings
from tests.e2e.platform import Platform
from tests.e2e.test_google import google, names, pytestmark
from tests.figures import keep

__all__ = ["google", "names", "pytestmark"]
FULL = bool(os.environ.get("AIPRESS_PROVE"))
only_full = pytest.mark.skipif(not FULL, reason="./aipress prove moving")
MOVES = {"control": 24, "hostd": 6, "mariadb": 6}
LONGEST = 8.0  # seconds from the beginning of a move until something is killed
AT_ONCE = 4


@only_full
@pytest.mark.timeout(7200)
def test_whatever_is_killed_whenever_the_site_arrives_or_stays(google: Platform) -> None:
    had = moving.furnish(google)
    chance = random.Random("moving")  # noqa: S311 - a choice, not a secret
    at, there = "local", "gcp"
    for service, moves in MOVES.items():
        seconds, states, lost = [], [], 0
        for _ in range(moves):
            with moving.visited(google, had) as visitor:
                done = move_and_kill(google, had, there, service, chance.uniform(0, LONGEST))
            states.append(done["state"])
            if done["state"] == "succeeded":
                seconds.append(float(done["result"]["read_only_seconds"]))
                at, there = there, at
            google.ready()
            if service == "control":
                moving.check_visitor(google, had, visitor)
            moving.check_all_there(google, had, at)
            lost += len(moving.lost(google, had, visitor))
        tell(service, states, seconds, lost)
        assert lost == 0
        assert states.count("succeeded") + states.count("failed") == moves
    google.remove(had.slug)
    assert google.leaks() == []


@only_full
@pytest.mark.timeout(7200)
def test_several_move_at_once(google: Platform) -> None:
    houses = [moving.furnish(google, f"House {number}") for number in range(AT_ONCE)]
    for to in ("gcp", "local"):
        with ThreadPoolExecutor(AT_ONCE) as pool:
            ended = list(pool.map(lambda had, to=to: google.ended(begin(google, had, to), 600), houses))
        assert [one["state"] for one in ended] == ["succeeded"] * AT_ONCE, [one["error"] for one in ended]
        seconds = [float(one["result"]["read_only_seconds"]) for one in ended]
        keep("moving", **{f"{AT_ONCE}_at_once_to_{to}_longest_read_only_seconds": max(seconds)})
        for had in houses:
            moving.check_all_there(google, had, to)
    for had in houses:
        google.remove(had.slug)
    assert google.leaks() == []


def move_and_kill(platform: Platform, had: Belongings, to: str, service: str, after: float) -> dict[str, Any]:
    """The operation, with this service killed so many seconds after it began."""
    operation_id = begin(platform, had, to)
    time.sleep(after)
    os.kill(platform.pid(service), signal.SIGKILL)
    return platform.ended(operation_id, 300)


def begin(platform: Platform, had: Belongings, to: str) -> str:
    with platform.operator(timeout=60) as client:
        answer = client.post(f"/api/tenants/{had.slug}/moves", json={"to": to})
    assert answer.status_code == 202, answer.text
    return str(answer.json()["id"])


def tell(service: str, states: list[str], seconds: list[float], lost: int) -> None:
    figures: dict[str, float] = {
        f"{service}_kills": len(states),
        f"{service}_arrived": states.count("succeeded"),
        f"{service}_stayed": states.count("failed"),
        f"{service}_lost_writes": lost,
        f"{service}_read_only_p50_seconds": round(statistics.median(seconds or [0]), 1),
        f"{service}_read_only_longest_seconds": max(seconds or [0]),
    }
    keep("moving", **figures)
