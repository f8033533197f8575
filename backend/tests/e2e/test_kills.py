"""SIGKILL at every step of making and removing a site, then a look at what is left. Prints its figures.

The full size is `./aipress prove kills`: every point, several times, for every service.
"""

import os
import random
import statistics
from collections.abc import Iterator

import pytest

from tests.e2e.kills import EVERY_POINT, Gate, Outcome, Point, install_gate, kill_once, remove_gate
from tests.e2e.platform import Platform
from tests.figures import keep

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(7200)]
FULL = bool(os.environ.get("AIPRESS_PROVE"))
ROUNDS = int(os.environ.get("AIPRESS_PROVE_ROUNDS", "5")) if FULL else 1
LONGEST = 10.0  # seconds from the kill until it has finished or was undone


@pytest.fixture(scope="module")
def gate(platform: Platform) -> Iterator[Gate]:
    gate = install_gate(platform)
    yield gate
    remove_gate(platform, gate)


@pytest.mark.parametrize("service", ["control", "hostd", "mariadb", "redis"])
def test_whatever_is_killed_whenever_the_site_is_finished_or_undone(
    platform: Platform, gate: Gate, service: str
) -> None:
    outcomes = [
        kill_once(platform, gate, point, service, f"{service}-{round_}-{number}")
        for round_ in range(ROUNDS)
        for number, point in enumerate(_chosen(service))
    ]
    platform.ready()
    _tell(service, outcomes)
    assert platform.leaks() == []
    late = [outcome for outcome in outcomes if outcome.seconds > LONGEST]
    assert late == []


def _chosen(service: str) -> list[Point]:
    """Every point at full size; else every step once for what we wrote, at a moment by chance, and a third for the rest."""
    if FULL:
        return EVERY_POINT
    chance = random.Random(service)  # noqa: S311 - a choice, not a secret
    steps: dict[tuple[str, str], list[Point]] = {}
    for point in EVERY_POINT:
        steps.setdefault((point.flow, point.step), []).append(point)
    each = [chance.choice(points) for points in steps.values()]
    return each if service in ("control", "hostd") else chance.sample(each, len(each) // 3)


def _tell(service: str, outcomes: list[Outcome]) -> None:
    seconds = sorted(outcome.seconds for outcome in outcomes)
    finished, undone = (sum(one.state == state for one in outcomes) for state in ("succeeded", "failed"))
    lost = len(outcomes) - finished - undone
    figures: dict[str, float] = {
        f"{service}_kills": len(outcomes),
        f"{service}_finished": finished,
        f"{service}_undone": undone,
        f"{service}_lost": lost,
        f"{service}_p50_seconds": round(statistics.median(seconds), 2),
        f"{service}_longest_seconds": seconds[-1],
    }
    keep("kills", **figures)
    print(  # noqa: T201
        f"\nkilled {service} {len(outcomes)} times: {finished} finished, {undone} undone, {lost} lost; "
        f"p50 {statistics.median(seconds):.1f} s, longest {seconds[-1]:.1f} s"
    )
