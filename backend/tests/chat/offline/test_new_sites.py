"""Wishes for a new site: what it is to be called, how large it is to be, and what is no wish for a site."""

import pytest

from aipress.chat.offline.outcome import Ask, Wish
from tests.chat.offline.hearing import hear, in_short

NAMES = {
    "create a site called Sunrise Bakery": "Sunrise Bakery",
    "Hi! Could you please create a new site for me called Mountain View Dental? Thanks!": "Mountain View Dental",
    "could we have a site for the school play, called Hamlet 2026?": "Hamlet 2026",
    "I need a website. Call it Stone Soup.": "Stone Soup",
    "make a site and call it Lens Light": "Lens Light",
    "set up a wordpress for our band The Velvet Hours": "The Velvet Hours",
    "make a new website for Sunrise Bakery": "Sunrise Bakery",
    "new site for St. Mary's Church": "St. Mary's Church",
    "New site: Harbor Lights": "Harbor Lights",
    "create site ocean-notes": "ocean-notes",
    "site called Sea Glass please": "Sea Glass",
    "I want my own site called The Reading Room": "The Reading Room",
    "my sister wants a website called Dance With Me": "Dance With Me",
    "i'm starting a podcast called Foxden and need a site for it": "Foxden",
    "create a site called Joe's Garage": "Joe's Garage",
    "create a site called Café Müller": "Café Müller",
    "create a site called 24 Hour Gym": "24 Hour Gym",
    "create another one called Second Wind": "Second Wind",
    "crete a new site nmaed Old Mill": "Old Mill",
    "craete a wesbite called Bread Alone": "Bread Alone",
    "CREATE A SITE CALLED FOX DEN": "FOX DEN",
}

COMMANDS_AS_NAMES = [
    "Delete Everything",
    "delete my site",
    "list my sites",
    "Undo",
    "the backup shop",
    "staging post",
    "Cache & Carry",
    "error 404",
    "How to delete a site",
    "my blog",
]

NO_SITES = [
    "create a post called Hello World",
    "create a page named About on the blog",
    "create a user called bob",
    "make a logo called Sunrise",
    "make me a sandwich",
    "build a house",
    "create a contact form on the shop",
    "a new page please",
    "create a poem",
]


@pytest.mark.parametrize(("text", "name"), NAMES.items())
@pytest.mark.parametrize("sites", ["", "blog shop"])
def test_a_new_site_is_called_what_the_person_called_it(text: str, name: str, sites: str) -> None:
    assert hear(text, sites) == [Wish("CREATE_SITE", {"name": name})]


@pytest.mark.parametrize("name", COMMANDS_AS_NAMES)
@pytest.mark.parametrize(
    "said", ["create a site called {}", 'make a website named "{}"', "new site, name: '{}'"]
)
def test_a_name_that_sounds_like_a_command_is_still_a_name(name: str, said: str) -> None:
    assert hear(said.format(name)) == [Wish("CREATE_SITE", {"name": name})]


@pytest.mark.parametrize(
    ("text", "tier"),
    [
        ("set up a shop called Green Thumb on the performance tier", "performance"),
        ("create a performance site called Green Thumb", "performance"),
        ("make me a site on the standard plan called Green Thumb", "standard"),
        ("build a shop called Green Thumb, performance tier", "performance"),
        ("make a website named Green Thumb on the free plan", "basic"),
    ],
)
def test_a_size_said_beside_the_name_is_kept(text: str, tier: str) -> None:
    assert hear(text) == [Wish("CREATE_SITE", {"name": "Green Thumb", "tier": tier})]


@pytest.mark.parametrize(
    "text",
    [
        "make me a website",
        "build me an online shop",
        "could I have another site?",
        "launch a website for my dog walking business",
        "new website please",
        "id like a site for my band",
    ],
)
def test_without_a_name_the_name_is_asked_for(text: str) -> None:
    assert in_short(hear(text)) == "ask name"


def test_a_size_is_remembered_while_the_name_is_asked_for() -> None:
    assert hear("create a site on the performance tier") == [
        Ask("name", "CREATE_SITE", {"tier": "performance"})
    ]
    assert hear("Sunrise Bakery", thread=["create a site on the performance tier"]) == [
        Wish("CREATE_SITE", {"name": "Sunrise Bakery", "tier": "performance"})
    ]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("create a site called Alpha and another called Beta", ["Alpha", "Beta"]),
        ("create a site called Alpha. Then create a site called Beta.", ["Alpha", "Beta"]),
        ("create two sites called Alpha and Beta", ["Alpha", "Beta"]),
        ("create three sites: Alpha, Beta and Gamma", ["Alpha", "Beta", "Gamma"]),
    ],
)
def test_several_new_sites_are_several_wishes(text: str, names: list[str]) -> None:
    assert hear(text) == [Wish("CREATE_SITE", {"name": name}) for name in names]


@pytest.mark.parametrize("text", NO_SITES)
def test_what_is_no_site_is_not_made(text: str) -> None:
    assert in_short(hear(text)) == "decline out_of_scope"
