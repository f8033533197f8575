"""Tables, charts and links of an answer, as text in the terminal."""

from types import SimpleNamespace
from typing import Any, cast

import pytest

from aipress.cli import answers
from aipress.cli.client import Api

API = cast(Api, SimpleNamespace(app="http://localhost:8080"))
SAID: dict[str, Any] = {"title": "Requests", "window": "last 24 hours", "as_of": "2026-11-28T12:00:00Z"}
TABLE = SAID | {
    "source": "control plane",
    "columns": [{"header": "Site", "align": "left"}, {"header": "Count", "align": "right"}],
    "rows": [[{"label": "Blog [red]", "path": "/sites/blog"}, "3"], ["Shop\x1b[2J", "1,204"]],
}
CHART = SAID | {
    "source": "control plane",
    "unit": "ms",
    "summary": "Never more than 40 ms.",
    "series": [
        {"name": "p50", "points": [[60 * minute, minute] for minute in range(30)]},
        {"name": "p95", "points": [[60 * 29, 40.5]]},
    ],
}


def test_a_table_says_everything_and_from_where(capsys: pytest.CaptureFixture[str]) -> None:
    answers.show_table(API, TABLE, quiet=False)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Requests"
    assert [line.split() for line in said[1:4]] == [
        ["Site", "Count"],
        ["Blog", "[red]", "3"],
        ["Shop·[2J", "1,204"],
    ]
    assert said[4].startswith("last 24 hours, as of 2026-11-28 ")
    assert said[4].endswith(" · control plane")


def test_a_chart_is_its_sentence_and_its_latest_numbers(capsys: pytest.CaptureFixture[str]) -> None:
    answers.show_chart(API, CHART, quiet=False)
    said = capsys.readouterr().out.splitlines()
    assert said[0] == "Never more than 40 ms."
    assert said[2].split() == ["Time", "p50,", "ms", "p95,", "ms"]
    rows = said[3:-1]
    assert len(rows) == answers.MOST_POINTS
    assert rows[0].split()[-2:] == ["10", "–"]
    assert rows[-1].split()[-2:] == ["29", "40.5"]
    assert said[-1].endswith("control plane")


def test_a_link_is_an_address(capsys: pytest.CaptureFixture[str]) -> None:
    answers.show_link(API, {"label": "All 12 sites", "path": "/sites"}, quiet=False)
    assert capsys.readouterr().out == "All 12 sites: http://localhost:8080/sites\n"


def test_a_script_reads_json_alone(capsys: pytest.CaptureFixture[str]) -> None:
    answers.show_table(API, TABLE, quiet=True)
    answers.show_chart(API, CHART, quiet=True)
    answers.show_link(API, {"label": "Sites", "path": "/sites"}, quiet=True)
    assert capsys.readouterr().out == ""


def test_lines_of_others_are_shown_newest_last_and_obeyed_by_no_terminal(
    capsys: pytest.CaptureFixture[str],
) -> None:
    lines = [
        {"text": f"line {number} \x1b[31m[red]", "at": "2026-11-28T12:00:00+00:00", "count": number}
        for number in range(25)
    ]
    lines[1]["at"] = None
    answers.show_lines(API, {"where": "log", "lines": lines}, quiet=False)  # type: ignore[dict-item]
    told = capsys.readouterr()
    said = told.out.splitlines()
    assert len(said) == 20
    assert said[-1].endswith("line 0 ·[31m[red]")
    assert said[-2] == "  line 1 ·[31m[red]"
    assert said[-3].endswith("line 2 ·[31m[red] (2 times)")
    assert told.err.split() == "and 5 more before that".split()
    answers.show_lines(API, {"where": "log", "lines": lines}, quiet=True)  # type: ignore[dict-item]
    assert capsys.readouterr().out == ""
