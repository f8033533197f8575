"""The whole life of a site in one conversation, in a real browser: with the offline engine, and with a model that calls tools.

The story is `frontend/e2e/whole-life.mjs`; its pictures stay in `artifacts/whole-life/`.
"""

import pytest

from tests.e2e.platform import Platform
from tests.e2e.scripted import thinking_as_scripted
from tests.e2e.story import play

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(900)]
CLAIMS = 17


def test_with_the_offline_engine(platform: Platform) -> None:
    play(platform, "whole-life", fewest=CLAIMS, NAME="Moonlight Bakery", SLUG="moonlight-bakery")


def test_with_a_model_that_calls_tools(platform: Platform) -> None:
    with thinking_as_scripted(platform) as there:
        play(there, "whole-life", fewest=CLAIMS, NAME="Sundown Bakery", SLUG="sundown-bakery")
