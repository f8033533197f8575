"""One message being decided on: what it asks for becomes a wish with all it needs, a question for what is missing, or a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise

from aipress.chat.offline import naming
from aipress.chat.offline.clauses import Clause
from aipress.chat.offline.directory import Site
from aipress.chat.offline.mood import takes_back
from aipress.chat.offline.names import phrases
from aipress.chat.offline.outcome import Ask, Decline, Outcome, Wish
from aipress.chat.offline.reading import Token
from aipress.chat.offline.slots import Spoken, fill
from aipress.chat.offline.tenants import Company, Named, name_site, points_clearly, says_another_kind
from aipress.chat.offline.wishes import Wanted, corrects
from aipress.plans.actions import ACTIONS


@dataclass(frozen=True)
class Caller:
    """Whose message it is: the sites they may name, and whether they may name any."""

    sites: tuple[Site, ...] = ()
    is_admin: bool = False
    today: date = field(default_factory=date.today)

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(site.slug for site in self.sites)


@dataclass(frozen=True)
class Memory:
    """What the thread left behind: the last wish, the site spoken of, a question still open."""

    wish: Wish | None = None
    site: str | None = None
    ask: Ask | None = None


@dataclass(frozen=True)
class Turn:
    """One message being decided on."""

    text: str
    tokens: Sequence[Token]
    clauses: Sequence[Clause]
    caller: Caller
    memory: Memory
    site: str | None = None


def grant(wanted: Wanted, turn: Turn) -> list[Outcome]:
    """What comes of one thing asked for: a wish for each site meant, or the question or refusal in its place."""
    fields = ACTIONS[wanted.action].arguments.model_fields
    arguments = {**_domain_spoken_of(wanted, turn), **_arguments(wanted, turn)}
    if wanted.action == "CREATE_SITE" and wanted.clause.has("SITES"):
        return _new_sites(wanted, arguments, turn)
    if "tenant" not in fields:
        return complete(wanted.action, arguments, turn)
    named = _site_meant(wanted, turn)
    if named.unknown:
        return [Decline("no_such_site", named.unknown)]
    if slugs := named.several or ((named.slug,) if named.slug else ()):
        told = ({"tenant": slug, **arguments} for slug in slugs)
        found = (outcome for arguments in told for outcome in complete(wanted.action, arguments, turn))
        return [_heard_as(outcome, named.typed) for outcome in found]
    if not fields["tenant"].is_required():
        return complete(wanted.action, arguments, turn)
    return [_ask_which(wanted.action, arguments, named, turn)]


def complete(action: str, arguments: dict[str, str], turn: Turn) -> list[Outcome]:
    """The wish, or the question for the first argument still missing."""
    fields = ACTIONS[action].arguments.model_fields
    known = {name: value for name, value in arguments.items() if name in fields}
    for name, told in fields.items():
        if told.is_required() and name not in known:
            return [Ask(name, action, known, turn.caller.slugs if name == "tenant" else ())]
    return [Wish(action, known)]


def _site_meant(wanted: Wanted, turn: Turn) -> Named:
    company = Company(
        turn.caller.sites, turn.site or turn.memory.site, turn.caller.is_admin, wanted.action, bool(turn.site)
    )
    if wanted.action == "DELETE_SITE" and not points_clearly(wanted, turn.memory.wish):
        return Named()
    if wanted.action == "DELETE_SITE" and says_another_kind(wanted, company):
        return Named()
    if wanted.action == "RESTORE_BACKUP" and _is_of_backups_spoken_of(wanted, turn):
        return Named(turn.memory.site)
    corrected = _correction(wanted)
    return name_site((corrected,) if corrected else wanted.clauses, company)


def _is_of_backups_spoken_of(wanted: Wanted, turn: Turn) -> bool:
    """ "Which backups has the shop?" "Restore the latest one": one of those."""
    last = turn.memory.wish
    names_none = not any(mention.slugs for clause in wanted.clauses for mention in clause.mentions)
    return last is not None and last.action in ("LIST_BACKUPS", "CREATE_BACKUP") and names_none


def _correction(wanted: Wanted) -> Clause | None:
    """ "… no, the blog": the site meant after all."""
    before = wanted.clause
    for clause in wanted.extras:
        says_no = takes_back(before) or clause.words[:1] in CORRECTING or clause.words[:2] in CORRECTING
        if says_no and corrects(clause):
            return clause
        before = clause
    return None


def _new_sites(wanted: Wanted, arguments: dict[str, str], turn: Turn) -> list[Outcome]:
    """ "Two sites called Alpha and Beta" are two wishes."""
    names = naming.several_names(wanted.clauses, turn.text)
    told = [{**arguments, "name": name} for name in names] or [arguments]
    return [outcome for arguments in told for outcome in complete(wanted.action, arguments, turn)]


def _heard_as(outcome: Outcome, typed: str) -> Outcome:
    return replace(outcome, heard_as=typed) if isinstance(outcome, Wish) else outcome


def _ask_which(action: str, arguments: dict[str, str], named: Named, turn: Turn) -> Outcome:
    if not turn.caller.sites:
        return Decline("no_sites")
    return Ask("tenant", action, arguments, named.choices or turn.caller.slugs)


def _domain_spoken_of(wanted: Wanted, turn: Turn) -> dict[str, str]:
    """ "Is it connected yet?" is about the domain of the wish before."""
    last = turn.memory.wish
    takes_one = "domain" in ACTIONS[wanted.action].arguments.model_fields
    says_the_domain = bool(set(pairwise(wanted.clause.words)) & THE_DOMAIN)
    points = says_the_domain or any(mention.pointer == "it" for mention in wanted.clause.mentions)
    if last is None or not takes_one or not points:
        return {}
    return {key: value for key, value in last.arguments.items() if key == "domain"}


def _arguments(wanted: Wanted, turn: Turn) -> dict[str, str]:
    """The slots said where the wish is, then those of its neighbours; a name that is told as one beats a guess."""
    arguments: dict[str, str] = {}
    for clause in reversed(wanted.clauses):
        arguments.update(fill(wanted.action, Spoken(clause, turn.text, turn.caller.today)))
    if wanted.action == "GET_METRICS":
        return arguments | _metric_alone(wanted, turn)
    if wanted.action == "RENAME_SITE":
        return _with_a_name_like_one(wanted, arguments, turn)
    if wanted.action != "CREATE_SITE":
        return arguments
    if alone := [found for clause in wanted.extras if (found := naming.alone(clause, turn.text))]:
        arguments.setdefault("name", alone[0])
    told = [name for clause in wanted.clauses if (name := naming.told_name(clause, turn.text))]
    return {**arguments, "name": told[-1]} if told else arguments


def _metric_alone(wanted: Wanted, turn: Turn) -> dict[str, str]:
    """ "The slowest one percent of requests today, p99": a figure said by its name alone is the one that is meant."""
    short = (clause for clause in wanted.extras if len(clause.words) <= SHORT_CLAUSE)
    told = (fill("GET_METRICS", Spoken(clause, turn.text, turn.caller.today)) for clause in short)
    return next(({"metric": one["metric"]} for one in told if "metric" in one), {})


def _with_a_name_like_one(wanted: Wanted, arguments: dict[str, str], turn: Turn) -> dict[str, str]:
    """ "A new name is needed, rename it to Yoga Cellar": what is written like a name is one."""
    spoken = [Spoken(clause, turn.text, turn.caller.today) for clause in wanted.clauses]
    told = [name for one in spoken if (name := fill(wanted.action, one).get("name", ""))[:1].isupper()]
    told += [name for clause in wanted.extras if (name := naming.apart(clause, turn.text))]
    is_plain = arguments.get("name", "")[:1].islower() or "name" not in arguments
    return {**arguments, "name": told[0]} if told and is_plain else arguments


SHORT_CLAUSE = 3
THE_DOMAIN = frozenset((("the", "domain"), ("this", "domain"), ("that", "domain")))
CORRECTING = phrases("no|sorry|rather|oops|wait|i mean|i meant|or rather")
