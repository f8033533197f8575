"""What one clause asks for, here and now: its best reading, "refused" for what must not be done, "nothing" for what asks nothing."""

from aipress.chat.offline.clauses import Clause
from aipress.chat.offline.deletion import LETTERS, asks_to_delete, asks_whether_you_can
from aipress.chat.offline.intents import THRESHOLD, Reading, rank
from aipress.chat.offline.mood import asks_what_was_done, is_tag, mood
from aipress.chat.offline.signals import meanings_of
from aipress.plans.actions import ACTIONS, Tier


def judge(clause: Clause, about: frozenset[str] = frozenset(), is_endorsed: bool = False) -> Reading | str:
    """The reading of one clause; what somebody else said counts as the person's own when it `is_endorsed`."""
    said = meanings_of(clause)
    tone = mood(clause)
    if is_tag(clause):
        return "nothing"
    readings = [one for one in rank(clause, about) if not (asks_what_was_done(clause) and changes_much(one))]
    if tone in ("how", "what if") and clause.mentions_deleting:
        return _help_or(clause, said)
    if "GONE" in said and tone == "request" and asks_to_delete(clause):
        return Reading("DELETE_SITE", 4.0, frozenset(("GONE",)))
    if "DELETE" in said and tone == "request":
        return _about_deleting(clause, readings, said)
    readings = [reading for reading in readings if reading.action != "DELETE_SITE"]
    is_endorsed = is_endorsed and not clause.mentions_deleting
    if not readings:
        return "refused" if "DELETE" in said else _help_or(clause, said) if tone == "what if" else "nothing"
    best = readings[0]
    if tone == "request" or (tone == "reported" and (is_endorsed or _may_be_for_another(clause, best))):
        return best
    if tone in ("how", "what if"):
        return best if ACTIONS[best.action].tier is Tier.READ else Reading("HELP", THRESHOLD, frozenset())
    return "refused"


def _may_be_for_another(clause: Clause, reading: Reading) -> bool:
    """ "My sister wants a website" is a wish too, as long as it does no harm."""
    tier = ACTIONS[reading.action].tier
    return tier is Tier.READ or (
        tier < Tier.COSTLY and bool({"wants", "needs", "asked", "asks"} & set(clause.words))
    )


def _about_deleting(clause: Clause, readings: list[Reading], said: frozenset[str]) -> Reading | str:
    others = [reading for reading in readings if reading.action != "DELETE_SITE"]
    best = others[0] if others else None
    is_other_deed = best and best.rests_on & {"DELETE", "UNDO", "PURGE", "CLEAR", "DETACH"}
    is_order = asks_to_delete(clause) and not ("QUESTION" in said and clause.ends_asking)
    if best and (is_other_deed or not (is_order or _leads_with_delete(clause))):
        return best
    if is_order:
        return Reading("DELETE_SITE", 4.0, frozenset(("DELETE",)))
    if asks_whether_you_can(clause):
        return Reading("HELP", THRESHOLD, frozenset())
    if (
        "THE_SITE" in said
        and "FOREIGN" not in said
        and ("QUESTION" in said or ("DELETED" in said and clause.ends_asking))
    ):
        return Reading("GET_SITE", THRESHOLD, frozenset())
    if _is_question(clause, "request") and (clause.mentions or "SITE" in said) and "FOREIGN" not in said:
        return Reading("HELP", THRESHOLD, frozenset())
    return "refused"


def _help_or(clause: Clause, said: frozenset[str]) -> Reading | str:
    """What a question about our own matters gets: help; one about a plugin or a page gets nothing."""
    is_ours = clause.mentions or clause.mentions_site or said & {"SITE", "SITES"}
    return (
        Reading("HELP", THRESHOLD, frozenset())
        if is_ours and ("FOREIGN" not in said or "QUESTION" in said)
        else "nothing"
    )


def _is_question(clause: Clause, tone: str) -> bool:
    first = clause.words[:1]
    return (
        tone in ("how", "what if")
        or clause.ends_asking
        or first in (("can",), ("may",), ("could",), ("what",), ("why",), ("when",))
    )


def _leads_with_delete(clause: Clause) -> bool:
    places = [match.start for match in clause.matches if match.meaning == "DELETE"]
    return bool(places) and all(
        LETTERS.get(word) == "a" for word in clause.words[clause.opening : min(places)]
    )


def changes(verdict: Reading | str) -> bool:
    """True for what is more than looking."""
    return isinstance(verdict, Reading) and ACTIONS[verdict.action].tier > Tier.READ


def changes_much(verdict: Reading | str) -> bool:
    """True for what costs or destroys."""
    return isinstance(verdict, Reading) and ACTIONS[verdict.action].tier >= Tier.COSTLY
