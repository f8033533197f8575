"""What the assistant tells of a log: counts and times to its model, the lines to the screen and to nobody else."""

from datetime import timedelta
from typing import Any

import pytest

from aipress.chat.callers import Caller
from aipress.chat.gated import through
from aipress.chat.reader import Strange
from aipress.chat.site_logs import get_logs, window_of
from aipress.chat.tools import tools
from aipress.plans.actions import Tier
from aipress.plans.arguments import WhichLogs
from tests.chat.offline.control import LINE, NOON, Control


async def test_a_model_is_told_how_many_and_never_a_word_of_what_was_written() -> None:
    caller = Caller(Control("shop").client(), id="usr_ada")

    async def call() -> Any:
        return await get_logs(caller, WhichLogs(tenant="shop", level="error"), "")

    found = await through(caller, "call_1", Tier.READ, call, None)
    assert found.return_value["levels"] == {"error": 2}
    assert found.return_value["read"] == [
        {"error": "fatal", "plugin": None, "count": 2, "at": (NOON - timedelta(minutes=1)).isoformat()}
    ]
    assert "Uncaught" not in str(found.return_value)
    assert "Shop" not in str(found.return_value)
    assert caller.gate.tainted


async def test_what_was_written_twice_is_shown_once_with_how_often() -> None:
    found = await get_logs(Caller(Control("shop").client()), WhichLogs(tenant="shop"), "")
    (strange,) = [part for part in found.metadata if isinstance(part, Strange)]
    assert [(one.text, one.at, one.count) for one in strange.lines] == [
        (LINE, NOON - timedelta(minutes=1), 2)
    ]


@pytest.mark.parametrize(
    ("told", "hours"),
    [
        ({}, 1),
        ({"level": "notice"}, 1),
        ({"level": "error"}, 24),
        ({"q": "timeout"}, 24),
        ({"since": "P2D"}, 48),
        ({"since": "PT90M", "level": "error"}, 1.5),
    ],
)
def test_without_a_window_it_is_a_day_for_trouble_and_an_hour_for_the_rest(
    told: dict[str, Any], hours: float
) -> None:
    assert window_of(WhichLogs(tenant="shop", **told), NOON) == (NOON - timedelta(hours=hours), NOON)


def test_around_a_moment_it_is_a_quarter_of_an_hour_before_and_after() -> None:
    wish = WhichLogs.model_validate({"tenant": "shop", "around": "2026-07-15T03:00:00Z"})
    since, until = window_of(wish, NOON)
    assert (since.isoformat(), until.isoformat()) == (
        "2026-07-15T02:45:00+00:00",
        "2026-07-15T03:15:00+00:00",
    )
    soon = WhichLogs.model_validate({"tenant": "shop", "around": (NOON - timedelta(minutes=5)).isoformat()})
    assert window_of(soon, NOON) == (NOON - timedelta(minutes=20), NOON)


def test_a_moment_that_is_still_to_come_was_yesterday() -> None:
    wish = WhichLogs.model_validate({"tenant": "shop", "around": "2026-07-15T15:00:00Z"})
    since, until = window_of(wish, NOON)
    assert (since.isoformat(), until.isoformat()) == (
        "2026-07-14T14:45:00+00:00",
        "2026-07-14T15:15:00+00:00",
    )


async def test_the_api_is_asked_for_what_was_wished_and_for_that_site_alone() -> None:
    control = Control("shop")
    wish = WhichLogs(tenant="shop", level="notice", source="php", q="50% & more", request="r-1")
    await get_logs(Caller(control.client()), wish, "")
    asked = [request for request in control.asked if "/logs" in request.url.path]
    assert [request.url.path for request in asked] == [
        "/api/tenants/shop/logs/counts",
        "/api/tenants/shop/logs",
    ]
    for request in asked:
        told = dict(request.url.params)
        assert {key: told[key] for key in ("source", "level", "q", "request_id")} == {
            "source": "php",
            "level": "info",
            "q": "50% & more",
            "request_id": "r-1",
        }


def test_the_tool_says_that_it_only_reads() -> None:
    (tool,) = [tool for tool in tools() if tool.name == "get_logs"]
    assert "tenant" in tool.function_schema.json_schema["required"]
