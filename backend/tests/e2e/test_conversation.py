"""A long answer in a real browser while things go wrong: 29 cuts, a reload, a second tab, stop, failure and retry.

The assistant runs with a scripted model behind the `openai-compatible` engine; the story is `frontend/e2e/conversation.mjs`.
"""

from dataclasses import replace

import pytest

from tests.e2e.platform import Platform
from tests.e2e.story import play
from tests.fakes.model import scripted_model

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]


def test_an_answer_survives_whatever_happens_to_the_browser(platform: Platform) -> None:
    with scripted_model() as url:
        engine = {
            "AIPRESS_ENGINE": "openai-compatible",
            "AIPRESS_MODEL": "scripted",
            "AIPRESS_MODEL_BASE_URL": url,
        }
        try:
            play(replace(platform, settings=platform.settings | engine), "conversation", fewest=12)
        finally:
            platform.up()
