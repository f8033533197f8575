"""Questions about what something would do, and complaints: never taken for orders."""

import pytest

from aipress.plans.actions import ACTIONS, Tier
from tests.chat.offline.hearing import Wish, hear, in_short

SITES = "luna-cafe moss-fern"


@pytest.mark.parametrize(
    "text",
    [
        "can I delete the staging of luna cafe without losing the live site?",
        "can I push the staging of moss fern live without downtime?",
        "can I restore a backup of moss fern without losing orders?",
        "may I remove luna.es from luna cafe without breaking the mail?",
        "could I delete luna cafe without losing my domain?",
        "is it dangerous to restore the backup of luna cafe?",
        "does pushing the staging of moss fern overwrite the live site?",
        "will changing the tier of luna cafe cost more?",
        "do the backups of moss fern still exist?",
    ],
)
def test_who_asks_what_would_happen_orders_nothing(text: str) -> None:
    wishes = [outcome for outcome in hear(text, SITES) if isinstance(outcome, Wish)]
    assert all(ACTIONS[wish.action].tier is Tier.READ for wish in wishes)


@pytest.mark.parametrize(
    "text",
    [
        "My friend's website, Luna Cafe, was deleted yesterday",
        "our site, Luna Cafe, should not be deleted",
        "the photos on Luna Cafe can be deleted now",
        "the old domain, luna.es, can be deleted now",
        "our staging copy, Luna Cafe, can be deleted now",
        "my client wants luna cafe deleted, could you arrange it",
        "my old site, Luna Cafe, can be deleted?",
        "delete and reinstall the theme of moss fern",
    ],
)
def test_what_is_no_order_to_delete_a_site_deletes_none(text: str) -> None:
    assert "DELETE_SITE" not in in_short(hear(text, SITES))


def test_a_site_named_between_commas_is_the_one_meant() -> None:
    said = hear("My late husband's website, Luna Cafe, can be deleted now, thank you.", SITES)
    assert in_short(said) == "DELETE_SITE luna-cafe"


@pytest.mark.parametrize(
    "before",
    ["create a site called Moss Fern", "diagnose moss fern", "back up luna cafe", "logs of luna cafe"],
)
def test_a_site_to_be_shown_is_shown_whatever_went_before(before: str) -> None:
    assert in_short(hear("Show the site moss fern", SITES, [before])) == "GET_SITE moss-fern"
