"""The first page in a real browser: sign in, one sentence, a site, a post, a picture, a plan, and out again.

The story itself is `frontend/e2e/first-page.mjs`; its pictures stay in `artifacts/first-page/`.
"""

import pytest

from tests.e2e.platform import Platform
from tests.e2e.story import play

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]


def test_a_person_signs_in_says_one_sentence_and_has_a_site(platform: Platform) -> None:
    platform.clear()
    play(platform, "first-page", fewest=30)
    platform.remove("sunrise-bakery")
