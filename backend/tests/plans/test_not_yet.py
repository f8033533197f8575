"""What is not built says what is missing and what can be done instead; what is built promises nothing there."""

import re

import pytest

from aipress.plans.actions import ACTIONS
from aipress.plans.not_yet import NOT_YET


def test_exactly_what_is_not_built_has_a_sentence() -> None:
    assert set(NOT_YET) == {action.id for action in ACTIONS.values() if not action.built}


@pytest.mark.parametrize("said", sorted(set(NOT_YET.values())))
def test_it_says_what_is_missing_and_then_what_can_be_done(said: str) -> None:
    missing, *instead = re.split(r"[.:;,] ", said)
    assert re.search(r"\byet\b", missing)
    assert instead
    assert said.endswith(".")
