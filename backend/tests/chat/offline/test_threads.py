"""Conversations: questions and their answers, "it" and "the other one", more of the same, and taking things back."""

import pytest

from tests.chat.offline.hearing import hear, in_short


@pytest.mark.parametrize(
    ("answer", "name"),
    [
        ("Sunrise Bakery", "Sunrise Bakery"),
        ("sunrise bakery", "sunrise bakery"),
        ("call it Sunrise Bakery", "Sunrise Bakery"),
        ("I want it to be called Moss", "Moss"),
        ("let's go with Lark House", "Lark House"),
        ("how about 'Moss'?", "Moss"),
        ("Delete Key Computers", "Delete Key Computers"),
        ("Help Desk Heroes", "Help Desk Heroes"),
        ('"list my sites"', "list my sites"),
    ],
)
def test_the_name_asked_for_is_what_is_answered(answer: str, name: str) -> None:
    assert in_short(hear("create a site")) == "ask name"
    assert in_short(hear(answer, thread=["create a site"])) == f"CREATE_SITE {name}"


def test_the_name_may_come_with_a_size() -> None:
    said = hear("sunrise bakery on the standard tier", thread=["create a site"])
    assert in_short(said) == "CREATE_SITE standard sunrise bakery"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("list my sites", "LIST_SITES"),
        ("is the shop up?", "GET_SITE shop"),
        ("delete the blog", "DELETE_SITE blog"),
        ("what can you do?", "HELP"),
    ],
)
def test_a_question_may_be_left_open(text: str, heard: str) -> None:
    assert in_short(hear(text, thread=["create a site"])) == heard


@pytest.mark.parametrize(
    "text", ["never mind", "actually forget it", "no thanks", "cancel", "nothing, sorry"]
)
@pytest.mark.parametrize("before", ["create a site", "delete my site", "log me in"])
def test_a_question_may_be_called_off(text: str, before: str) -> None:
    assert in_short(hear(text, thread=[before])) == "decline nothing_asked"


@pytest.mark.parametrize(
    "answer",
    [
        "shop",
        "the shop",
        "the shop please",
        "I mean the shop",
        "it's the shop",
        "the one called shop",
        "the shpo",
    ],
)
@pytest.mark.parametrize(
    ("before", "action"),
    [("delete my site", "DELETE_SITE"), ("log me in", "OPEN_ADMIN"), ("is my site up?", "GET_SITE")],
)
def test_the_site_asked_for_is_what_is_answered(answer: str, before: str, action: str) -> None:
    assert in_short(hear(answer, thread=[before])) == f"{action} shop"


def test_both_will_do_for_looking_but_not_for_deleting() -> None:
    assert in_short(hear("both of them", thread=["is my site up?"])) == "GET_SITE blog; GET_SITE shop"
    assert in_short(hear("both of them", thread=["delete my site"])) == "ask tenant: blog shop"


@pytest.mark.parametrize(
    ("before", "text", "heard"),
    [
        ("is the shop up?", "open its admin", "OPEN_ADMIN shop"),
        ("is the shop up?", "log me into it", "OPEN_ADMIN shop"),
        ("is the shop up?", "delete that one", "DELETE_SITE shop"),
        ("how is the shop doing?", "delete it", "DELETE_SITE shop"),
        ("is the shop up?", "what's the address?", "GET_SITE shop"),
        ("is the shop up?", "and the other one?", "GET_SITE blog"),
        ("open the admin of the shop", "same for the blog", "OPEN_ADMIN blog"),
        ("is the shop up?", "and the blog?", "GET_SITE blog"),
        ("is the shop up?", "and now?", "GET_SITE shop"),
        ("delete the shop", "the blog too", "DELETE_SITE blog"),
        ("delete the shop", "no, the blog", "DELETE_SITE blog"),
    ],
)
def test_a_message_refers_to_the_one_before(before: str, text: str, heard: str) -> None:
    assert in_short(hear(text, thread=[before])) == heard


def test_it_may_be_a_site_that_was_just_made() -> None:
    thread = ["create a site", "Tall Ships"]
    assert in_short(hear("is it up yet?", "tall-ships blog", thread)) == "GET_SITE tall-ships"
    assert in_short(hear("open its admin please", "tall-ships blog", thread)) == "OPEN_ADMIN tall-ships"


def test_nothing_is_meant_by_it_when_nothing_was_spoken_of() -> None:
    assert in_short(hear("delete it")) == "ask tenant: blog shop"


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("create a site called New Day, then list my sites", "CREATE_SITE New Day; LIST_SITES"),
        ("delete the blog and create a site called New Day", "DELETE_SITE blog; CREATE_SITE New Day"),
        ("is the shop up? and open the admin of the blog", "GET_SITE shop; OPEN_ADMIN blog"),
        ("check the shop and log me in", "GET_SITE shop; OPEN_ADMIN shop"),
        ("make a new site called One and open its admin", "CREATE_SITE One; OPEN_ADMIN one"),
        ("delete the blog and the shop", "DELETE_SITE blog; DELETE_SITE shop"),
        ("how are the blog and the shop?", "GET_SITE blog; GET_SITE shop"),
        ("list my sites and tell me what you can do", "LIST_SITES; HELP"),
        (
            "make a site called One, delete the blog, and list my sites",
            "CREATE_SITE One; DELETE_SITE blog; LIST_SITES",
        ),
        ("open the admin of the shop, but don't delete the blog", "OPEN_ADMIN shop"),
    ],
)
def test_several_wishes_are_heard_in_order(text: str, heard: str) -> None:
    assert in_short(hear(text)) == heard


def test_what_must_be_asked_first_keeps_the_rest_waiting() -> None:
    assert in_short(hear("create a site and list my sites")) == "ask name"


def test_a_wish_said_twice_is_one_wish() -> None:
    said = "I want a site called Moss. Please create a site called Moss."
    assert in_short(hear(said)) == "CREATE_SITE Moss"
