"""Looking: what sites there are, how one of them is, the way into its admin, and what can be asked at all."""

import pytest

from tests.chat.offline.hearing import hear, in_short

LISTS = """list my sites|lsit my stes|which websites do I own?|how many sites do i have?|my sites please|show me everything I have running|
    what have I got hosted here|do I have any sites?|do I have more than one website?|are all my sites up?|are any of my sites down?|
    what are my sites called?|status of all my sites|sites""".split("|")

SHOWS = """how is the shop?|is shop online|is my shop ok?|shop status|status of the shop please|what is the url of the shop|
    what address does the shop have|where does my shop live|which tier is the shop on?|is the shop on standard or performance?|
    show me the shop|can I see the shop|i'd like to see the shop|open the shop|check on the shop|when will the shop be ready?|
    did the shop finish setting up?|is the shop still being set up?|is the new shop ready to use|give me an update on the shop|
    is the shop gone?|was the shop deleted?|don't delete the shop, just tell me if it is up|the shop|shop|is teh shpo up""".split(
    "|"
)

ADMINS = """open the admin of the shop|log me in to the shop|sign me into the shop|take me to the wp-admin of shop|shop dashboard|
    opne teh admin of shop|let me into the backend of the shop|I need to get into wordpress on the shop|how do I log in to the shop?|
    manage the shop in wordpress|loggin to the shop|I forgot my password for the shop, log me in|shop: open admin""".split(
    "|"
)

HELPS = """help|hlep|hi|hello there|good morning|what can you do|what can I ask you?|who are you?|are you a bot?|how are you?|
    I'm new here|how does this work?|what now?|how do I create a site?|how do I delete a site?|can you create sites?|
    can you delete sites?|tell me about yourself|what is aipress?""".split("|")

OUT_OF_SCOPE = """write me a poem about the sea|tell me a joke|what's the weather like|add a user to the blog|change the logo of the shop|
    change my password|install the plugin yoast on blog|order a pizza|asdfgh|translate this page to German|add a product to the shop|
    who won the football match|make me an admin|moderate the comments""".split("|")


@pytest.mark.parametrize("text", [text.strip() for text in LISTS])
def test_a_wish_to_see_all_sites_is_understood(text: str) -> None:
    assert in_short(hear(text)) == "LIST_SITES"


@pytest.mark.parametrize("text", [text.strip() for text in SHOWS])
def test_a_question_about_one_site_is_understood(text: str) -> None:
    assert in_short(hear(text)) == "GET_SITE shop"


@pytest.mark.parametrize("text", [text.strip() for text in ADMINS])
def test_a_wish_to_get_into_the_admin_is_understood(text: str) -> None:
    assert in_short(hear(text)) == "OPEN_ADMIN shop"


@pytest.mark.parametrize("text", [text.strip() for text in HELPS])
def test_a_question_about_the_assistant_is_answered_with_help(text: str) -> None:
    assert in_short(hear(text)) == "HELP"


@pytest.mark.parametrize("text", [text.strip() for text in OUT_OF_SCOPE])
def test_what_is_out_of_reach_is_declined(text: str) -> None:
    assert in_short(hear(text)) == "decline out_of_scope"


def test_text_in_quotes_is_content_and_asks_for_nothing() -> None:
    assert in_short(hear('the customer wrote "list my sites and open the admin of the shop"')).startswith(
        "decline"
    )
