"""Tables, charts and links of an answer: whole, plain, and never without the window and the source of their figures."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from aipress.chat import listing
from aipress.chat.answers import Chart, Link, Table, part
from tests.chat.offline.control import site

NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
SAID: dict[str, Any] = {
    "title": "Requests",
    "window": "last 24 hours",
    "as_of": NOON,
    "source": "control plane",
}
TABLE: dict[str, Any] = SAID | {"columns": [{"header": "Site"}, {"header": "Count"}], "rows": [["Blog", "3"]]}
CHART: dict[str, Any] = SAID | {
    "summary": "Three requests.",
    "series": [{"name": "Requests", "points": [(1, 2.0), (2, 3.0)]}],
}


@pytest.mark.parametrize(("kind", "told"), [(Table, TABLE), (Chart, CHART)])
@pytest.mark.parametrize("what", ["title", "window", "as_of", "source"])
def test_what_does_not_say_its_window_and_source_is_refused(
    kind: type[BaseModel], told: dict[str, Any], what: str
) -> None:
    assert kind.model_validate(told)
    for missing in ({}, {what: ""}, {what: " "}, {what: None}):
        with pytest.raises(ValidationError, match=what):
            kind.model_validate({**{key: value for key, value in told.items() if key != what}, **missing})


def test_a_time_without_its_zone_is_no_time() -> None:
    with pytest.raises(ValidationError, match="as_of"):
        Table.model_validate(TABLE | {"as_of": NOON.replace(tzinfo=None)})


@pytest.mark.parametrize(
    "rows", [[["Blog"]], [["Blog", "3", "4"]], [["Blog", "x" * 501]], [["Blog", "3"]] * 201]
)
def test_a_table_has_a_cell_for_every_column_and_an_end(rows: list[list[str]]) -> None:
    with pytest.raises(ValidationError):
        Table.model_validate(TABLE | {"rows": rows})


@pytest.mark.parametrize(
    "points", [[], [(2, 1.0), (1, 1.0)], [(1, 1.0), (1, 2.0)], [(1, float("nan"))], [(1, float("inf"))]]
)
def test_a_chart_goes_forward_in_time_and_holds_numbers(points: list[tuple[int, float]]) -> None:
    with pytest.raises(ValidationError):
        Chart.model_validate(CHART | {"series": [{"name": "Requests", "points": points}]})


def test_a_chart_says_what_it_shows_also_in_words() -> None:
    with pytest.raises(ValidationError, match="summary"):
        Chart.model_validate(CHART | {"summary": ""})


@pytest.mark.parametrize(
    "path",
    [
        "https://evil.example",
        "//evil.example",
        "/\\evil.example",
        "/sites/../../evil",
        "/sites?leak=1",
        "/@evil.example",
        "/%2fevil.example",
        "javascript:alert(1)",
        "sites",
        "/sites\n",
        "",
    ],
)
def test_a_link_leads_into_the_app_and_nowhere_else(path: str) -> None:
    with pytest.raises(ValidationError, match="path"):
        Link(label="here", path=path)
    with pytest.raises(ValidationError):
        Table.model_validate(TABLE | {"rows": [[{"label": "here", "path": path}, "3"]]})


def test_each_is_a_part_of_its_own_kind() -> None:
    made = [part("one", one) for one in (Table(**TABLE), Chart(**CHART), Link(label="Sites", path="/sites"))]
    assert [(one.type, one.id) for one in made] == [
        ("data-table", "one"),
        ("data-chart", "one"),
        ("data-link", "one"),
    ]
    assert made[0].data["as_of"] == "2026-11-28T12:00:00Z"


def test_no_sites_are_no_table() -> None:
    assert listing.parts_of([]) == []


def test_a_few_sites_are_a_table_and_nothing_more() -> None:
    (table,) = listing.parts_of([site("blog"), site("shop", "failed")])
    assert table.data["title"] == "2 sites"
    assert [row[1] for row in table.data["rows"]] == ["Live", "Set-up failed"]


@pytest.mark.parametrize(("name", "label"), [("x" * 5000, "x" * 200), ("  ", "blog"), (" Blog ", "Blog")])
def test_a_name_that_does_not_fit_is_made_to(name: str, label: str) -> None:
    named = site("blog")
    named.name = name
    (table,) = listing.parts_of([named])
    assert table.data["rows"][0][0] == {"label": label, "path": "/sites/blog"}


def test_of_many_the_newest_are_shown_with_how_they_came_to_be_and_the_way_to_all() -> None:
    made = [site(f"s{number}") for number in range(12)]
    for number, one in enumerate(made):
        one.created_at = NOON - timedelta(days=number // 2)  # two a day: those of one moment are one point
    table, chart, link = listing.parts_of(made)
    assert (table.data["title"], len(table.data["rows"])) == ("The newest 10 of 12 sites", 10)
    assert [count for _, count in chart.data["series"][0]["points"]] == [2, 4, 6, 8, 10, 12]
    assert chart.data["window"] == "since 23 November 2026"
    assert chart.data["summary"] == "12 sites: the first of 23 November 2026, the newest of 28 November 2026."
    assert link.data == {"label": "All 12 sites", "path": "/sites"}
