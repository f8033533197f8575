"""When the second opinion is heard: where the rules found nothing, or found something else and it is very sure.

Deleting a site is the rules' alone. What else destroys or replaces is only believed where the rules see evidence for it too.
"""

from collections.abc import Sequence
from dataclasses import replace

from aipress.chat.offline.clauses import Clause
from aipress.chat.offline.features import features
from aipress.chat.offline.intents import weigh
from aipress.chat.offline.learned import DECLINE, likelihoods, table
from aipress.chat.offline.mood import mood
from aipress.chat.offline.questions import is_asked
from aipress.chat.offline.signals import meanings_of
from aipress.chat.offline.strangers import unknown_name
from aipress.chat.offline.wishes import Heard, Wanted
from aipress.plans.actions import ACTIONS, Tier

WHERE_NOTHING, WHERE_FORBIDDEN, AGAINST_RULES, AGAINST_ALL = 0.4, 0.6, 0.55, 0.85
GRAVE = frozenset(("RESTORE_BACKUP", "PUSH_STAGING", "DELETE_STAGING", "REMOVE_DOMAIN"))
SURE = 3.0


def advised(heard: Heard, clauses: Sequence[Clause], leans: bool) -> list[Wanted]:
    """The wishes heard, or what is likelier than they are; `leans` is true where a thread goes before."""
    if len(heard.wanted) > 1 or not clauses:
        return heard.wanted
    guessed = likelihoods(features(clauses), table())
    best = max(guessed, key=lambda name: guessed[name])
    if heard.wanted and leans and any(mention.pointer for clause in clauses for mention in clause.mentions):
        return heard.wanted  # what "it" is about is known from the thread, not from the words
    if best == DECLINE and any(map(unknown_name, clauses)):
        return heard.wanted  # a site that is nobody's is declined with its name
    if not _is_allowed(best, clauses) or guessed[best] < _needed(best, heard):
        return heard.wanted
    if best == DECLINE:
        return []
    if heard.wanted:
        return [replace(heard.wanted[0], action=best, score=SURE)]
    return [Wanted(clauses[0], best, SURE, tuple(clauses[1:]))]


def _needed(best: str, heard: Heard) -> float:
    """How likely it has to be to be believed."""
    if heard.wanted:
        last = heard.wanted[0].action
        if last == "HELP" and best == DECLINE:
            is_how = mood(heard.wanted[0].clause) == "how"
            return AGAINST_ALL if is_how else WHERE_FORBIDDEN
        is_settled = last in (best, "DELETE_SITE")
        return 2.0 if is_settled else AGAINST_ALL if best == DECLINE else AGAINST_RULES
    if heard.refused:
        is_read = best != DECLINE and ACTIONS[best].tier is Tier.READ
        return WHERE_FORBIDDEN if is_read else 2.0
    return WHERE_NOTHING


def _is_allowed(best: str, clauses: Sequence[Clause]) -> bool:
    if best == "DELETE_SITE":
        return False
    tier = Tier.READ if best == DECLINE else ACTIONS[best].tier
    if tier > Tier.READ and any(is_asked(clause.first_words(4)) for clause in clauses):
        return False
    moods = {mood(clause) for clause in clauses} - {"request"}
    if (tier >= Tier.COSTLY and moods) or (tier > Tier.READ and moods & {"what if", "how"}):
        return False
    return best not in GRAVE or any(weigh(best, meanings_of(clause)) for clause in clauses)
