"""When the chosen language model is turned off by whoever runs it, as far as that is known (`language_models.json`)."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from aipress.config import Settings

KNOWN = Path(__file__).with_name("language_models.json")
SOON = timedelta(days=90)


@dataclass(frozen=True)
class Retirement:
    """The last day of a model, and what Google recommends instead; empty where it says nothing."""

    model: str
    day: date
    instead: str

    def said(self, today: date) -> str:
        """One sentence, with what to do."""
        when = "has been turned off" if self.day < today else "is turned off"
        remedy = f"AIPRESS_MODEL={self.instead}" if self.instead else "choose another AIPRESS_MODEL"
        return f"{self.model} {when} on {self.day.isoformat()} or soon after, says Google: {remedy}."


def retirement_of(settings: Settings) -> Retirement | None:
    """Of the model these settings choose; None where no day is known, or no Gemini is chosen."""
    if settings.engine != "gemini":
        return None
    known = _known().get(settings.chosen_model, {})
    day = known.get("vertex" if settings.google_cloud_project else "gemini_api")
    if day is None:
        return None
    return Retirement(settings.chosen_model, date.fromisoformat(day), known.get("instead", ""))


def warning_about(settings: Settings, today: date) -> str:
    """What has to be said of the chosen model: that it retires within 90 days, or has retired. Empty otherwise."""
    retirement = retirement_of(settings)
    return retirement.said(today) if retirement and retirement.day - today <= SOON else ""


@cache
def _known() -> dict[str, dict[str, str]]:
    models: dict[str, dict[str, str]] = json.loads(KNOWN.read_text())["models"]
    return models
