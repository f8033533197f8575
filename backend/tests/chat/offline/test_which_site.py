"""Which site is meant: the only one, the one named or nearly named, the one spoken of, or one to be asked for."""

import pytest

from aipress.chat.offline.outcome import Wish
from tests.chat.offline.hearing import hear, in_short

ONE_SITE_ACTIONS = {"is it up?": "GET_SITE", "log me in": "OPEN_ADMIN", "delete my site": "DELETE_SITE"}


@pytest.mark.parametrize(("text", "action"), ONE_SITE_ACTIONS.items())
def test_the_only_site_is_meant_when_none_is_named(text: str, action: str) -> None:
    assert in_short(hear(text, "happy-paws")) == f"{action} happy-paws"


@pytest.mark.parametrize("text", ONE_SITE_ACTIONS)
def test_of_several_sites_the_person_is_asked_which(text: str) -> None:
    assert in_short(hear(text, "blog shop happy-paws")) == "ask tenant: blog shop happy-paws"


@pytest.mark.parametrize("text", ONE_SITE_ACTIONS)
def test_without_any_site_that_is_said(text: str) -> None:
    assert in_short(hear(text, "")) == "decline no_sites"


def test_only_the_sites_that_could_be_meant_are_offered() -> None:
    assert in_short(hear("is the bakery up", "sunrise-bakery blog moonlight-bakery")) == (
        "ask tenant: sunrise-bakery moonlight-bakery"
    )


@pytest.mark.parametrize(
    ("typed", "heard_as"),
    [
        ("sunrise bakery", ""),
        ("Sunrise Bakery", ""),
        ("sunrisebakery", ""),
        ("the bakery", ""),
        ("sunrize bakery", "sunrize bakery"),
        ("sunrise-bakrey", "sunrise-bakrey"),
        ("snurise", "snurise"),
    ],
)
def test_a_name_is_known_in_every_spelling_and_a_misspelt_one_is_told(typed: str, heard_as: str) -> None:
    assert hear(f"how is {typed}?", "sunrise-bakery blog") == [
        Wish("GET_SITE", {"tenant": "sunrise-bakery"}, heard_as)
    ]


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("how is acme-corp?", "acme-corp"),
        ("status of acme-corp", "acme-corp"),
        ("open acme-corp's admin", "acme-corp"),
        ("delete acme-corp", "acme-corp"),
        ("show me contoso", "contoso"),
    ],
)
@pytest.mark.parametrize("sites", ["blog", "blog shop"])
def test_a_stranger_is_no_such_site_except_to_an_admin(said: str, name: str, sites: str) -> None:
    assert in_short(hear(said, sites)) == f"decline no_such_site {name}"
    (wish,) = hear(said, sites, is_admin=True)
    assert isinstance(wish, Wish)
    assert wish.arguments == {"tenant": name}


def test_what_can_be_no_slug_is_no_such_site_to_an_admin_either() -> None:
    assert in_short(hear("delete магазин", is_admin=True)) == "decline no_such_site магазин"


@pytest.mark.parametrize("text", ["create a blog called Crumbs", "create a travel blog called Crumbs"])
def test_a_new_blog_is_not_the_one_there_is(text: str) -> None:
    assert hear(text) == [Wish("CREATE_SITE", {"name": "Crumbs"})]


@pytest.mark.timeout(120)  # of a search that grows with every name there is, none would see the end
def test_a_long_message_is_understood_among_thousands_of_sites() -> None:
    sites = " ".join(f"site-number-{number}" for number in range(2000))
    text = "how is site nummber 1234? " + "zxqv and site number of my sites " * 200
    assert in_short(hear(text, sites)).startswith("GET_SITE site-number-1234")
