"""The decision: a message in its thread becomes wishes, questions and refusals.

The thread is folded message by message, so "and the shop?" knows what was asked before and "the shop" what we asked back.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from aipress.chat.offline import naming
from aipress.chat.offline.clauses import Clause, split
from aipress.chat.offline.outcome import Ask, Decline, Outcome, Wish
from aipress.chat.offline.reading import Token, read
from aipress.chat.offline.sites import Site
from aipress.chat.offline.slots import SLOTS
from aipress.chat.offline.slots import Heard as Slots
from aipress.chat.offline.slots import fill
from aipress.chat.offline.tenants import Company, Named, name_site, points_clearly
from aipress.chat.offline.wishes import Heard, Wanted, hear, is_courtesy
from aipress.plans.actions import ACTIONS, Tier

MOST_WISHES = 8


@dataclass(frozen=True)
class Caller:
    """Whose message it is: the sites they may name, and whether they may name any."""

    sites: tuple[Site, ...] = ()
    is_admin: bool = False
    today: date = field(default_factory=date.today)


@dataclass(frozen=True)
class Memory:
    """What the thread left behind: the last wish, the site spoken of, a question still open."""

    wish: Wish | None = None
    site: str | None = None
    ask: Ask | None = None


def understand(text: str, caller: Caller, thread: Sequence[str] = ()) -> list[Outcome]:
    """What `text` asks for, as an answer to `thread`, the person's earlier messages. Never empty."""
    memory = Memory()
    for earlier in thread:
        memory = _remember(memory, _outcomes(earlier, caller, memory))
    return _outcomes(text, caller, memory)


def _outcomes(text: str, caller: Caller, memory: Memory) -> list[Outcome]:
    tokens = read(text)
    said = split(tokens, caller.sites)
    clauses = [clause for clause in said if not is_courtesy(clause)] or said
    heard = hear(clauses, caller.sites, _topic(memory))
    turn = Turn(text, tokens, clauses, caller, memory)
    found = _answer(turn, heard) or _follow_up(turn, heard) or _wishes(turn, heard)
    return found[:MOST_WISHES] or [Decline("nothing_asked" if heard.refused else "out_of_scope")]


@dataclass(frozen=True)
class Turn:
    """One message being decided on."""

    text: str
    tokens: Sequence[Token]
    clauses: Sequence[Clause]
    caller: Caller
    memory: Memory
    site: str | None = None


def _remember(memory: Memory, outcomes: list[Outcome]) -> Memory:
    for outcome in outcomes:
        if isinstance(outcome, Wish):
            memory = Memory(outcome, outcome.arguments.get("tenant") or _slug_of_new(outcome) or memory.site)
        elif isinstance(outcome, Ask):
            memory = replace(memory, ask=outcome, site=outcome.arguments.get("tenant") or memory.site)
        else:
            memory = Memory(site=memory.site)
    return memory


def _slug_of_new(wish: Wish) -> str | None:
    name = wish.arguments.get("name") if wish.action == "CREATE_SITE" else None
    return (
        "-".join("".join(letter if letter.isalnum() else " " for letter in name.lower()).split())
        if name
        else None
    )


def _topic(memory: Memory) -> frozenset[str]:
    """What "it" may be besides a site: the staging copy just made, the domain just added."""
    action = memory.wish.action if memory.wish else ""
    topics = {"CREATE_STAGING": ("STAGING",), "PUSH_STAGING": ("STAGING",), "GET_BILLING": ("MONEY",)}
    return frozenset(topics.get(action, ("DOMAIN_NAME",) if action.endswith("_DOMAIN") else ()))


def _answer(turn: Turn, heard: Heard) -> list[Outcome]:
    """The message as the answer to what we asked; nothing when it asks for something else."""
    ask = turn.memory.ask
    if ask is None or heard.refused:
        return []
    if ask.argument == "tenant":
        return _answered_site(turn, heard, ask)
    if ask.argument == "name" and not _is_command(turn, heard):
        name = naming.bare_name(turn.tokens, turn.text)
        return _complete(ask.action, {**ask.arguments, "name": name}, turn) if name else []
    if heard.wanted and heard.wanted[0].action != ask.action:
        return []
    slots = {
        key: value
        for clause in turn.clauses
        for key, value in fill(ask.action, Slots(clause, turn.text, turn.caller.today)).items()
    }
    if ask.argument in ("bundle", "label", "backup") and ask.argument not in slots and len(turn.tokens) <= 4:
        slots[ask.argument] = turn.text.strip(" .!")
    return _complete(ask.action, {**ask.arguments, **slots}, turn) if ask.argument in slots else []


def _answered_site(turn: Turn, heard: Heard, ask: Ask) -> list[Outcome]:
    if ask.action == "DELETE_SITE" and any(clause.has("STAGING") for clause in turn.clauses):
        return _wish(Wanted(turn.clauses[0], "DELETE_STAGING", 0, tuple(turn.clauses[1:])), turn)
    if heard.wanted and heard.wanted[0].action not in (ask.action, "GET_SITE"):
        return []
    if heard.wanted and heard.wanted[0].action == "GET_SITE" and heard.wanted[0].score > 4:
        return []
    slug = name_site(turn.clauses, Company(turn.caller.sites, turn.memory.site, turn.caller.is_admin)).slug
    return _complete(ask.action, {**ask.arguments, "tenant": slug}, turn) if slug else []


def _is_command(turn: Turn, heard: Heard) -> bool:
    """ "list my sites" is no name for a site; "Delete Key Computers" is."""
    if not heard.wanted or heard.wanted[0].action == "RENAME_SITE":
        return False
    capitals = [token.is_capitalised for token in turn.tokens if token.kind == "word"]
    return not (len(capitals) > 1 and all(capitals)) and heard.wanted[0].score > 3.4


def _follow_up(turn: Turn, heard: Heard) -> list[Outcome]:
    """ "and the shop?", "same for the blog", "only the last hour": the wish before, with what is new in this message."""
    last = turn.memory.wish
    if last is None or len(turn.clauses) != 1 or heard.refused:
        return []
    clause, action = turn.clauses[0], heard.wanted[0].action if heard.wanted else None
    if not (_is_bare(clause, last.action) or (action == last.action and _continues(clause))):
        return []
    new = fill(last.action, Slots(clause, turn.text, turn.caller.today))
    named = name_site(turn.clauses, Company(turn.caller.sites, turn.memory.site, turn.caller.is_admin))
    if named.slug:
        new["tenant"] = named.slug
    if not new or (ACTIONS[last.action].tier is Tier.DESTRUCTIVE and clause.ends_asking):
        return _complete("GET_SITE", {"tenant": named.slug}, turn) if named.slug and new else []
    inherited = {key: value for key, value in last.arguments.items() if key not in ("label", "name")}
    return _complete(last.action, {**inherited, **new}, turn)


def _is_bare(clause: Clause, action: str) -> bool:
    """True when a message has nothing but names, times and slots: no verb or noun of its own."""
    own = {match.meaning.split()[0] for match in clause.matches} - BARE
    if action in ("GET_LOGS", "GET_METRICS"):
        own -= {"ERROR", "WARNING", "METRIC", "LOG"} if action == "GET_LOGS" else {"METRIC"}
    strange = [
        word
        for word in clause.words
        if word and word.isalpha() and word not in CONTINUING and word not in SMALL_TALK
    ]
    is_short = len(strange) <= 6 and bool(
        clause.mentions or fill(action, Slots(clause, "", date.min)) or SLOTS.get(action)
    )
    return not own and is_short and bool(clause.mentions or len(clause.words) <= 8)


def _continues(clause: Clause) -> bool:
    return bool(clause.words) and (clause.words[0] in CONTINUING or clause.adds or len(clause.words) <= 4)


def _wishes(turn: Turn, heard: Heard) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for wanted in heard.wanted:
        found = _wish(wanted, turn)
        outcomes += found
        named = [
            outcome.arguments.get("tenant") or _slug_of_new(outcome)
            for outcome in found
            if isinstance(outcome, Wish)
        ]
        turn = replace(turn, site=next((slug for slug in named if slug), turn.site))
        if any(isinstance(outcome, Ask) for outcome in found):
            break
    return outcomes


def _wish(wanted: Wanted, turn: Turn) -> list[Outcome]:
    arguments = _arguments(wanted, turn)
    if "domain" in ACTIONS[wanted.action].arguments.model_fields and turn.memory.wish and _points(wanted):
        arguments = {
            **{key: value for key, value in turn.memory.wish.arguments.items() if key == "domain"},
            **arguments,
        }
    if "tenant" not in ACTIONS[wanted.action].arguments.model_fields:
        return _complete(wanted.action, arguments, turn)
    company = Company(
        turn.caller.sites, turn.site or turn.memory.site, turn.caller.is_admin, wanted.action, bool(turn.site)
    )
    named = name_site(wanted.clauses, company)
    if wanted.action == "DELETE_SITE" and not points_clearly(wanted, turn.memory.wish):
        named = Named()
    if named.unknown:
        return [Decline("no_such_site", named.unknown)]
    if named.several:
        return [
            outcome
            for slug in named.several
            for outcome in _complete(wanted.action, {"tenant": slug, **arguments}, turn)
        ]
    if named.slug:
        found = _complete(wanted.action, {"tenant": named.slug, **arguments}, turn)
        return [
            replace(outcome, heard_as=named.typed) if isinstance(outcome, Wish) else outcome
            for outcome in found
        ]
    if not ACTIONS[wanted.action].arguments.model_fields["tenant"].is_required():
        return _complete(wanted.action, arguments, turn)
    if not turn.caller.sites:
        return [Decline("no_sites")]
    return [
        Ask(
            "tenant",
            wanted.action,
            arguments,
            named.choices or tuple(site.slug for site in turn.caller.sites),
        )
    ]


def _points(wanted: Wanted) -> bool:
    return any(mention.pointer == "it" for mention in wanted.clause.mentions)


def _arguments(wanted: Wanted, turn: Turn) -> dict[str, str]:
    """The slots said where the wish is, then those of its neighbours; a name that is told as one beats a guess."""
    arguments: dict[str, str] = {}
    for clause in reversed(wanted.clauses):
        arguments.update(fill(wanted.action, Slots(clause, turn.text, turn.caller.today)))
    if wanted.action != "CREATE_SITE":
        return arguments
    told = [name for clause in wanted.clauses if (name := naming.told_name(clause, turn.text))]
    return {**arguments, "name": told[-1]} if told else arguments


def _complete(action: str, arguments: dict[str, str], turn: Turn) -> list[Outcome]:
    """The wish, or the question for the first argument still missing."""
    fields = ACTIONS[action].arguments.model_fields
    known = {name: value for name, value in arguments.items() if name in fields}
    for name, told in fields.items():
        if told.is_required() and name not in known:
            return [
                Ask(
                    name,
                    action,
                    known,
                    tuple(site.slug for site in turn.caller.sites) if name == "tenant" else (),
                )
            ]
    return [Wish(action, known)]


BARE = frozenset("SITE SHOW THANKS GREET WANT FIND KEEP LIVE INSTALL CONNECT CONTINUE".split())
CONTINUING = frozenset(
    "and only just now also same what how ok okay but then plus likewise ditto too again".split()
)
SMALL_TALK = frozenset(
    "the a of for on in please about my our one other last past since during over it that this do me to".split()
)
