"""The chosen model's last day: warned about in time, never guessed."""

from datetime import date
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from aipress.chat.app import create_app
from aipress.cli.doctor import BEFORE, Finding
from aipress.cli.installation import Installation
from aipress.config import GEMINI, Settings
from aipress.retirement import _known, retirement_of, warning_about


@pytest.fixture
def database_url() -> str:
    """No database is asked here."""
    return ""


def _chosen(settings: Settings, **more: str) -> Settings:
    return settings.model_copy(update={"engine": "gemini", **more})


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 9, 1), ""),
        (date(2026, 9, 2), "is turned off on 2026-12-01"),
        (date(2026, 12, 1), "is turned off on 2026-12-01"),
        (date(2026, 12, 2), "has been turned off on 2026-12-01"),
    ],
)
def test_pitfall_17_ninety_days_before_a_model_retires_it_is_said(
    settings: Settings, today: date, expected: str
) -> None:
    said = warning_about(_chosen(settings, model="gemini-2.5-pro"), today)
    assert expected in said
    assert bool(said) == bool(expected)
    assert not said or "AIPRESS_MODEL=gemini-3.8-flash" in said


def test_vertex_has_days_of_its_own(settings: Settings) -> None:
    by_key, on_vertex = (
        retirement_of(_chosen(settings, model="gemini-2.5-pro", google_cloud_project=project))
        for project in ("", "p")
    )
    assert by_key
    assert on_vertex
    assert by_key.day != on_vertex.day


def test_nothing_is_said_of_what_is_not_known(settings: Settings) -> None:
    assert GEMINI in _known()
    for chosen in (
        settings,
        _chosen(settings),
        _chosen(settings, model="gemini-99"),
        settings.model_copy(update={"engine": "openai-compatible", "model": "gemini-2.0-flash"}),
    ):
        assert warning_about(chosen, date(2040, 1, 1)) == ""


def test_doctor_shows_the_model_and_its_last_day(settings: Settings, tmp_path: Path) -> None:
    def found(chosen: Settings) -> Finding:
        place = Installation(chosen, tmp_path, is_root=False)
        return next(one for look in BEFORE if (one := look(place)).what == "language model")

    assert found(settings).state == "ok"
    assert "gemini-3.8-flash" in found(_chosen(settings)).said
    retired = found(_chosen(settings, model="gemini-2.0-flash"))
    assert (retired.state, bool(retired.remedy)) == ("warning", True)
    assert "has been turned off on 2026-06-01" in retired.said


async def test_it_is_logged_at_the_start(settings: Settings) -> None:
    chosen = _chosen(settings, model="gemini-2.0-flash", model_api_key="k")
    app = create_app(chosen)
    with capture_logs() as logged:
        async with app.router.lifespan_context(app):
            pass
    warned = [one for one in logged if one["log_level"] == "warning"]
    assert [one["model"] for one in warned] == ["gemini-2.0-flash"]


def test_every_day_in_the_file_is_a_day_and_every_recommendation_is_known() -> None:
    for known in _known().values():
        assert set(known) <= {"gemini_api", "vertex", "instead"}
        assert all(date.fromisoformat(known[place]) for place in ("gemini_api", "vertex") if place in known)
        assert known.get("instead", GEMINI) in _known()
