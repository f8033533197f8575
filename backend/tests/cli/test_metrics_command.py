"""Metrics from the command line, against the control plane itself."""

import json
from datetime import timedelta

import pytest

from aipress.cli.site_metrics import sparkline
from aipress.cli.trouble import Trouble
from aipress.kit import clock
from tests.api.world import World
from tests.cli.test_sharing import Terminal, terminal
from tests.tenants.lasting import together

__all__ = ["terminal"]

pytestmark = together


async def test_what_was_measured_is_shown_with_its_shape(terminal: Terminal, world: World) -> None:
    (environment,) = await world.cloud.vault.existing()
    for ago, count in ((4, 1000), (3, 500), (2, 204)):
        world.cloud.metrics.tell(environment, "requests", clock.now() - timedelta(minutes=ago), count)
    wanted = ("metrics", "blog", "--metric", "requests", "--metric", "errors", "--since", "10m")
    _, requests, errors = (await terminal.say(*wanted)).splitlines()[:3]
    assert requests.split()[:5] == ["Requests", "1,704", "1,000", "204", "█▅▂"]
    assert errors.split() == ["Errors", "–", "–", "–"]
    told = json.loads(await terminal.say(*wanted, "--step", "5m", "--json"))
    assert told["step_seconds"] == 300
    assert [one["overall"] for one in told["items"]] == [1704, None]
    assert len(json.loads(await terminal.say("metrics", "blog", "--json"))["items"]) == 17


async def test_what_can_not_be_is_refused(terminal: Terminal) -> None:
    for wrong in (
        ("blog", "--since", "yesterday"),
        ("blog", "--since", "0d"),
        ("blog", "--metric", "visitors"),
        ("nobodys",),
    ):
        with pytest.raises(Trouble):
            await terminal.say("metrics", *wrong)


async def test_a_sparkline_has_gaps_where_nothing_was_measured_and_keeps_every_peak() -> None:
    assert sparkline([0, None, 1, 8, 4]) == "▁ ▂█▅"
    assert sparkline([0, 0]) == "▁▁"
    assert sparkline([]) == ""
    peaks = [1.0] * 300
    peaks[137] = 9
    assert len(sparkline(peaks)) == 48
    assert sparkline(peaks).count("█") == 1
