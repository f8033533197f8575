"""From clauses to wishes: what each clause asks for, statements told apart from requests, and neighbours put together."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from aipress.chat.offline.appositions import taken_together
from aipress.chat.offline.clauses import Clause, understand_words
from aipress.chat.offline.deletion import only_names_sites
from aipress.chat.offline.directory import Site
from aipress.chat.offline.intents import Reading
from aipress.chat.offline.judging import changes, changes_much, judge
from aipress.chat.offline.mood import endorses, is_condition, takes_back
from aipress.chat.offline.signals import meanings_of
from aipress.plans.actions import ACTIONS, Tier

TOPICS = frozenset(("STAGING", "DOMAIN_NAME", "BUNDLE", "DELETED"))


@dataclass(frozen=True)
class Wanted:
    """A clause with the action it asks for; `extras` are neighbouring clauses that ask for nothing themselves."""

    clause: Clause
    action: str
    score: float
    extras: tuple[Clause, ...] = ()

    @property
    def clauses(self) -> tuple[Clause, ...]:
        return (self.clause, *self.extras)


@dataclass
class Heard:
    """What a message asks for, and what it says without asking."""

    wanted: list[Wanted] = field(default_factory=list)
    loose: list[Clause] = field(default_factory=list)
    refused: bool = False


def hear(clauses: list[Clause], sites: Sequence[Site], topic: frozenset[str] = frozenset()) -> Heard:
    """The wishes in `clauses`, in order. `topic` is what the thread was about, for "push it live"."""
    heard = Heard()
    clauses = [half for clause in taken_together(clauses, sites) for half in _halves(clause, sites)]
    for place, clause in enumerate(clauses):
        points = any(mention.pointer == "it" for mention in clause.mentions)
        about = topic if points or ("STAGING" in topic and "COPY" in meanings_of(clause)) else frozenset()
        following = clauses[place + 1] if place + 1 < len(clauses) else None
        verdict = judge(clause, about, is_endorsed=following is not None and endorses(following))
        if (
            heard.wanted
            and not (following and corrects(following))
            and _takes_back(heard.wanted[-1], clause, verdict)
        ):
            heard.wanted.pop()
            verdict = "refused"
        is_told = len(clauses) == 1 and clause.first_words(1) == ("when",) and not changes(verdict)
        if (is_condition(clause) and not is_told) or (
            place and is_condition(clauses[place - 1]) and changes_much(verdict)
        ):
            verdict = "refused"
        if isinstance(verdict, Reading):
            _add(heard, clause, verdict)
        else:
            heard.refused = heard.refused or verdict == "refused"
            _add_loose(heard, clause)
        topic = (meanings_of(clause) & TOPICS) or topic
    return heard


def corrects(clause: Clause) -> bool:
    """True when a clause, after a "no", is the site that is meant after all."""
    return only_names_sites(clause) and any(mention.slugs for mention in clause.mentions)


def _takes_back(last: Wanted, clause: Clause, verdict: Reading | str) -> bool:
    """ "Delete the shop. No, don't delete it": what was asked for is not wanted after all."""
    if last.action == "UNDO":
        return False
    forbids = verdict == "refused" and clause.mentions_deleting and not _names_another(last.clause, clause)
    return takes_back(clause) or (last.action == "DELETE_SITE" and forbids)


def _halves(clause: Clause, sites: Sequence[Site]) -> list[Clause]:
    """ "the errors and the memory of the shop" are two questions about one site."""
    ands = [place for place, word in enumerate(clause.words) if word == "and"]
    for place in ands if len(clause.words) <= LONGEST_LIST else ():
        left = understand_words(clause.tokens[:place], sites, clause.ends_asking, clause.adds)
        right = understand_words(clause.tokens[place + 1 :], sites, clause.ends_asking, adds=True)
        readings = [judge(half) for half in (left, right)]
        if all(
            isinstance(reading, Reading) and reading.action in COUNTABLE for reading in readings
        ) and _differ(left, right, readings):
            return [left, *_halves(right, sites)]
    return [clause]


def _differ(left: Clause, right: Clause, readings: list[Reading | str]) -> bool:
    metrics = [
        next((match.meaning for match in half.matches if match.meaning.startswith("METRIC ")), "")
        for half in (left, right)
    ]
    return (
        readings[0] != readings[1]
        and (getattr(readings[0], "action", "") != getattr(readings[1], "action", "") or all(metrics))
        and metrics[0] != metrics[1]
    )


def _add(heard: Heard, clause: Clause, reading: Reading) -> None:
    wanted = Wanted(clause, reading.action, reading.score, tuple(heard.loose))
    heard.loose = []
    while heard.wanted and _gives_way(heard.wanted[-1], wanted) and not _continues(heard.wanted[-1], wanted):
        wanted = replace(wanted, extras=(*wanted.extras, *heard.wanted.pop().clauses))
    last = heard.wanted[-1] if heard.wanted else None
    if last and _continues(last, wanted) and _says_less(last, wanted):
        heard.wanted[-1] = replace(wanted, extras=(*wanted.extras, *last.clauses))
    elif last and _continues(last, wanted):
        heard.wanted[-1] = replace(last, extras=(*last.extras, *wanted.extras, clause))
    elif not (last and wanted.action == "HELP") or (clause.adds and "HELP" in reading.rests_on):
        heard.wanted.append(wanted)


def _says_less(last: Wanted, wanted: Wanted) -> bool:
    """ "The shop is slow" before "diagnose it", "terminate" before "and delete the shop": the later one is the wish."""
    is_bare = len(last.clause.words) == 1 and not last.clause.mentions
    return is_bare or (is_statement(last) and not is_statement(wanted))


def _continues(last: Wanted, wanted: Wanted) -> bool:
    """True when a clause says more about the wish before rather than being another one."""
    is_same = last.action == wanted.action and not _names_another(last.clause, wanted.clause)
    is_why = (last.action, wanted.action) == ("REMOVE_DOMAIN", "ADD_DOMAIN") and is_statement(wanted)
    return is_same or is_why or _is_about_new_site(last, wanted)


def _gives_way(last: Wanted, wanted: Wanted) -> bool:
    """True when the clause before only led up to this wish."""
    is_of_domain = wanted.action in ABOUT_DOMAIN and not _says_domain(wanted.clause)
    if last.action == "ADD_DOMAIN" and is_of_domain:
        return True
    if last.action == "CREATE_STAGING" and wanted.action in ("PUSH_STAGING", "DELETE_STAGING"):
        return not last.clause.has("MAKE", "WANT", "NEW", "COPY")
    if last.action == "RESTORE_BACKUP" and wanted.action == "LIST_BACKUPS":
        return last.clause.ends_asking
    if _asks_first(last, wanted):
        return True
    return last.action == "HELP" or (wanted.action != "HELP" and _only_led_up_to(last, wanted))


def _asks_first(last: Wanted, wanted: Wanted) -> bool:
    """ "Did anything go wrong? Show me the cron log of the shop": the question led up to what is to be shown."""
    tenant = ACTIONS[last.action].arguments.model_fields.get("tenant")
    both_look = ACTIONS[last.action].tier is ACTIONS[wanted.action].tier is Tier.READ
    if tenant is None or not both_look or wanted.clause.adds or _begins_with_deed(last.clause):
        return False
    is_of_logs = wanted.action == "GET_LOGS" and meanings_of(last.clause) & {"LEVEL", "SOURCE"}
    names_later = any(mention.slugs for mention in wanted.clause.mentions) and not last.clause.mentions
    return bool(names_later or (is_of_logs and not wanted.clause.mentions))


def _begins_with_deed(clause: Clause) -> bool:
    return any(match.start == clause.opening and match.meaning in DEEDS for match in clause.matches)


def _says_domain(clause: Clause) -> bool:
    return any(token.kind == "domain" for token in clause.tokens)


def _add_loose(heard: Heard, clause: Clause) -> None:
    if heard.wanted:
        heard.wanted[-1] = replace(heard.wanted[-1], extras=(*heard.wanted[-1].extras, clause))
    else:
        heard.loose.append(clause)


def _names_another(one: Clause, other: Clause) -> bool:
    """True when two clauses name different sites: "logs of the blog and logs of the shop" are two wishes."""
    if _is_of_another_new_site(one, other):
        return True
    first = {slug for mention in one.mentions for slug in mention.slugs}
    second = {slug for mention in other.mentions for slug in mention.slugs}
    return bool(first and second and first != second)


def _is_of_another_new_site(one: Clause, other: Clause) -> bool:
    """ "A site called Alpha" and "another called Beta" are two."""
    said = meanings_of(other)
    is_new = said & {"A_SITE", "BARE_SITE"} or set(other.words) & {"another", "second", "third"}
    return bool(is_new) and "NAMED" in said & meanings_of(one)


def _is_about_new_site(last: Wanted, wanted: Wanted) -> bool:
    """ "Start a new site. It should be called Tall Ships, standard tier." """
    describes = ("RENAME_SITE", "CHANGE_TIER", "INSTALL_BUNDLE")
    return (
        last.action == "CREATE_SITE"
        and wanted.action in describes
        and not any(mention.slugs for mention in wanted.clause.mentions)
    )


def _only_led_up_to(last: Wanted, wanted: Wanted) -> bool:
    """True when the clause before was a reason, not a wish: "the shop is slow, upgrade it to performance"."""
    return not wanted.clause.adds and is_statement(last) and not is_statement(wanted)


def is_statement(wanted: Wanted) -> bool:
    """True for "the shop is slow" and "I bought a domain", false for requests and questions."""
    clause = wanted.clause
    first = clause.first_words(2)
    if first == ("have", "not"):
        return True
    if not first or first[0] in QUESTION_WORDS or _begins_with_deed(clause) or clause.has("WANT", "ASK_WHY"):
        return False
    verb = next((place for place, word in enumerate(clause.words) if word in VERBS), 0)
    return verb > 0 or wanted.action in ("DIAGNOSE", "GET_COST_ADVICE")


ABOUT_DOMAIN = ("REMOVE_DOMAIN", "CHECK_DOMAIN")
LONGEST_LIST = 40
COUNTABLE = ("GET_METRICS", "GET_LOGS", "GET_BILLING", "LIST_BACKUPS")
QUESTION_WORDS = frozenset(
    "what which how why when where who is are was were does did do has have can could any will would".split()
)
VERBS = frozenset(
    """is are was were am looks look seems seem has had got made closed bought keeps takes take took went broke gives throws returns shows show say says see get gets feels
    sold moved changed think need needs works work loads load did does do have not""".split()
)
DEEDS = frozenset(
    """MAKE DELETE SHOW PURGE CLEAR RESTORE UNDO RENAME UPDATE RESIZE UPGRADE INSTALL ENTER PUSH CONNECT DETACH FIND PLOT BACKUP COPY WHY
    VERIFY LOGIN""".split()
)
