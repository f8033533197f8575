"""Five thousand sentences around deleting, none of which asks for it, and the rest of what can't be taken back so easily."""

from collections import Counter

import pytest

from aipress.chat.offline.outcome import Wish
from aipress.plans.actions import ACTIONS, Tier
from tests.chat.offline.around_deleting import DONE, KNOWN, NOT_NOW, sentences
from tests.chat.offline.hearing import hear

MANY = 5_000
DEEDS = (
    "push the staging copy of the shop live",
    "delete the staging copy of the shop",
    "restore the latest backup of the shop",
    "remove old.example from the shop",
    "move the shop to basic",
    "update wordpress on the shop",
)
NO_ORDERS = (
    "how do I {}?",
    "should I {}?",
    "what happens if I {}?",
    "don't {}",
    "please never {}",
    "is it safe to {}?",
    "I'm thinking about whether to {}",
    "did you {}?",
    "my boss said: {}",
    'the note says "{}"',
)


def test_nothing_is_deleted_that_nobody_asked_to_delete() -> None:
    wrong = [
        (text, thread)
        for text, thread in sentences(MANY)
        for outcome in hear(text, KNOWN, thread)
        if isinstance(outcome, Wish) and outcome.action == "DELETE_SITE"
    ]
    assert wrong == []


def test_what_is_forbidden_asked_about_or_over_changes_nothing_grave() -> None:
    """Restoring is spoken of in one sentence of these, and meant there."""
    grave = (
        "PUSH_STAGING",
        "DELETE_STAGING",
        "REMOVE_DOMAIN",
        "CHANGE_TIER",
        "UPDATE_WORDPRESS",
        "DELETE_SITE",
    )
    for form in (*NOT_NOW, *DONE):
        text = form.format(verb="remove", site="the shop", quote='"')
        actions = [outcome.action for outcome in hear(text, KNOWN) if isinstance(outcome, Wish)]
        assert not set(actions) & set(grave), (text, actions)


@pytest.mark.parametrize("deed", DEEDS)
@pytest.mark.parametrize("form", NO_ORDERS)
def test_what_is_no_order_neither_costs_nor_replaces(form: str, deed: str) -> None:
    actions = [outcome.action for outcome in hear(form.format(deed), KNOWN) if isinstance(outcome, Wish)]
    assert all(ACTIONS[action].tier < Tier.COSTLY for action in actions), actions


@pytest.mark.parametrize("deed", DEEDS)
def test_the_same_said_as_an_order_is_one(deed: str) -> None:
    (outcome,) = hear(f"please {deed}", KNOWN)
    assert isinstance(outcome, Wish)
    assert ACTIONS[outcome.action].tier >= Tier.COSTLY


def test_the_sentences_are_as_many_as_said_and_of_every_kind() -> None:
    made = [text for text, _ in sentences(MANY)]
    assert len(set(made)) == MANY
    words = Counter(word for text in made for word in text.lower().split())
    assert all(words[word] > 50 for word in ("delete", "destroy", "don't", "how", "backup", "staging"))
    assert any(
        isinstance(outcome, Wish) and outcome.action == "DELETE_SITE"
        for outcome in hear("delete the shop", KNOWN)
    )
