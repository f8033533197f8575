"""What can't be done yet is understood all the same: it is said not to be built, and never taken for something else. And undoing."""

import pytest

from tests.chat.offline.hearing import hear, in_short

HEARD = {
    "show the error logs of the shop from the last hour": "GET_LOGS shop error PT1H",
    "search the mail log of the shop for bounced": "GET_LOGS shop mail bounced",
    "who visited the blog today": "GET_LOGS blog access P1D",
    "any errors on the shop?": "GET_LOGS shop error",
    "show me the slow query log of the shop": "GET_LOGS shop slow",
    "show the log of the shop at 14:05": "GET_LOGS shop 2026-07-15T14:05:00Z",
    "errors on the shop around 3pm yesterday": "GET_LOGS shop error P1D 2026-07-14T15:00:00Z",
    "logs of the shop at 3 o'clock": "GET_LOGS shop 2026-07-15T03:00:00Z",
    "logs of the shop at 12 am": "GET_LOGS shop 2026-07-15T00:00:00Z",
    "errors on the shop at 25:00": "GET_LOGS shop error",
    "how many visitors did the shop have this week": "GET_METRICS shop requests P7D",
    "how much memory does the blog use": "GET_METRICS blog memory_bytes",
    "is the cache of the shop effective": "GET_METRICS shop cache_hit_ratio",
    "what's up with the traffic of the shop": "GET_METRICS shop requests",
    "what did the shop cost in May": "GET_BILLING shop 2026-05",
    "show my invoice for last month": "GET_BILLING 2026-06",
    "how can I save money on the blog": "GET_COST_ADVICE blog",
    "why is the blog down": "DIAGNOSE blog",
    "what is up with the shop": "DIAGNOSE shop",
    "my shop is slow": "DIAGNOSE shop",
    "make a backup of the blog and label it before redesign": "CREATE_BACKUP blog before redesign",
    "when was the blog last backed up": "LIST_BACKUPS blog",
    "restore the latest backup of blog": "RESTORE_BACKUP blog latest",
    "make a staging site for the blog": "CREATE_STAGING blog",
    "push the staging copy of the blog live": "PUSH_STAGING blog",
    "throw away the staging site of blog": "DELETE_STAGING blog",
    "connect tea.example to the shop": "ADD_DOMAIN shop tea.example",
    "remove tea.example from the shop": "REMOVE_DOMAIN shop tea.example",
    "is tea.example pointing to the shop yet?": "CHECK_DOMAIN shop tea.example",
    "move the shop to the performance tier": "CHANGE_TIER shop performance",
    "update wordpress on blog": "UPDATE_WORDPRESS blog",
    "install the store bundle on the shop": "INSTALL_BUNDLE shop store",
    "clear the cache of the blog": "PURGE_CACHE blog",
    "delete the cache of the blog": "PURGE_CACHE blog",
    "purge /menu/ on the shop": "PURGE_CACHE shop /menu/",
    "rename the blog to Notes from the Sea": "RENAME_SITE blog Notes from the Sea",
    "call the shop Fern and Fig": "RENAME_SITE shop Fern and Fig",
    "undo that": "UNDO",
    "undo the renaming of the shop": "UNDO",
    "could you take that back please?": "UNDO",
}
NOT_UNDOING = {
    "what can I undo?": "HELP",
    "did you undo that?": "decline out_of_scope",
    "don't undo that": "decline nothing_asked",
    "my client said undo that": "decline nothing_asked",
    '"undo that"': "decline out_of_scope",
    "undo my last post on the blog": "decline out_of_scope",
    "install an undo plugin on the shop": "decline out_of_scope",
    "does the shop have an undo button?": "decline out_of_scope",
    "rename the shop to Undo": "RENAME_SITE shop Undo",
    "call the shop Back Yard": "RENAME_SITE shop Back Yard",
    "rename the shop to Old Name": "RENAME_SITE shop Old Name",
    "create a site called Undo That": "CREATE_SITE Undo That",
}


@pytest.mark.parametrize(("text", "heard"), HEARD.items())
def test_what_is_not_built_is_understood(text: str, heard: str) -> None:
    assert in_short(hear(text)) == heard


@pytest.mark.parametrize(
    "text",
    [
        "no, call it back",
        "name it back",
        "change the name back",
        "rename it back please",
        "give it its old name back",
        "put the old name back",
        "restore the old name",
        "no, call the blog what it was called before",
        "oops, undo that",
    ],
)
def test_calling_a_site_back_is_undoing(text: str) -> None:
    assert in_short(hear(text, thread=["rename the blog to Notes from the Sea"])) == "UNDO"


@pytest.mark.parametrize(("text", "heard"), NOT_UNDOING.items())
def test_what_only_sounds_like_undoing_undoes_nothing(text: str, heard: str) -> None:
    assert in_short(hear(text)) == heard


@pytest.mark.parametrize(
    ("before", "text", "heard"),
    [
        ("what did the blog cost last month?", "and the shop?", "GET_BILLING shop 2026-06"),
        ("show the logs of the shop", "only errors", "GET_LOGS shop error"),
        ("show the logs of the shop", "how about now", "GET_LOGS shop"),
        ("connect tea.example to the blog", "is it connected yet?", "CHECK_DOMAIN blog tea.example"),
        ("create a staging copy of the shop", "push it live", "PUSH_STAGING shop"),
    ],
)
def test_a_message_may_go_on_from_the_one_before(before: str, text: str, heard: str) -> None:
    assert in_short(hear(text, thread=[before])) == heard


def test_a_reason_is_not_a_wish_of_its_own() -> None:
    assert in_short(hear("the shop is slow, upgrade it to performance")) == "CHANGE_TIER shop performance"


@pytest.mark.parametrize(
    "text",
    ["if the blog is down, restore it", "don't restore the blog", "clear the cache of the blog. never mind"],
)
def test_what_is_forbidden_or_taken_back_is_not_done(text: str) -> None:
    assert in_short(hear(text)).startswith("decline")
