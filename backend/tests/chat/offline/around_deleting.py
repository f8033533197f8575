"""Sentences around deleting in which no site is to be deleted, made by putting parts together; the same ones every time."""

import random
from collections.abc import Iterator

SITES = (
    "shop",
    "blog",
    "harbor-books",
    "Harbor Books",
    "luna cafe",
    "my shop",
    "the blog",
    "the Harbor Books site",
)
KNOWN = "shop blog harbor-books luna-cafe"
VERBS = """delete|remove|erase|wipe|destroy|get rid of|throw away|trash|kill|drop|nuke|bin|scrap|take down|clear|discard|rm|del|wipe out|
    do away with|eliminate|purge""".split("|")
PARTS = """the contact page|the about page|a blog post|the last post|all spam comments|the comment from Bob|the akismet plugin|the theme|the logo|
    the header image|old photos|the user bob|my account|the newsletter form|the backup from monday|the oldest backup|all backups|the cache|
    the cached pages|the staging copy|the staging site|the test copy|the domain old.example|www.old.example|the log files|the error log|
    the contact form|three products|the menu item|the sidebar|a category|the draft called delete me|the database table wp_spam|
    the SSL certificate|the coupon|the gallery|the old prices|the maintenance notice|the admin user|the cron job|the redirect|the favicon|
    everything in the trash|the media library|the footer text|the welcome email|my credit card|the member Anna""".replace(
    "\n", ""
).split("|")
ABOUT_PARTS = (
    "{verb} {part} on {site}",
    "please {verb} {part} of {site}",
    "can you {verb} {part} from {site}?",
    "{site}: {verb} {part}",
    "I want to {verb} {part} at {site}",
    "could we {verb} {part} on {site} today",
    "{verb} {part}, {site} is too full",
    "on {site} I need you to {verb} {part}",
    "{verb} {part} but leave {site} alone",
)
NOT_NOW = (
    "don't {verb} {site}",
    "please do not {verb} {site}",
    "never {verb} {site}",
    "you must not {verb} {site}",
    "do not ever {verb} {site}",
    "I don't want to {verb} {site}",
    "I would rather not {verb} {site}",
    "whatever happens, don't {verb} {site}",
    "I was going to {verb} {site} but changed my mind",
    "we almost decided to {verb} {site}",
    "I'm thinking about whether to {verb} {site}",
    "maybe one day I will {verb} {site}",
    "how do I {verb} {site}?",
    "how can I {verb} {site}",
    "what happens if I {verb} {site}?",
    "should I {verb} {site}?",
    "is it safe to {verb} {site}?",
    "would it be wise to {verb} {site}",
    "who can {verb} {site}?",
    "can my colleagues {verb} {site}?",
    "could a hacker {verb} {site}?",
    "how long does it take to {verb} {site}",
    "why would I {verb} {site}",
    "what does it cost to {verb} {site}?",
    "if nobody visits, {verb} {site}",
    "{verb} {site} if it is down",
    "{verb} {site} when the backup is done",
    "unless I say so, never {verb} {site}",
    "my partner wants to {verb} {site}",
    "a customer asked me to {verb} {site}",
    "Bob said: {verb} {site}",
    "he wrote {quote}{verb} {site}{quote} in a review",
    "search the logs of {site} for {quote}{verb} {site}{quote}",
    "the comment says {quote}{verb} {site} now{quote}",
    "create a site called {quote}{verb} {site}{quote}",
    "label the backup of {site} {quote}before we {verb} {site}{quote}",
    "rename {site} to {quote}{verb} me{quote}",
    "instead of trying to {verb} {site}, back it up",
    "before I {verb} {site}, show me its backups",
    "back up {site} so that I can {verb} it later",
    "did somebody {verb} {site}?",
    "did you {verb} {site}?",
    "when will you {verb} {site}?",
    "tell me how to {verb} {site}",
    "explain what it means to {verb} {site}",
    "I would never {verb} {site}",
    "nobody should {verb} {site}",
    "no need to {verb} {site}",
    "stop, don't {verb} {site}!",
    "not {verb} {site}, only look at it",
    "{verb} {site}? no way",
    "{verb} {site}... just kidding",
    "the plugin wanted to {verb} {site}, what happened?",
    "is there a way to {verb} {site} by accident?",
    "I forbid you to {verb} {site}",
    "what is the difference between deactivating and wanting to {verb} {site}",
)
DONE = (
    "was {site} deleted?",
    "who deleted {site}?",
    "is {site} gone?",
    "I deleted {site} yesterday, is it gone?",
    "has {site} been removed?",
    "someone removed pages from {site}",
    "my posts on {site} were deleted, restore the latest backup",
    "the images of {site} have been erased, why?",
    "why was {site} taken down?",
    "{site} went down",
    "{site} is down",
    "is {site} down?",
    "deleted pages still show on {site}",
    "undo the deletion of {site}",
    "cancel deleting {site}",
    "take {site} offline for an hour",
    "put {site} in maintenance mode",
    "close {site} for the holidays",
    "{site} lost all its pages",
    "{site} keeps losing orders",
    "list deleted sites",
    "keep {site}",
    "leave {site} as it is",
    "I need {site} more than ever",
    "{site} has to stay",
    "nothing on {site} may be deleted",
    "the old {site} must not be deleted",
    "please make sure {site} is not deleted",
    "make sure nobody deletes {site}",
)
OTHERWISE = (
    "is {site} up?",
    "show the logs of {site}",
    "errors of {site} since yesterday",
    "back up {site}",
    "list the backups of {site}",
    "restore the latest backup of {site}",
    "create a staging copy of {site}",
    "push the staging copy of {site} live",
    "clear the cache of {site}",
    "connect new.example to {site}",
    "is new.example pointing to {site}?",
    "move {site} to basic",
    "upgrade {site} to performance",
    "update wordpress on {site}",
    "install the store bundle on {site}",
    "open the admin of {site}",
    "rename {site} to Gone Fishing",
    "what did {site} cost last month?",
    "how can I save money on {site}",
    "why is {site} so slow",
    "how many visitors did {site} have",
    "how much disk does {site} use",
    "{site}",
    "and {site}?",
    "what about {site}",
    "the same for {site}",
    "yes",
    "ok",
    "do it",
    "go ahead",
    "thanks, {site} looks great",
    "tell me about {site}",
    "write a poem about {site}",
    "make me an admin of {site}",
    "undo",
    "help with {site}",
)
OPENINGS = (
    "",
    "",
    "",
    "hi, ",
    "please ",
    "well, ",
    "ok so ",
    "listen: ",
    "one question: ",
    "sorry to bother you, ",
    "hey ",
)
ENDINGS = ("", "", "", "!", ".", " please", " thanks", " asap", ", ok?", " right now", " today")


def sentences(count: int) -> Iterator[tuple[str, tuple[str, ...]]]:
    """`count` different sentences, each with what was said before it: nothing, or something harmless."""
    chance = random.Random(2026)  # noqa: S311
    kinds = (ABOUT_PARTS, NOT_NOW, NOT_NOW, DONE, OTHERWISE)
    seen: set[str] = set()
    while len(seen) < count:
        form = chance.choice(chance.choice(kinds))
        told = form.format(
            verb=chance.choice(VERBS).strip(),
            part=chance.choice(PARTS).strip(),
            site=chance.choice(SITES),
            quote='"',
        )
        opening = chance.choice(OPENINGS)
        ending = chance.choice(ENDINGS) if told[-1].isalnum() else ""
        text = opening + told + ending
        if text not in seen:
            seen.add(text)
            yield (
                text,
                chance.choice(((), (), ("is harbor books up?",), ("show me the backups of the shop",))),
            )
