"""Deleting: asked for in so many words it is understood, and nothing else ever is taken for it."""

import itertools

import pytest

from aipress.chat.offline.outcome import Wish
from tests.chat.offline.hearing import hear, in_short

REQUESTS = [
    "delete the shop",
    "please delete my shop",
    "can you delete the shop for me?",
    "I want to delete the shop",
    "i want the shop gone",
    "please have the shop removed",
    "the shop needs to be deleted",
    "the shop can go, delete it please",
    "get rid of the shop",
    "take down the shop for good",
    "wipe the shop completely",
    "delete the site called shop",
    'delete the site "shop"',
    "delete this site: shop",
    "shop: delete",
    "remove shop from my account",
    "delete the shop site and everything in it",
    "delete my shop, I'm closing the business",
    "delete the shop - it's obsolete",
    "we are closing the shop, so please delete it",
    "I'm done with the shop. Delete it.",
    "dleete the shop",
    "plz delete teh shop",
    "DELETE THE SHOP",
    "delete the shop but keep the blog",
    "delete the blog, no, the shop",
]

# What stands around the words "delete the shop" without making them a request.
NO_REQUESTS = [
    "don't {}",
    "please do not {}",
    "never {}",
    "no {}",
    "I don't want to {}",
    "I'd rather not {}",
    "there is no need to {}",
    "how do I {}?",
    "tell me how to {}",
    "what happens if I {}",
    "should I {}?",
    "can I {}?",
    "is it a good idea to {}?",
    "who can {}?",
    "did you {}?",
    "are you going to {}?",
    "will you {} when I stop paying?",
    "would you {} if you were me?",
    "my boss told me to {}",
    "a customer wants me to {}",
    "somebody wrote: {}",
    '"{}"',
    "translate '{}' to French",
    "write '{}' on the homepage",
    'search the logs for "{}"',
    "create a site called {}",
    "remind me to {}",
    "the option to {} is missing",
    "I was going to {} but changed my mind",
    "I might {}",
    "it won't let me {}",
    "if it is down, {}",
    "{} if it is down",
    "{} when the year ends",
    "{} tomorrow",
    "back it up before you {}",
    "instead of trying to {}, back it up",
    "{}? no!",
    "{}. Actually no, don't.",
    "{}... just kidding",
    "{}. No, wait.",
    "{}, never mind",
    "{} - no, keep it",
    "{} posts",
    "{}'s homepage",
    "{} from the menu",
]

PARTS = """about page|homepage|front page|spam comments|user bob|plugin akismet|theme|logo|menu|sidebar|cache|latest backup|backups|
    staging copy|domain|certificate|error log|database|uploads|draft|newsletter|banner|title|password|invoice|cron job|last post|wiki|
    blog section|blog posts|sitemap|site icon|wordpress cache|old orders|'hello world' page|"old news" post|wrong one""".split(
    "|"
)


@pytest.mark.parametrize("text", REQUESTS)
def test_a_request_to_delete_is_understood(text: str) -> None:
    assert hear(text) == [Wish("DELETE_SITE", {"tenant": "shop"})]


@pytest.mark.parametrize("said", NO_REQUESTS)
@pytest.mark.parametrize("verb", ["delete", "remove", "get rid of"])
def test_speaking_of_deleting_is_not_asking_for_it(said: str, verb: str) -> None:
    text = said.format(f"{verb} the shop")
    assert not _deletes(text)
    assert not _deletes(text, "shop")
    assert not _deletes(text, thread=["delete my site"])


@pytest.mark.parametrize("part", [part.strip() for part in PARTS])
def test_deleting_something_of_a_site_is_not_deleting_the_site(part: str) -> None:
    verbs = ("delete", "get rid of")
    wheres = ("the {}", "my {} please", "the {} on the shop", "the shop's {}", "the {} of tea house")
    for verb, where in itertools.product(verbs, wheres):
        text = f"{verb} {where.format(part)}"
        for sites, thread in (("blog shop", []), ("tea-house", []), ("shop", ["is it up?"])):
            assert not _deletes(text, sites, thread), (text, sites, thread)


@pytest.mark.parametrize(
    ("before", "text"),
    [
        ("delete my site", "don't touch the blog"),
        ("delete my site", "is the blog up?"),
        ("delete my site", "neither"),
        ("delete my site", "actually, keep them all"),
        ("delete my site", "hmm let me think"),
        ("delete the shop", "not the blog"),
        ("delete the shop", "but keep the blog"),
        ("delete the shop", "what about the blog?"),
        ("delete the shop", "the blog is fine"),
        ("delete the shop", "yes"),
        ("connect example.com to the blog", "remove it"),
        ("write a post about the shop", "delete it"),
        ("create a staging copy of the shop", "delete it"),
    ],
)
def test_what_follows_is_only_deleted_when_it_says_so(before: str, text: str) -> None:
    assert not _deletes(text, thread=[before])


@pytest.mark.parametrize("text", ["delete my website", "remove a site", "delete", "delete all my sites"])
def test_of_several_sites_the_one_to_delete_is_asked_for(text: str) -> None:
    assert in_short(hear(text)) == "ask tenant: blog shop"


def test_a_blog_is_not_a_bakery() -> None:
    assert in_short(hear("delete my site", "sunrise-bakery")) == "DELETE_SITE sunrise-bakery"
    assert in_short(hear("delete the blog", "sunrise-bakery")) == "ask tenant: sunrise-bakery"


def _deletes(text: str, sites: str = "blog shop", thread: list[str] | None = None) -> bool:
    return "DELETE_SITE" in in_short(hear(text, sites, thread or []))
