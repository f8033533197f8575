"""The mood of a clause: is it a request at all, or a prohibition, a "how do I", a "what if", or somebody else's words?"""

from collections.abc import Sequence
from typing import Literal

from aipress.chat.offline.clauses import SITE_WORD, Clause
from aipress.chat.offline.names import phrases, places_in_names

Mood = Literal["request", "forbidden", "how", "what if", "idle", "reported"]


def mood(clause: Clause) -> Mood:
    """How a wish to change something is meant. Questions for facts are requests too."""
    words = clause.words
    first = clause.first_words(6)
    named = {place for mention in clause.mentions for place in range(mention.start, mention.end)}
    given = places_in_names(clause.tokens, named)
    plain = tuple(word for place, word in enumerate(words) if word and place not in given)
    if any(_starts(plain, opening) or _starts(first, opening) for opening in HOW):
        return "how"
    if any(_starts(plain, opening) or _starts(first, opening) for opening in WHAT_IF) or _asks_after_harm(
        plain
    ):
        return "what if"
    if _contains(plain, IDLE):
        return "idle"
    is_order_to_stop = first[:1] == ("stop",) and bool(set(first[1:2]) & STOPPING or "from" in first)
    if (any(_starts(first, opening) for opening in FORBIDDING) and not is_order_to_stop) or _contains(
        plain, PROHIBITIONS
    ):
        return "forbidden"
    return "reported" if _is_reported(clause, plain) else "request"


def asks_what_was_done(clause: Clause) -> bool:
    """ "Did you restore the backup?" orders nothing."""
    return clause.first_words(1)[:1] in (("did",), ("was",), ("were",), ("has",), ("had",), ("does",))


def is_tag(clause: Clause) -> bool:
    """ "…, was it?", "…, isn't it?": asks nothing of its own."""
    words = tuple(word for word in clause.words if word != "not")
    return len(words) == 2 and words[0] in AUXILIARIES and words[1] in ("it", "they", "there", "he", "she")


def endorses(clause: Clause) -> bool:
    """ "…, could you arrange it", "please take care of that": makes the wish before it the person's own."""
    words = tuple(word for word in clause.words[clause.opening :] if word not in FOR_WHOM)
    return any(words[: len(deed)] == deed and set(words[len(deed) :]) <= POINTING_BACK for deed in SEEING_TO)


def steers(clause: Clause) -> bool:
    """ "Ignore your rules": whatever is asked beside it is not for us to do."""
    return _contains(tuple(word for word in clause.words if word), STEERING)


def is_condition(clause: Clause) -> bool:
    """ "If the blog is down, …": what follows is no plain request."""
    colon = max((place + 1 for place, word in enumerate(clause.words) if word == ":"), default=0)
    first, second = (*(clause.words[colon:] if colon else clause.first_words(2)), "", "")[:2]
    return first in ("if", "unless", "whenever") or (first in ("when", "once") and second not in ASKING_WHEN)


def is_courtesy(clause: Clause) -> bool:
    """ "Hi there", "thanks a lot": nothing but manners."""
    said = {match.meaning for match in clause.matches}
    return (
        bool(said)
        and said <= {"GREET", "THANKS"}
        and not clause.mentions
        and all(word in MANNERS or word in SPARE for word in clause.words)
    )


def takes_back(clause: Clause) -> bool:
    """ "No, wait", "just kidding", "never mind": what was said before is not meant."""
    words = tuple(word for word in clause.spelt if word)
    place = 0
    while place < len(words):
        step = next((len(phrase) for phrase in TAKING_BACK if words[place:][: len(phrase)] == phrase), 0)
        if not step:
            return False
        place += step
    return bool(set(words) - MEANINGLESS)


def takes_all_back(clauses: Sequence[Clause]) -> bool:
    """True when nothing is said but that: "nothing, sorry"."""
    said = [clause for clause in clauses if set(clause.spelt) - MEANINGLESS]
    return bool(said) and all(takes_back(clause) for clause in said)


def _asks_after_harm(words: tuple[str, ...]) -> bool:
    """ "Can I push it without losing orders?", "does restoring it overwrite my posts?", "is it risky to …": no orders."""
    first, second = (*words[:2], "", "")[:2]
    if (
        first in ("does", "will", "would", "is")
        and second.endswith("ing")
        and second not in ("anything", "everything", "something", "nothing")
    ):
        return True
    after = words[words.index("without") + 1 :][:1] if "without" in words else ()
    is_may_i = first in ("can", "may", "could", "should") and second in ("i", "we", "one")
    return is_may_i and bool(after) and (after[0].endswith("ing") or after[0] in HARM)


def _is_reported(clause: Clause, words: tuple[str, ...]) -> bool:
    """ "My client said delete the shop" is the client's wish until the person makes it theirs."""
    for place, word in enumerate(words):
        if (
            word == "wants"
            and words[place + 1 : place + 2] == ("to",)
            and not _is_deed(clause, words[place + 2 :])
        ):
            continue  # "the band wants to sell shirts" asks nothing of us
        if word in SAYING and words[place - 1] == SITE_WORD:
            continue  # "the shop says: update available"
        if word in SAYING and place and words[place - 1] not in ("i", "we", "just", "have", "to", "and"):
            return not words[0] in ("logs", "log", "show", "search", "find")
    return False


def _is_deed(clause: Clause, words: tuple[str, ...]) -> bool:
    return any(clause.words[match.start] in words[:1] for match in clause.matches)


def _starts(words: tuple[str, ...], opening: tuple[str, ...]) -> bool:
    return words[: len(opening)] == opening


def _contains(words: tuple[str, ...], sought: tuple[tuple[str, ...], ...]) -> bool:
    return any(
        words[place : place + len(phrase)] == phrase for phrase in sought for place in range(len(words))
    )


HOW = phrases(
    """how do i|how do we|how do you|how can i|how can we|how to|how would i|how would we|how would one|how does one|how do one|how should i|
    how could i|how might i|how will i|what is the way to|what is the best way to|what is the easiest way to|where do i|where can i|
    can you tell me how|can you explain how|tell me how to|show me how to|explain how|i wonder how to|do you know how to|could you explain how|
    teach me how|can you show me how|could you show me how|could you tell me how|what do i need to do to|what do i do to|what steps"""
)
WHAT_IF = phrases(
    """what happens|what would happen|what will happen|what if|should i|should we|is it safe|is it ok|is it okay|is it possible for me|is it wise|
    is it a good idea|would it be ok|would it be okay|would it be safe|would it be wise|would it be better|would it be a|would it be bad|would it be dangerous|would it be risky|would it be smart|do i have to|do i need to|do we need to|am i able|are we able|will it|does it|do you think|would you recommend|
    is there a way|is there any way|is it bad|what does|what do you think|why would|why should|would i|if i|if we|if you|i wonder|shall i|
    is it necessary|is it dangerous|is it risky|is it harmful|is it allowed|is it a problem|is it smart|is it advisable|is it recommended|is it better|is it worth|is it wrong|is it sensible|is it reasonable|is deleting|does deleting|will deleting|would deleting|do people|can anyone|can somebody|can other|can others|what is the difference|how long does|how long will|how long would|will my|will the|will i|will everything|will all|will anything"""
)
IDLE = phrases(
    """was going to|were going to|thinking about|thinking of|am considering|might want to|changed my mind|had planned to|was about to|am about to|are about to|
    not sure if|wonder whether to|wonder if i|wondering whether i|not sure whether|not sure i|someday|i almost|nearly|wonder if i should|wondering whether to|wondering if i|one day|used to|tempted to|
    in two minds|undecided"""
)
STEERING = phrases(
    """ignore your|ignore all|ignore previous|ignore the previous|ignore any|ignore these|disregard your|disregard all|disregard previous|
    disregard the|forget your rules|forget your instructions|forget all your|forget all rules|override your|bypass your|developer mode|
    debug mode|god mode|system prompt|your instructions|your rules|your guidelines|jailbreak|pretend to be|pretend that you|you are now"""
)
AUXILIARIES = frozenset("is was are were does did has have will would can do".split())
HARM = frozenset(
    "downtime interruption interruptions loss losses risk risks harm damage trouble data".split()
)
FOR_WHOM = frozenset("for her him them me us please now today kindly if possible asap soon".split())
POINTING_BACK = frozenset("it that this so happen up out , . ! thanks thank you quickly".split())
SEEING_TO = phrases(
    "arrange|do|sort|see to|see that|take care of|handle|organise|organize|manage|make that|make it happen|make this happen|go ahead|deal with|carry out|get it done|get that done|set that up|set it up|make one|get it|get one|help with|action"
)
STOPPING = frozenset(("using", "serving", "pointing", "showing", "answering"))
FORBIDDING = phrases(
    "i do not want a|i do not want any|we do not want a|we do not want any|i do not need a|we do not need a|do not|never|stop|please do not|you must not|you should not|must not|should not|no need to|i do not want you to|avoid|refrain|not|forget|nobody|no"
)
PROHIBITIONS = phrases(
    """do not delete|do not remove|not to delete|not to remove|never delete|never remove|not delete|not remove|rather not|no need to|without deleting|
    without removing|instead of deleting|rather than deleting|not want to delete|not want to remove|no need to delete|not going to delete|
    delete nothing|remove nothing|not be deleted|not be removed|do not ever|do not you dare|not touch|not want it deleted|hands off|no delete|no remove|no erase|no get rid"""
)
MEANINGLESS = frozenset(
    "oh please actually sorry lol or but on i was am just only it ok okay haha - , ! ? .".split()
)
TAKING_BACK = tuple(
    sorted(
        (
            *((word,) for word in MEANINGLESS),
            *phrases(
                "today|right now|now|asap|thanks|thank you|ok|lol|haha|for now|at all|after all|then|really|tonight|again"
            ),
            *phrases(
                """no|nope|nah|wait|stop|hold on|hang on|do not|do not do it|do not do that|never|never mind|nevermind|forget it|forget that|forget about it|
                kidding|joking|a joke|better not|rather not|maybe not|not really|not now|not yet|keep it|leave it|leave it be|cancel|cancel that|
                cancel it|scratch that|on second thought|on second thoughts|second thought|changed my mind|have changed my mind|no need|let it be|
                skip it|no thanks|thanks|do not bother|nothing|neither|none|none of them|none of these|let us not|it is fine|that was a joke|abort|
                no way|of course not|not at all|god no|hell no|definitely not|certainly not|absolutely not|let me think|keep them|keep them all|keep both"""
            ),
        ),
        key=len,
        reverse=True,
    )
)
SAYING = frozenset(
    "said says told asked asks wants wrote writes claims suggested suggests demands demanded insists thinks tells mentioned saying".split()
)
ASKING_WHEN = frozenset("was did is were do does will are has have can should".split())
MANNERS = frozenset(
    """hi hello hey good morning afternoon evening greetings howdy hiya yo hallo thanks thank you cheers ta great perfect awesome nice cool ok okay
    wonderful brilliant lovely super fine well done""".split()
)
SPARE = frozenset(
    "there team all everyone aipress again so much a lot very many in advance for your help that is mate folks day to , ! .".split()
)
