"""Signals of a clause's form, beside the meanings of its words: is it a question, is the site there yet, is a name given."""

from itertools import pairwise

from aipress.chat.offline.clauses import SITE_WORD, Clause
from aipress.chat.offline.forms import (
    DEFINITE,
    SMALL,
    changes_into_a_name,
    gives_up_a_domain,
    is_tier_alone,
    may_go,
    misses_its_site,
)
from aipress.chat.offline.lexicon import known_words, levels, sources, tiers
from aipress.chat.offline.questions import of_questions
from aipress.chat.offline.strangers import unknown_places
from aipress.plans.arguments import TIERS


def meanings_of(clause: Clause) -> frozenset[str]:
    """All that is said in a clause: meanings of its words, and signals of its form."""
    words = clause.words
    said = {match.meaning.split()[0] for match in clause.matches}
    said |= {KINDS[token.kind] for token in clause.tokens if token.kind in KINDS}
    said |= {"SOURCE"} if sources().values(words) else set()
    said |= {"LEVEL"} if levels().values(words) else set()
    said |= {"TIERNAME"} if tiers().values(words) else set()
    said |= {"TIER_WORD"} if set(words) & set(TIERS) else set()
    said |= {"PERSON"} if PERSON & set(words) else set()
    said |= {"SECRET"} if SECRET & set(words) else set()
    said |= {"DELETED"} if {"deleted", "removed", "gone", "destroyed"} & set(words) else set()
    said |= {"STRANGE"} if _is_strange(clause) else set()
    said |= {"FAILED"} if FAILED & set(words) else set()
    said |= _of_sites(clause) | of_questions(clause) | _of_backups(clause)
    said -= {"RENAME"} if {"MAKE", "A_SITE"} <= said else set()
    if _calls_back(clause):
        said = said - {"RENAME", "RESTORE"} | {"UNDO"}
    elif {"UNDO", "RENAME"} <= said:
        said -= {"RENAME" if clause.places("UNDO") < clause.places("RENAME") else "UNDO"}
    return frozenset(said | _of_pairs(said, clause))


def _is_strange(clause: Clause) -> bool:
    """True when there is a word nobody knows that is not a site's name either."""
    names = unknown_places(clause)
    return any(
        word.isalpha() and word not in known_words() and place not in names
        for place, word in enumerate(clause.words)
    )


def _calls_back(clause: Clause) -> bool:
    """ "No, call it back", "give it its old name": undoing, said of a name. "Call it Back Office" is another name."""
    named = {place for mention in clause.mentions for place in range(mention.start, mention.end)}
    said = [token for place, token in enumerate(clause.tokens) if place not in named and token.kind == "word"]
    words = {token.word for token in said}
    marks = [token for token in said if token.word in NAME_IT_HAD]
    is_typed_as_name = any(mark.is_capitalised and mark is not said[0] for mark in marks)
    is_of_a_name = bool(words & NAMING) and (bool(words & {"back", "was"}) or "name" in words)
    return bool(marks) and is_of_a_name and words <= BACK_TO_A_NAME and not is_typed_as_name


def _of_sites(clause: Clause) -> set[str]:
    """A_SITE: one that is not there yet, "a blog"; BARE_SITE: "create site Sunrise"; THE_SITE: one that is."""
    signals = {"THE_SITE"} if clause.mentions else set()
    for place in clause.places("SITE"):
        following = clause.words[place + 1] if place + 1 < len(clause.words) else ""
        if following in NOT_THE_SITE:
            continue
        before = clause.words[max(0, place - 4) : place]
        if before[-1:] and before[-1] in OUTDATED:
            continue
        nearest = next((word for word in reversed(before) if word in INDEFINITE or word in DEFINITE), "")
        if nearest == "own" and not clause.has("MAKE", "WANT", "NEW"):
            nearest = "my"
        is_of_a_site = (
            following in ("of", "on", "for") and "THE_SITE" in signals and clause.words[place] in WORDPRESS
        )
        is_there = nearest or is_of_a_site
        signals.add("A_SITE" if nearest in INDEFINITE else "THE_SITE" if is_there else "BARE_SITE")
    if set(clause.spelt) & NAMED or _is_told_a_name(clause):
        signals.add("NAMED")
    if _names_a_thing(clause) and not signals & {"A_SITE", "BARE_SITE"}:
        signals.add("THING")
    signals |= {"LEADING"} if clause.opening in clause.places("SITE") else set()
    signals |= _of_new_sites(clause)
    return signals | _of_form(clause, signals)


def _of_form(clause: Clause, found: set[str]) -> set[str]:
    """What the order of the words tells of the site: that it gets another name or size, or is all that is spoken of."""
    signals: set[str] = set()
    if any(
        token.is_capitalised and token.kind == "word" and token.word not in SPOKEN
        for token in clause.tokens[1:]
    ):
        signals.add("PROPER")
    pairs = set(pairwise(clause.words))
    bare = [word for word in clause.words if word not in ("the", "my", "our")]
    pairs_past_the = set(pairwise(bare))
    signals |= (
        {"MADE_SITE"} if pairs & {("make", SITE_WORD), ("turn", SITE_WORD), ("put", SITE_WORD)} else set()
    )
    signals |= (
        {"RENAME"}
        if "A_SITE" not in found
        and pairs_past_the & {("call", SITE_WORD), ("name", SITE_WORD), ("title", SITE_WORD)}
        else set()
    )
    signals |= {"DETACH"} if gives_up_a_domain(clause) else set()
    signals |= {"BROKEN"} if misses_its_site(clause) else set()
    signals |= {"ENDS_GOING"} if may_go(clause) else set()
    signals |= {"TIER_ALONE"} if is_tier_alone(clause) else set()
    signals |= {"RENAME"} if changes_into_a_name(clause) else set()
    signals |= {"SITE_ALONE"} if _is_alone(clause, "THE_SITE" in found) else set()
    return signals


def _is_alone(clause: Clause, is_there: bool) -> bool:
    """ "Show me the shop": a site, and nothing of it."""
    unknown = unknown_places(clause)
    said = [SITE_WORD if place in unknown else word for place, word in enumerate(clause.words)]
    content = {
        word for word in said[clause.opening :] if word not in SMALL and word not in DEFINITE - {SITE_WORD}
    }
    return content <= {SITE_WORD, "site", "website", *SHOWING} and (SITE_WORD in content or is_there)


def _names_a_thing(clause: Clause) -> bool:
    """ "A user called Bob": what is to be named is no site."""
    sites = {place for match in clause.matches if match.meaning == "SITE" for place in match.places}
    return any(
        word in NAMED and place and place - 1 not in sites and clause.spelt[place - 1] not in NAMEABLE
        for place, word in enumerate(clause.spelt)
    )


def _of_new_sites(clause: Clause) -> set[str]:
    """MAKE_SITES: "create two sites"; CAN_MAKE: "can you create sites?"."""
    makes = [match for match in clause.matches if match.meaning == "MAKE" and match.start == clause.opening]
    many = clause.places("SITES")
    if not makes or not many:
        return set()
    is_bare = many[0] in {match.end for match in makes}
    return {"CAN_MAKE"} if is_bare and clause.ends_asking else {"MAKE_SITES"}


def _is_told_a_name(clause: Clause) -> bool:
    words = clause.words
    return any(
        pair in (("call", "it"), ("name", "it"), ("name", ":"), ("name", "is"), ("the", "name"))
        for pair in pairwise(words)
    )


def _of_backups(clause: Clause) -> set[str]:
    words = set(clause.words)
    is_history = bool(words & {"history", "list", "dates"})
    signals = {"LATEST"} if {"last", "latest", "recent", "newest"} & words else set()
    signals |= {"SHOW_ONLY"} if {"show", "list", "display", "see", "view", "which"} & words else set()
    for match in clause.matches:
        if match.meaning == "BACKUP":
            last = clause.words[match.end - 1]
            is_many = is_history or bool(
                {last, clause.words[match.start], *clause.words[match.start + 1 : match.end]} & MANY_BACKUPS
            )
            signals.add("BACKUPS" if is_many else "BACKUP_ONE")
    return signals


def _of_pairs(said: set[str], clause: Clause) -> set[str]:
    """Meanings that change each other: an error asked "why" is for diagnosis, one counted is a metric."""
    signals = set()
    if {"WHY", "ERROR"} <= said and "LOG" not in said:
        signals.add("WHY_ERROR")
    if "ERROR" in said and said & {"SHOW", "QUESTION", "FIND"} and "WHY" not in said:
        signals.add("SHOWN_ERROR")
    if said & {"METRIC", "PLOT"} and "LOG" not in said:
        signals.add("METRIC_ERROR")
    if {"DOWN", "QUESTION"} <= said:
        signals.add("DOWN_ASKED")
    words = set(clause.words)
    if (
        words & {"upgrade", "downgrade", "scale", "resize"}
        and not said & {"WORDPRESS", "CORE"}
        and not words & {"version", "latest", "newest", "wordpress", "wp"}
    ):
        signals.add("RESIZED")
    if said & {"WORDPRESS", "CORE"} or words & {"version", "update", "updates", "wordpress", "wp"}:
        signals.add("UPDATED")
    if {"NEW", "MAKE"} & said and said & {"A_SITE", "BARE_SITE"}:
        signals.add("MAKE_NEW")
    return signals


NAME_IT_HAD = frozenset("back was old previous former original earlier".split())
NAMING = frozenset("call name rename retitle change give restore put switch set use".split())
BACK_TO_A_NAME = (
    NAME_IT_HAD
    | NAMING
    | frozenset(
        """no oh oops ok okay sorry please wait now again it its the that this my our to what before called named had has have with by
        i want would like you can could let us just title site""".split()
    )
)
KINDS = {"domain": "DOMAIN_NAME", "path": "PATH", "quote": "QUOTE"}
INDEFINITE = frozenset(
    "a an another new any one fresh some second third fourth fifth additional first extra own".split()
)
MANY_BACKUPS = frozenset("backups snapshots points ups versions states copies far".split())
OUTDATED = frozenset("old outdated older ancient obsolete stale previous".split())
NOT_THE_SITE = frozenset(
    "post posts article logo owner page pages bundle name title icon menu map traffic speed".split()
)
NAMED = frozenset("called named titled entitled dubbed".split())
WORDPRESS = frozenset(("wordpress", "wp"))
NAMEABLE = INDEFINITE | frozenset(("be", "it", "is", "site", SITE_WORD, "project", "instance", ""))
SPOKEN = frozenset(
    (
        "i",
        "ok",
        "wordpress",
        "php",
        "ssl",
        "dns",
        "wp",
        "url",
        "cpu",
        "ram",
        "admin",
        "i'm",
        "i'd",
        "sql",
        "https",
        "please",
    )
)
SHOWING = frozenset("show open see view display check get look up".split())
PERSON = frozenset("user users role rights an him her someone".split())
SECRET = frozenset("password passwords credentials secret secrets token".split())
FAILED = frozenset("fail failed failing failure failures broke missed sent".split())
