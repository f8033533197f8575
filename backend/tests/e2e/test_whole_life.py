"""The whole life of a site in one conversation, in a real browser: with the offline engine, with a model that calls tools, and with Gemini's protocol.

The story is `frontend/e2e/whole-life.mjs`; its pictures stay in `artifacts/whole-life/`.
"""

from dataclasses import replace

import pytest

from tests.e2e.platform import Platform
from tests.e2e.scripted import thinking_as_scripted
from tests.e2e.story import play
from tests.fakes.gemini import KEY, scripted_gemini

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(900)]
CLAIMS = 17


def test_with_the_offline_engine(platform: Platform) -> None:
    play(platform, "whole-life", fewest=CLAIMS, NAME="Moonlight Bakery", SLUG="moonlight-bakery")


def test_with_a_model_that_calls_tools(platform: Platform) -> None:
    with thinking_as_scripted(platform) as there:
        play(there, "whole-life", fewest=CLAIMS, NAME="Sundown Bakery", SLUG="sundown-bakery")


def test_with_gemini_as_it_is_scripted(platform: Platform) -> None:
    with scripted_gemini() as gemini:
        engine = {
            "AIPRESS_ENGINE": "gemini",
            "AIPRESS_MODEL_API_KEY": KEY,
            "AIPRESS_MODEL_BASE_URL": gemini.url,
        }
        there = replace(platform, settings=platform.settings | engine)
        try:
            play(there, "whole-life", fewest=CLAIMS, NAME="Noon Bakery", SLUG="noon-bakery")
        finally:
            platform.up()
    assert len(gemini.asked) >= 10, "two requests for each of five wishes"
    assert gemini.problems == []
