"""Words a person chose: the name of a new site, another name, a label. Taken as typed, never corrected."""

import re
from collections.abc import Sequence

from aipress.chat.offline.clauses import Clause
from aipress.chat.offline.directory import run_together
from aipress.chat.offline.names import CALLED, LINKING, NAME_CUES, last_capital, name_end, phrases, until_tail
from aipress.chat.offline.reading import Token


def new_name(clause: Clause, text: str) -> str | None:
    """The name a site is to have, from "called X", quotes, "site: X" or a run of capitals."""
    return (
        _before_cue(clause, text)
        or told_name(clause, text)
        or _after_site_word(clause, text)
        or _capitals(clause, text)
    )


def _before_cue(clause: Clause, text: str) -> str | None:
    """ "Soup on Sundays would be the title": what stands before, when it is written like a name."""
    for place in range(1, len(clause.words) - 2):
        if (
            clause.spelt[place : place + 3] in NAMED_AFTERWARDS
            or clause.spelt[place : place + 4] in NAMED_AFTERWARDS
        ):
            start = next((at for at in range(place) if clause.tokens[at].is_capitalised), place)
            is_name = start < place == last_capital(clause.tokens[:place], start)
            return text[clause.tokens[start].start : clause.tokens[place - 1].end] if is_name else None
    return None


def told_name(clause: Clause, text: str) -> str | None:
    """The name said to be one: "called X", or in quotes."""
    return _after_cue(clause, text, NAME_CUES) or quoted(clause)


def several_names(clauses: Sequence[Clause], text: str) -> list[str]:
    """The names of several new sites: "two sites called Alpha and Beta", "three sites: Alpha, Beta and Gamma"."""
    first, *rest = clauses
    told = [new_name(first, text) or ""]
    told += [_listed(clause, text) for clause in rest]
    return [name for names in told for part in SEPARATOR.split(names) if (name := part.strip())]


def alone(clause: Clause, text: str) -> str:
    """The name in a clause that is nothing else: "another site, Kapitan, on performance"."""
    return "" if clause.matches or clause.mentions else _listed(clause, text)


def apart(clause: Clause, text: str) -> str:
    """The name a clause consists of, "…, Luna Bistro", when no site is called so yet."""
    has = {run_together([slug]) for mention in clause.mentions for slug in mention.slugs}
    name = _listed(clause, text)
    is_manners = clause.matches and {match.meaning for match in clause.matches} <= {"GREET", "THANKS"}
    is_whole = name.endswith(clause.tokens[-1].text)
    return name if is_whole and not is_manners and run_together([name]) not in has else ""


def _listed(clause: Clause, text: str) -> str:
    """The names in a clause that holds nothing else but what is said of all: "and Gamma on the standard tier"."""
    start = int(clause.tokens[0].word == "and")
    end = name_end(clause.tokens, start)
    is_named = start < end == last_capital(clause.tokens, start)
    return text[clause.tokens[start].start : clause.tokens[end - 1].end] if is_named else ""


def other_name(clause: Clause, text: str) -> str | None:
    """The name a site is to change to, from "to X", "called X", "X" in quotes."""
    if before := _before_cue(clause, text):
        return before
    verb = next(iter(clause.places("RENAME")), 0)
    if called := _after_call(clause, text):
        return quoted(clause) or called
    for cues in (SURE_CUES, TO_CUES, IS_CUES, NEW_CUES, NAME_CUES, COLON, BY_CUES):
        found = _after_cue(clause, text, cues, since=0 if cues is SURE_CUES else verb)
        if found and cues is not TO_CUES and _is_its_own(clause, found):
            found = _after_cue(clause, text, (*cues, *INSTEAD), since=_end_of_name(clause))
        if cues is BY_CUES and not (found or "")[:1].isupper():
            continue
        if found and found.split()[0] not in NO_NAME_YET:
            return quoted(clause) or _without_site(clause, found, text)
    return quoted(clause)


def _without_site(clause: Clause, name: str, text: str) -> str:
    """ "Put the name Green Corner to moss fern": what follows is whose name it is."""
    for mention in (mention for mention in clause.mentions if mention.slugs and mention.start > 1):
        start = mention.start - 1 - (clause.words[mention.start - 1] in ("the", "my", "our"))
        tail = text[clause.tokens[start].start : clause.tokens[mention.end - 1].end]
        if clause.words[start] in ("to", "on", "for") and name.endswith(" " + tail):
            return name.removesuffix(tail).strip()
    return name


def _is_its_own(clause: Clause, name: str) -> bool:
    """ "It is called Harbor Books but should be called Pier Books": the first is the name it has."""
    has = {
        run_together([slug]) for mention in clause.mentions if not mention.is_near for slug in mention.slugs
    }
    words = name.split()
    for end in range(1, len(words) + 1):
        if run_together(words[:end]) in has:
            following = words[end : end + 1]
            return not following or (following[0].islower() and following[0] not in LINKING)
    return False


def _end_of_name(clause: Clause) -> int:
    return next((mention.end for mention in clause.mentions if mention.slugs), 0)


def _after_call(clause: Clause, text: str) -> str | None:
    """ "call the shop Fern and Fig": what follows the site's old name."""
    named = next((mention for mention in clause.mentions if mention.slugs), None)
    if named is None or named.end >= len(clause.tokens) or clause.tokens[named.end].word in NOT_THE_NAME:
        return None
    before = [word for word in clause.spelt[: named.start] if word not in ("the", "my", "our", "site")]
    return until_tail(clause.tokens, named.end, text) if before[-1:] and before[-1] in CALLING else None


def bare_name(tokens: Sequence[Token], text: str) -> str | None:
    """The name given in answer to "what should it be called?"."""
    words = [token.word for token in tokens]
    start = 0
    while opening := next((cue for cue in ANSWERS if tuple(words[start : start + len(cue)]) == cue), None):
        start += len(opening)
    if in_quotes := next((token.text for token in tokens if token.kind == "quote"), None):
        return in_quotes
    start = next(
        (place + 1 for place in range(start, len(tokens) - 1) if tokens[place].text in CALLED), start
    )
    return None if words[start : start + 1] == ["on"] else until_tail(tokens, start, text)


def label(clause: Clause, text: str) -> str | None:
    """A backup's note, from "label it X", "called X" or quotes."""
    return quoted(clause) or _after_cue(clause, text, LABEL_CUES)


def _after_cue(clause: Clause, text: str, cues: Sequence[tuple[str, ...]], since: int = 0) -> str | None:
    found = [
        (place - len(cue), place) for cue in cues if (place := place_after(clause, cue, since)) is not None
    ]
    if not found:
        return None
    return until_tail(clause.tokens, max(end for begin, end in found if begin == min(found)[0]), text)


def place_after(clause: Clause, cue: tuple[str, ...], since: int = 0) -> int | None:
    """Where the words after `cue` begin."""
    words = [word or token.text for word, token in zip(clause.spelt, clause.tokens, strict=True)]
    starts = range(since, len(words) - len(cue) + 1)
    found = next(
        (start + len(cue) for start in starts if tuple(words[start : start + len(cue)]) == cue), None
    )
    return found if found is not None and found < len(words) else None


def quoted(clause: Clause) -> str | None:
    """The first text in quotes."""
    return next((token.text for token in clause.tokens if token.kind == "quote" and token.text), None)


def _after_site_word(clause: Clause, text: str) -> str | None:
    """ "new site: River Yoga", "create site sunrise bakery"."""
    for end in (match.end for match in clause.matches if match.meaning == "SITE"):
        following = clause.tokens[end : end + 1]
        if (
            not following
            or following[0].kind not in ("word", "number", "mark")
            or following[0].word in NOT_A_NAME
        ):
            continue
        if end in clause.places("SITE"):
            continue
        if following[0].kind == "mark" and following[0].text not in ":-":
            continue
        if following[0].word == "4" and clause.words[end + 1 : end + 2] in (("me",), ("us",), ("my",)):
            continue
        return until_tail(clause.tokens, end, text)
    return None


def _capitals(clause: Clause, text: str) -> str | None:
    """ "make a website for Sunrise Bakery"; a whole message in capitals names nothing."""
    words = [token for token in clause.tokens if token.kind == "word"]
    if len(words) > 2 and all(token.text.isupper() for token in words):
        return None
    first = _first_capital(clause, words)
    if first is None:
        return None
    end = first.end
    for token in (token for token in clause.tokens if token.start >= first.end and token.is_capitalised):
        if text[end : token.start].strip() not in BETWEEN_CAPITALS:
            break
        end = token.end
    return text[first.start : end]


def _first_capital(clause: Clause, words: Sequence[Token]) -> Token | None:
    """Where a run of capitals starts; the first word of a message has its capital anyway."""
    is_title = len(words) > 1 and all(token.is_capitalised for token in words)
    is_title = is_title or _begins_with_name(clause)
    tokens = clause.tokens if is_title else clause.tokens[1:]
    first = next(
        (
            token
            for token in tokens
            if token.is_capitalised and token.word not in NEVER_NAMES and "'" not in token.text[:2]
        ),
        None,
    )
    before = next((token for token in reversed(words) if first and token.end < first.start), None)
    return before if before and before.text == "The" else first


def _begins_with_name(clause: Clause) -> bool:
    """ "Fern House needs a website": a sentence that begins with two capitals, neither a word of ours."""
    first, second = clause.tokens[0], clause.tokens[1] if len(clause.tokens) > 1 else clause.tokens[0]
    is_pair = first.kind == second.kind == "word" and first.is_capitalised and second.is_capitalised
    means = any(match.start == 0 and match.meaning != "SITE" for match in clause.matches)
    return is_pair and first is not second and not means and first.word not in OPENING_WORDS


BETWEEN_CAPITALS = ("", "&", "and", "of", "the", "of the", "and the", ".", "'s")
OPENING_WORDS = frozenset(
    """can could please my our new for this a an the i we you hi hello hey dear would will let lets so and also ok okay yes no one another now
    then after since when if because as at on in to what which how is are do does make need want with from your may might wordpress""".split()
)
SEPARATOR = re.compile(r",|\band\b")
SURE_CUES = phrases(
    """must to call|must call itself|should call itself|put the name|put name|give the name|set the name|take the name|now called|is called|be renamed|was renamed|make it|call it|name it|be called|be named|be known as|go by the name of|go by the name|go by|goes by|is spelled|ought to read|supposed to read|meant to read|prefer it to say|it to say|it to read|the name was meant to be|carry the name|bear the name|have the name|have it called|be spelled|be spelt|is spelt|be renamed to|
    become|becomes|to read|should read|be titled"""
)
TO_CUES = phrases("to|into|as")
COLON = phrases(":|- >|= >")
INSTEAD = phrases("but|with|by|to")
BY_CUES = phrases("by|for|with")
IS_CUES = phrases("is now|is|should be|shall be|must be|will be|it be")
NEW_CUES = phrases("new name|new title|new display name|display name|the name|the title")
CALLING = frozenset("call name title rename retitle rechristen dub".split())
NO_NAME_YET = frozenset("a an another something of different new some from for the it its my our".split()) - {
    "the"
}
NOT_THE_NAME = frozenset(
    "with by to into as is should from for please again back : , now site website be differently".split()
)
ANSWERS = phrases(
    """call it|name it|it is called|it is named|it is|it should be called|it should be|the name is|name is|name :|the name|how about|
    maybe|let us call it|i would call it|i would like to call it|please|just|we are called|make it|let us go with|go with|i think|called|named|
    hmm|um|ok|okay|oh|ah|sure|yes|,|:|should be|use|my business is called|its name is|title it|i want to call it|to|well"""
)
LABEL_CUES = phrases(
    """label it as|label it|labelled as|labelled|labeled|label|labelled :|label :|with the label|with label|tagged as|tagged|tag it as|
    tag it|named|name it|called|call it|titled|with the note|note :|with the comment|and name it|marked as|mark it as|mark it|with the name"""
)
NAMED_AFTERWARDS = frozenset(
    phrases(
        "is the new name|is the new title|would be the name|would be the title|is the name|is the title|will be the name|should be the name|shall be the name|would be its name"
    )
)
NOT_A_NAME = frozenset(
    """quick quickly fast soon real tonight tomorrow yet instance installation version out install project page pages again anymore thing of besides so because since while either now
    without should must has have had needs wants would could will can for on with called named titled about that which to please and in at so using under now where of is it my i quickly asap who by as from
    online up running going started live ready today or again then but thanks like just we me us copy post""".split()
)
NEVER_NAMES = frozenset(
    "i wordpress wp php i'm i'd i've ok mysql ssl dns ram cpu url a the please google hi hello".split()
)
