"""A long answer in a real browser while things go wrong: 29 cuts, a reload, a second tab, stop, failure and retry.

The assistant runs with a scripted model behind the `openai-compatible` engine; the story is `frontend/e2e/conversation.mjs`.
"""

import pytest

from tests.e2e.platform import Platform
from tests.e2e.scripted import thinking_as_scripted
from tests.e2e.story import play

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]


def test_an_answer_survives_whatever_happens_to_the_browser(platform: Platform) -> None:
    with thinking_as_scripted(platform) as there:
        play(there, "conversation", fewest=12)
