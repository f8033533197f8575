"""The decision: a message in its thread becomes wishes, questions and refusals.

The thread is folded message by message, so "and the shop?" knows what was asked before and "the shop" what we asked back.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from aipress.chat.offline import naming
from aipress.chat.offline.advice import advised
from aipress.chat.offline.clauses import Clause, split
from aipress.chat.offline.deletion import names_site_in_answer, only_names_sites
from aipress.chat.offline.mood import is_courtesy, steers, takes_all_back, takes_back
from aipress.chat.offline.outcome import Ask, Decline, Outcome, Wish
from aipress.chat.offline.reading import read
from aipress.chat.offline.slots import SLOTS, Spoken, fill
from aipress.chat.offline.tenants import Company, name_site
from aipress.chat.offline.turn import Caller, Memory, Turn, complete, grant
from aipress.chat.offline.wishes import Heard, Wanted, hear
from aipress.plans.actions import ACTIONS, Tier

__all__ = ("Caller", "understand")

MOST_WISHES = 8


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
    if any(map(steers, clauses)):
        return [Decline("out_of_scope")]
    heard = hear(clauses, caller.sites, _topic(memory))
    turn = Turn(text, tokens, clauses, caller, memory)
    found = (
        _answer(turn, heard) or _follow_up(turn, heard) or _wishes(turn, heard) or _named_alone(turn, heard)
    )
    found = [outcome for place, outcome in enumerate(found) if outcome not in found[:place]]
    return found[:MOST_WISHES] or [Decline("nothing_asked" if heard.refused else "out_of_scope")]


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
    if ask and takes_all_back(turn.clauses):
        return [Decline("nothing_asked")]
    if ask is None or (heard.refused and not (ask.argument == "name" and _is_title(turn))):
        return []
    if ask.argument == "tenant":
        return _answered_site(turn, heard, ask)
    if ask.argument == "name" and not _is_command(turn, heard):
        return _answered_name(turn, ask)
    if heard.wanted and heard.wanted[0].action != ask.action:
        return []
    slots = _said_besides(turn, ask)
    if ask.argument in ("bundle", "label", "backup") and ask.argument not in slots and len(turn.tokens) <= 4:
        slots[ask.argument] = turn.text.strip(" .!")
    return complete(ask.action, {**ask.arguments, **slots}, turn) if ask.argument in slots else []


def _answered_name(turn: Turn, ask: Ask) -> list[Outcome]:
    name = naming.bare_name(turn.tokens, turn.text)
    if name is None:
        return []
    return complete(ask.action, {**ask.arguments, **_said_besides(turn, ask), "name": name}, turn)


def _said_besides(turn: Turn, ask: Ask) -> dict[str, str]:
    """The arguments in the answer."""
    return {
        key: value
        for clause in turn.clauses
        for key, value in fill(ask.action, Spoken(clause, turn.text, turn.caller.today)).items()
    }


def _answered_site(turn: Turn, heard: Heard, ask: Ask) -> list[Outcome]:
    if ask.action == "DELETE_SITE" and any(clause.has("STAGING") for clause in turn.clauses):
        return grant(Wanted(turn.clauses[0], "DELETE_STAGING", 0, tuple(turn.clauses[1:])), turn)
    if heard.wanted and heard.wanted[0].action not in (ask.action, "GET_SITE"):
        return []
    if heard.wanted and heard.wanted[0].action == "GET_SITE" and heard.wanted[0].score > 4:
        return []
    is_order = bool(heard.wanted) and heard.wanted[0].action == "DELETE_SITE"
    if ask.action == "DELETE_SITE" and not is_order and not names_site_in_answer(turn.clauses):
        return []
    company = Company(turn.caller.sites, turn.memory.site, turn.caller.is_admin, ask.action)
    named = name_site(turn.clauses, company)
    slugs = named.several or ((named.slug,) if named.slug else ())
    if not slugs and any(mention.pointer == "all" for clause in turn.clauses for mention in clause.mentions):
        return [ask]
    return [
        outcome
        for slug in slugs
        for outcome in complete(
            ask.action, {**ask.arguments, **_said_besides(turn, ask), "tenant": slug}, turn
        )
    ]


def _is_command(turn: Turn, heard: Heard) -> bool:
    """ "list my sites" is no name for a site; "Delete Key Computers" is."""
    if not heard.wanted or heard.wanted[0].action in ("RENAME_SITE", "CHANGE_TIER"):
        return False
    return not _is_title(turn) and heard.wanted[0].score > 3.4


def _is_title(turn: Turn) -> bool:
    """ "Delete Key Computers": every word with a capital."""
    capitals = [token.is_capitalised for token in turn.tokens if token.kind == "word"]
    return len(capitals) > 1 and all(capitals)


def _follow_up(turn: Turn, heard: Heard) -> list[Outcome]:
    """ "and the shop?", "same for the blog", "only the last hour": the wish before, with what is new in this message."""
    last = turn.memory.wish
    clauses = [clause for clause in turn.clauses if not takes_back(clause) and set(clause.words) - POLITE]
    action = heard.wanted[0].action if heard.wanted else None
    if last is None or len(clauses) != 1 or heard.refused or action == "UNDO":
        return []
    clause = clauses[0]
    if ACTIONS[last.action].tier is Tier.READ and set(clause.words) <= AGAIN:
        return [last]
    if action == "GET_SITE" and last.action != "GET_SITE" and _shows_anew(clause):
        return []
    if not (_is_bare(clause, last.action) or (action == last.action and _continues(clause))):
        return []
    if last.action == "DELETE_SITE" and not (action or clause.ends_asking or only_names_sites(clause)):
        return []
    new = fill(last.action, Spoken(clause, turn.text, turn.caller.today))
    named = name_site(turn.clauses, Company(turn.caller.sites, turn.memory.site, turn.caller.is_admin))
    if named.slug:
        new["tenant"] = named.slug
    if not new or (ACTIONS[last.action].tier is Tier.DESTRUCTIVE and clause.ends_asking):
        return complete("GET_SITE", {"tenant": named.slug}, turn) if named.slug and new else []
    inherited = {key: value for key, value in last.arguments.items() if key not in ("label", "name")}
    return complete(last.action, {**inherited, **new}, turn)


def _shows_anew(clause: Clause) -> bool:
    """ "Show the site luna": to be shown, whatever was asked before; not "show the blog too"."""
    is_named = any(mention.slugs for mention in clause.mentions)
    return is_named and bool(set(clause.first_words(1)) & SHOWING) and not set(clause.words) & CONTINUING


def _is_bare(clause: Clause, action: str) -> bool:
    """True when a message has nothing but names, times and slots: no verb or noun of its own."""
    if set(clause.words) & EXCLUDING:
        return False
    own = {match.meaning.split()[0] for match in clause.matches} - BARE
    pointed = {place for mention in clause.mentions for place in range(mention.start, mention.end)}
    if any(word == "one" and place not in pointed for place, word in enumerate(clause.words)):
        own -= {"MAKE", "NEW", "BACKUP", "STAGING", "UPGRADE"}
    if any(
        token.kind in SLOTTED and SLOTTED[token.kind] not in SLOTS.get(action, {}) for token in clause.tokens
    ):
        return False
    if action in ("GET_LOGS", "GET_METRICS"):
        own -= {"ERROR", "WARNING", "METRIC", "LOG"} if action == "GET_LOGS" else {"METRIC"}
    strange = [
        word
        for word in clause.words
        if word and word.isalpha() and word not in CONTINUING and word not in SMALL_TALK
    ]
    is_short = len(strange) <= 6 and bool(
        clause.mentions or fill(action, Spoken(clause, "", date.min)) or SLOTS.get(action)
    )
    return not own and is_short and bool(clause.mentions or len(clause.words) <= 8)


def _continues(clause: Clause) -> bool:
    return bool(clause.words) and (
        clause.words[0] in CONTINUING or "same" in clause.words or clause.adds or len(clause.words) <= 4
    )


def _named_alone(turn: Turn, heard: Heard) -> list[Outcome]:
    """ "The shop": nothing but a site is a wish to see it."""
    if heard.refused or len(turn.clauses) != 1 or not only_names_sites(turn.clauses[0]):
        return []
    slugs = dict.fromkeys(mention.slugs[0] for mention in turn.clauses[0].mentions if len(mention.slugs) == 1)
    return [Wish("GET_SITE", {"tenant": slug}) for slug in slugs]


def _wishes(turn: Turn, heard: Heard) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for wanted in advised(heard, turn.clauses, turn.memory.wish is not None):
        found = grant(wanted, turn)
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


AGAIN = frozenset(
    "and now again still yet up once more what about how it try check please online live ready okay".split()
)
SHOWING = frozenset("show open see view display let look".split())
SLOTTED = {"domain": "domain", "path": "path"}
POLITE = frozenset("please thanks thank you".split())
EXCLUDING = frozenset("not never except neither none".split())
BARE = frozenset("SITE SHOW THANKS GREET WANT FIND KEEP LIVE INSTALL CONNECT CONTINUE".split())
CONTINUING = frozenset(
    "and only just now also same what how ok okay but then plus likewise ditto too again".split()
)
SMALL_TALK = frozenset(
    "the a of for on in please about my our one other last past since during over it that this do me to".split()
)
