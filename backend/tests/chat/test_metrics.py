"""What the assistant tells of metrics is what the control plane measured: one figure, its chart, and nothing where nothing was."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.chat.callers import Caller
from aipress.chat.metrics import get_metrics
from aipress.plans.arguments import WhichMetric
from tests.chat.offline.control import NOON, Control, metrics

DAY = timedelta(1)


async def asked(
    control: Control, metric: str, since: str | None = None
) -> tuple[dict[str, Any], list[DataChunk]]:
    wish = WhichMetric.model_validate({"tenant": "shop", "metric": metric, "since": since})
    found = await get_metrics(Caller(control.client(), id="usr_ada"), wish, "key")
    return found.return_value, found.metadata


async def test_a_figure_is_told_and_drawn_with_its_window() -> None:
    control = Control("shop")
    told, (chart, link) = await asked(control, "requests")
    assert (told["over_all"], told["before"], told["highest"], told["newest"]) == ("12", "12", "7", "7")
    assert told["window"] == "24 hours"
    assert "not counted by themselves" in told["note"]
    assert chart.data["series"] == [{"name": "Requests", "points": [[0, 5.0], [3600, 7.0]]}]
    assert (chart.data["window"], chart.data["source"]) == ("last 24 hours", "metrics of the control plane")
    assert chart.data["as_of"] == NOON.isoformat().replace("+00:00", "Z")
    assert link.data == {"label": "All metrics", "path": "/sites/shop/metrics"}


async def test_response_times_are_drawn_together_and_the_one_asked_for_is_told() -> None:
    told, (chart, _) = await asked(Control("shop"), "latency_p95")
    assert told["metric"] == "latency_p95"
    assert len(chart.data["series"]) == 3


@pytest.mark.parametrize(
    ("since", "length"),
    [
        (None, DAY),
        ("PT6H", DAY / 4),
        ("P7D", 7 * DAY),
        ("P2W", 14 * DAY),
        ("P1DT12H", 1.5 * DAY),
        ("PT1S", DAY / 288),
        ("P9999999999D", 400 * DAY),
    ],
)
async def test_as_far_back_as_was_asked_and_kept(since: str | None, length: timedelta) -> None:
    control = Control("shop")
    await asked(control, "errors", since)
    first = httpx.QueryParams(next(one for one in control.asked if "metric=" in str(one.url)).url.query)
    since_to_until = [first["since"], first["until"]]
    begin, end = map(type(NOON).fromisoformat, since_to_until)
    assert end - begin == length


async def test_where_nothing_was_measured_nothing_is_drawn() -> None:
    control = Control("shop")
    empty = metrics(["requests"])
    empty.items[0].overall, empty.items[0].points = None, [(0, None)]
    control.problems["/tenants/shop/metrics"] = httpx.Response(200, json=empty.model_dump(mode="json"))
    told, parts = await asked(control, "requests")
    assert (told["over_all"], told["is_measured"]) == (None, False)
    assert [part.type for part in parts] == ["data-link"]
