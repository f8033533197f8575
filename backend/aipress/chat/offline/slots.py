"""What an action is told besides the site: level, source, window, metric, tier, domain and the rest, from a clause."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from aipress.chat.offline import naming
from aipress.chat.offline.bundles import bundle
from aipress.chat.offline.clauses import Clause
from aipress.chat.offline.lexicon import levels, sources, tiers
from aipress.chat.offline.searching import looked_for
from aipress.chat.offline.times import find_moment, find_month, find_window
from aipress.chat.offline.vocabulary import METRICS
from aipress.plans.arguments import TIERS


@dataclass(frozen=True)
class Spoken:
    """A clause with what reading its slots needs."""

    clause: Clause
    text: str
    today: date


def fill(action: str, spoken: Spoken) -> dict[str, str]:
    """The arguments of `action` said in the clause, without the site."""
    found = {name: read(spoken) for name, read in SLOTS.get(action, {}).items()}
    return {name: value for name, value in found.items() if value}


def _level(spoken: Spoken) -> str | None:
    said = levels().values([word for word in spoken.clause.words if word])
    return next((level for level in LEAST_SERIOUS_FIRST if level in said), None)


def _source(spoken: Spoken) -> str | None:
    said = sources().values(spoken.clause.words)
    return next((source for source in MOST_TELLING_FIRST if source in said), None)


def _looked_for(spoken: Spoken) -> str | None:
    found = looked_for(spoken.clause, spoken.text)
    words = found.lower().split() if found else []
    is_command = bool(words) and all(
        levels().values([word]) or sources().values([word]) or word in ("any", "the") for word in words
    )
    is_quoted = any(token.kind == "quote" for token in spoken.clause.tokens)
    return found if is_quoted or not is_command else None


def _since(spoken: Spoken) -> str | None:
    return find_window(spoken.clause.words, spoken.today)


def _around(spoken: Spoken) -> str | None:
    tokens = spoken.clause.tokens
    return find_moment(spoken.text[tokens[0].start : tokens[-1].end], spoken.today) if tokens else None


def _month(spoken: Spoken) -> str | None:
    return find_month(
        [word or token.text for word, token in zip(spoken.clause.spelt, spoken.clause.tokens, strict=True)],
        spoken.today,
    )


def _metric(spoken: Spoken) -> str | None:
    said = {
        match.meaning.removeprefix("METRIC ")
        for match in spoken.clause.matches
        if match.meaning.startswith("METRIC ")
    }
    counted = spoken.clause.has("PLOT") and spoken.clause.has("ERROR")
    return next((metric for metric in METRICS if metric in said), "errors" if counted else None)


def _tier(spoken: Spoken) -> str | None:
    words = spoken.clause.words
    named = [
        place
        for place, word in enumerate(words)
        if word in TIERS and words[place + 1 : place + 2] != ("bundle",)
    ]
    if named:
        kept = [place for place in named if not _is_left(words, place)]
        return words[kept[0]] if kept else None
    said = tiers().values(words)
    near_tier = any(
        words[at] in ("tier", "plan", "package", "tiers", "plans", "size", "level")
        for at in range(len(words))
    )
    return said[0] if said and near_tier else None


def _is_left(words: Sequence[str], place: int) -> bool:
    """ "From basic to performance", "performance is too much, basic will do": the size a site has now."""
    before = [word for word in words[max(0, place - 3) : place] if word not in ("the", "tier", "plan")]
    following = words[place + 1 : place + 5]
    is_too_much = set(following) & {"overkill", "too", "expensive", "not"} and place + 1 < len(words)
    is_given_up = {"not", "longer"} & set(before) and {"need", "want"} & set(before)
    is_before_arrow = following[:2] == ("-", ">")
    return (
        before[-1:] in (["from"], ["fancy"], ["off"]) or bool(is_too_much or is_given_up) or is_before_arrow
    )


def _tier_of_new_site(spoken: Spoken) -> str | None:
    words = spoken.clause.words
    if len(words) <= 2 and (alone := set(words) & set(TIERS)):
        return alone.pop()
    for place, word in enumerate(words):
        following = words[place + 1] if place + 1 < len(words) else ""
        before = next((other for other in reversed(words[:place]) if other not in (":", "=")), "")
        is_size = (
            following in ("tier", "plan", "package", "size", "site", "website", "blog", "shop", "store")
            or before in ("tier", "plan")
            or (before in ("on", "onto", "at", "in") and not following)
        )
        if word in TIERS and (
            is_size or (before in ("on", "the") and following in ("", "please", "bundle", "with", "and"))
        ):
            return word
        if (following in PLAN or before in PLAN) and (said := tiers().values([word, following])):
            return said[0]
    return None


def _domain(spoken: Spoken) -> str | None:
    return next((token.word for token in spoken.clause.tokens if token.kind == "domain"), None)


def _path(spoken: Spoken) -> str | None:
    return next((token.text for token in spoken.clause.tokens if token.kind == "path"), None)


def _bundle(spoken: Spoken) -> str | None:
    return bundle(spoken.clause)


def _new_name(spoken: Spoken) -> str | None:
    return naming.new_name(spoken.clause, spoken.text)


def _other_name(spoken: Spoken) -> str | None:
    return naming.other_name(spoken.clause, spoken.text)


def _to(spoken: Spoken) -> str | None:
    """The cloud that is named last: "move it from this machine to Google Cloud"."""
    named = [
        match.meaning.split()[1] for match in spoken.clause.matches if match.meaning.startswith("A_CLOUD ")
    ]
    return named[-1] if named else None


def _label(spoken: Spoken) -> str | None:
    return naming.label(spoken.clause, spoken.text)


def _backup(spoken: Spoken) -> str | None:
    """A backup's id; `latest` when no other is hinted at."""
    for place, token in enumerate(spoken.clause.tokens):
        before = spoken.clause.tokens[place - 1].word if place else ""
        if BACKUP_ID.fullmatch(token.text) or (
            before in ("backup", "snapshot", "id", "number", "#") and any(map(str.isdigit, token.text))
        ):
            return token.text
    words = set(spoken.clause.words)
    said = " ".join(spoken.clause.words)
    if "not" in words:
        return None
    if any(f"{one} {many}" in said for one in ("a", "any", "some") for many in ("backup", "snapshot")):
        return None
    is_older = (
        "one of" in said
        or find_window(spoken.clause.words, spoken.today)
        or words
        & {
            "older",
            "earlier",
            "previous",
            "specific",
            "different",
            "another",
            "which",
        }
    )
    if not spoken.clause.has("BACKUP") and not words & {"latest", "newest", "last"}:
        return None
    return None if is_older and not words & {"latest", "newest", "recent"} else "latest"


LEAST_SERIOUS_FIRST = ("debug", "info", "notice", "warning", "error")
MOST_TELLING_FIRST = ("slow", "cron", "mail", "php", "access", "platform", "wordpress")
PLAN = ("tier", "plan", "package", "size")
BACKUP_ID = re.compile(r"(bkp|bk|bak|backup|snap|snapshot)[_-]\w*\d\w*", re.IGNORECASE)
SLOTS: dict[str, dict[str, Callable[[Spoken], str | None]]] = {
    "CREATE_SITE": {"name": _new_name, "tier": _tier_of_new_site, "bundle": _bundle},
    "RENAME_SITE": {"name": _other_name},
    "GET_LOGS": {"level": _level, "source": _source, "q": _looked_for, "since": _since, "around": _around},
    "GET_METRICS": {"metric": _metric, "since": _since},
    "GET_BILLING": {"month": _month},
    "CREATE_BACKUP": {"label": _label},
    "RESTORE_BACKUP": {"backup": _backup},
    "ADD_DOMAIN": {"domain": _domain},
    "REMOVE_DOMAIN": {"domain": _domain},
    "CHECK_DOMAIN": {"domain": _domain},
    "CHANGE_TIER": {"tier": _tier},
    "MOVE_SITE": {"to": _to},
    "INSTALL_BUNDLE": {"bundle": _bundle},
    "PURGE_CACHE": {"path": _path},
}
