"""Five thousand sentences around deleting, none of which asks for it, and the rest of what can't be taken back so easily."""

from collections import Counter

from aipress.chat.offline.outcome import Wish
from tests.chat.offline.around_deleting import DONE, KNOWN, NOT_NOW, sentences
from tests.chat.offline.hearing import hear

MANY = 5_000


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


def test_the_sentences_are_as_many_as_said_and_of_every_kind() -> None:
    made = [text for text, _ in sentences(MANY)]
    assert len(set(made)) == MANY
    words = Counter(word for text in made for word in text.lower().split())
    assert all(words[word] > 50 for word in ("delete", "destroy", "don't", "how", "backup", "staging"))
    assert any(
        isinstance(outcome, Wish) and outcome.action == "DELETE_SITE"
        for outcome in hear("delete the shop", KNOWN)
    )
