"""A name being given, "called Sunrise Bakery": where it starts and where it ends. What stands in it is content, never a command."""

from collections.abc import Collection, Sequence

from aipress.chat.offline.lexicon import corrected
from aipress.chat.offline.reading import Token


def until_tail(tokens: Sequence[Token], start: int, text: str) -> str | None:
    """The name from `start` on, as typed in `text`."""
    start = _past_marks(tokens, start)
    end = name_end(tokens, start)
    if end < len(tokens) and tokens[end].kind == "quote" and end == start:
        return tokens[end].text
    if end == start:
        return None
    return (
        text[tokens[start].start : tokens[end - 1].end + int(tokens[end - 1].owns) * 2].strip(" .,!?") or None
    )


def name_end(tokens: Sequence[Token], start: int) -> int:
    """Where the name that starts at `start` ends: before a quote, a mark, or words that are said about it."""
    end = start
    while end < len(tokens) and tokens[end].kind != "quote" and not _is_tail(tokens, end, start):
        end += 1
    while end > start and tokens[end - 1].kind == "mark" and tokens[end - 1].text not in "+!)":
        end -= 1
    return end


def places_in_names(tokens: Sequence[Token], known: Collection[int]) -> frozenset[int]:
    """The places of `tokens` that are part of a name being given; `known` are those where a site is named.

    In lower case only the name of something new goes on to the end: "the site called acme is down" ends where it likes.
    """
    places: set[int] = set(_places_of_new_name(tokens))
    for cue in (
        place for place, token in enumerate(tokens) if token.word in CALLED or _is_field(tokens, place)
    ):
        start = _past_marks(tokens, cue + 1)
        if start not in known:
            is_new = _is_field(tokens, cue) or any(token.word in FOR_NEW for token in tokens[:cue])
            end = name_end(tokens, start) if is_new else last_capital(tokens, start)
            places |= set(range(start, end))
    return frozenset(places)


def _is_field(tokens: Sequence[Token], place: int) -> bool:
    """ "name=Relay Status", "title: Blue Door"."""
    return tokens[place].word in ("name", "title") and [
        token.text for token in tokens[place + 1 : place + 2]
    ] in (
        ["="],
        [":"],
    )


def _places_of_new_name(tokens: Sequence[Token]) -> range:
    """ "Rename the thesis to Never Delete This": what it is to be called is no order."""
    verb = next((place for place, token in enumerate(tokens) if token.word in RENAMING), len(tokens))
    for place in range(verb + 1, len(tokens) - 1):
        if tokens[place].word in ("to", "into") and tokens[place + 1].is_capitalised:
            return range(place + 1, last_capital(tokens, place + 1))
    return range(0)


def phrases(text: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of "one|another one", in words."""
    return tuple(tuple(phrase.split()) for phrase in text.split("|"))


def _past_marks(tokens: Sequence[Token], start: int) -> int:
    while start < len(tokens) and (
        tokens[start].text in (":", ",", "-", "=") or tokens[start].word in ("be", "is")
    ):
        start += 1
    return start


def _is_tail(tokens: Sequence[Token], place: int, start: int) -> bool:
    token = tokens[place]
    if token.kind == "mark":
        return token.text in ",;:()?" or (token.text in ".!" and place + 1 == len(tokens))
    if token.is_capitalised or place == start:
        return False
    words = tuple(other.word for other in tokens[place : place + 4])
    if any(words[: len(tail)] == tail for tail in TAILS) or (
        words[0] in FIELDS and words[1:2] in (("=",), (":",))
    ):
        return True
    return words[0] in ("on", "with", "in", "at", "using", "from") and bool(
        SIZE_WORDS & {corrected(other.word) for other in tokens[place:]}
    )


def last_capital(tokens: Sequence[Token], start: int) -> int:
    """The end of a run of capitals, small words between them allowed."""
    end = place = start
    while place < len(tokens) and (tokens[place].is_capitalised or tokens[place].word in LINKING):
        place += 1
        end = place if tokens[place - 1].is_capitalised else end
    return end


RENAMING = frozenset("rename retitle rechristen relabel".split())
CALLED = frozenset("called named titled entitled dubbed".split())
FOR_NEW = frozenset("a an another new create make build launch start want need".split())
LINKING = frozenset("& and of the for in on to".split())
NAME_CUES = phrases(
    """name =|title =|its name is|its name|the name it is|name it is|called|named|titled|entitled|dubbed|call it|name it|title it|name is|name will be|name should be|the name should be|the name will be|
    the name is|the name would be|name :|under the name|by the name of|with the name|the name|known as|call him|call this one|call that|
    call this|call the site|name the site|call the blog|call the shop|be called|title is|title :|goes by|with name|call"""
)
TAILS = phrases(
    """any more|anymore|any longer|please|thanks|thank you|cheers|asap|for me|for us|for my|for our|from now on|instead|right now|now|today|as soon as|if you can|
    if possible|from today|from tomorrow|starting today|as of|and needs|and i|and we|and it|and she|and he|and they|would be|when you|as well|too|ok|okay|and then|then|quickly|immediately|would you|could you|can you|will you|that i|so i|so that|
    because|which is|thx|rather than|but|and use|and put|and make|and give|and install|and back|and show|pls|real quick|quick"""
)
FIELDS = frozenset("name title tier plan size bundle label".split())
SIZE_WORDS = frozenset("tier plan package bundle basic standard performance".split())
