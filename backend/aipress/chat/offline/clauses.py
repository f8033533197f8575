"""Splitting a message into clauses, one wish each at most, and what is said about each: question, negation, condition."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from aipress.chat.offline.directory import Site
from aipress.chat.offline.lexicon import Match, corrected, meanings
from aipress.chat.offline.names import places_in_names
from aipress.chat.offline.politeness import FILLERS
from aipress.chat.offline.reading import Token
from aipress.chat.offline.sites import Mention, find_mentions

SITE_WORD = "\u00a7"


@dataclass(frozen=True)
class Clause:
    """A stretch of the message. `spelt` are its words spelt right, `words` the same with sites masked; reasons are not in `matches`."""

    tokens: tuple[Token, ...]
    words: tuple[str, ...]
    spelt: tuple[str, ...]
    mentions: tuple[Mention, ...]
    matches: tuple[Match, ...]
    ends_asking: bool = False
    adds: bool = False
    signals: frozenset[str] = field(default_factory=frozenset)

    def places(self, meaning: str) -> list[int]:
        """Where `meaning` is found."""
        return [match.start for match in self.matches if match.meaning == meaning]

    def has(self, *meanings_wanted: str) -> bool:
        return any(match.meaning in meanings_wanted for match in self.matches)

    def _topic(self, place: int) -> int:
        """How many words "the shop - " takes, a site named before what is said of it."""
        end = place
        while end < len(self.words) and self.words[end] in (SITE_WORD, "the", "my"):
            end += 1
        return end + 1 - place if end > place and self.words[end : end + 1] in (("-",), (":",)) else 0

    @property
    def mentions_deleting(self) -> bool:
        """True when deleting is spoken of anywhere, in a reason or condition too."""
        return any(match.meaning == "DELETE" for match in meanings().find(self.words))

    @property
    def mentions_site(self) -> bool:
        """True when a site is spoken of anywhere."""
        return any(match.meaning in ("SITE", "SITES") for match in meanings().find(self.words))

    def first_words(self, count: int) -> tuple[str, ...]:
        """The first words that are more than politeness."""
        return self.words[self.opening : self.opening + count]

    @property
    def opening(self) -> int:
        """Where politeness ends: "could you please" in "could you please back up the shop"."""
        place = 0
        while place < len(self.words):
            step = next(
                (len(filler) for filler in FILLERS if self.words[place : place + len(filler)] == filler), 0
            )
            step = step or self._topic(place)
            if not step:
                break
            place += step
        return place


def split(tokens: Sequence[Token], sites: Sequence[Site]) -> list[Clause]:
    """The clauses of a message, in order."""
    clauses = []
    for piece, mark, adds in _pieces(tokens):
        if any(token.kind != "mark" for token in piece):
            clauses.append(understand_words(piece, sites, mark == "?", adds))
    return clauses


def understand_words(
    tokens: Sequence[Token], sites: Sequence[Site], ends_asking: bool = False, adds: bool = False
) -> Clause:
    """One clause of these tokens."""
    mentions = [mention for mention in find_mentions(tokens, sites) if not _is_command(tokens, mention)]
    named = {place for mention in mentions if mention.slugs for place in range(mention.start, mention.end)}
    spelt = tuple(_spelt(token, place) for place, token in enumerate(tokens))
    words = tuple(SITE_WORD if place in named else word for place, word in enumerate(spelt))
    given = places_in_names(tokens, named)
    heard = _without_subordinates(tuple("" if place in given else word for place, word in enumerate(words)))
    matches = meanings().find(heard)
    if "because" in words and {match.meaning for match in matches} <= {"FOREIGN", "GREET", "THANKS"}:
        matches = meanings().find(words)
    return Clause(tuple(tokens), words, spelt, tuple(mentions), tuple(matches), ends_asking, adds)


def join(clauses: Iterable[Clause], sites: Sequence[Site]) -> Clause:
    """Several clauses as one."""
    together = list(clauses)
    tokens = [token for clause in together for token in clause.tokens]
    return understand_words(tokens, sites, together[-1].ends_asking, together[0].adds)


def _spelt(token: Token, place: int) -> str:
    is_name = token.is_capitalised and place > 0
    return corrected(token.word) if token.kind == "word" and not is_name else token.word


def _is_command(tokens: Sequence[Token], mention: Mention) -> bool:
    """A site called "backup" is only meant where a site must be meant, as in "logs of backup"."""
    if mention.end - mention.start != 1 or not mention.slugs:
        return False
    word = tokens[mention.start].word
    before = next(
        (token.word for token in reversed(tokens[: mention.start]) if token.word not in ("the", "my", "our")),
        "",
    )
    other = {match.meaning for match in meanings().find([word])} - {
        "SITE",
        "GREET",
        "THANKS",
        "FOREIGN",
        "SOURCES",
    }
    is_called_site = tokens[mention.end : mention.end + 1] and tokens[mention.end].word in ("site", "website")
    is_deleted = other == {"STAGING"} and word not in STAGING and before in DELETING
    return bool(other) and before not in BEFORE_SITE and not is_called_site and not is_deleted


def _pieces(tokens: Sequence[Token]) -> Iterable[tuple[list[Token], str, bool]]:
    piece: list[Token] = []
    adds = False
    for place, token in enumerate(tokens):
        if piece and token.kind == "mark" and (_ends(tokens, place) or _is_dash(tokens, place, piece)):
            yield piece, token.text, adds
            piece, adds = [], False
        elif piece and token.word in JOINTS and _starts_wish(tokens, place + 1, token.word):
            if not _is_in_name(piece, tokens[place + 1]):
                yield piece, _closing_mark(tokens, place), adds
                piece, adds = [], True
                continue
            piece.append(token)
        elif not (token.kind == "mark" and token.text in ",;.!?"):
            adds = adds or (not piece and token.word in ADDING)
            piece.append(token)
        elif token.text == "," and piece and _is_in_list(tokens, place):
            piece.append(token)
    yield piece, "", adds


def _closing_mark(tokens: Sequence[Token], place: int) -> str:
    return next((token.text for token in tokens[place:] if token.kind == "mark" and token.text in ".!?"), "")


def _ends(tokens: Sequence[Token], place: int) -> bool:
    text = tokens[place].text
    if text in "!?;" or text.startswith("..") or text == "\n":
        return True
    if text == ".":
        return not _is_abbreviation(tokens, place)
    return text == "," and not _is_in_list(tokens, place)


def _is_dash(tokens: Sequence[Token], place: int, piece: Sequence[Token]) -> bool:
    """ "Delete the blog - it is old": a new clause. "The shop - is it up" and "create site - luna" are one."""
    if tokens[place].text != "-" or place + 1 == len(tokens):
        return False
    is_spaced = tokens[place - 1].end < tokens[place].start and tokens[place].end < tokens[place + 1].start
    says = {token.word for token in piece}
    return is_spaced and tokens[place + 1].word in SPEAKING_ON and bool(says & STARTERS) and not says & NAMING


def _is_abbreviation(tokens: Sequence[Token], place: int) -> bool:
    return (
        place > 0
        and tokens[place - 1].word in ("st", "dr", "mr", "mrs", "ms", "no", "vs")
        and tokens[place - 1].is_capitalised
    )


def _is_in_list(tokens: Sequence[Token], place: int) -> bool:
    """A comma between a month and its year, or inside a name, ends nothing."""
    following = tokens[place + 1] if place + 1 < len(tokens) else None
    return bool(
        following
        and following.kind == "number"
        and following.text.startswith("20")
        and len(following.text) == 4
    )


def _starts_wish(tokens: Sequence[Token], place: int, joint: str) -> bool:
    if joint == "so" and _says_what_must_be(tokens, place):
        return True
    if (
        joint == "so"
        and tokens[place : place + 1]
        and tokens[place].word in PERSONS | {"that", "can", "could"}
    ):
        return False
    while place < len(tokens) and tokens[place].word in (
        "then",
        "also",
        "please",
        "after",
        "that",
        "just",
        "finally",
        "next",
        "maybe",
        ",",
    ):
        place += 1
    return place < len(tokens) and (corrected(tokens[place].word) in STARTERS)


def _says_what_must_be(tokens: Sequence[Token], place: int) -> bool:
    """ "… so the site has to go", "… so you can delete it": a wish, told as what follows."""
    words = [token.word for token in tokens[place : place + 9]]
    is_leave = words[:1] == ["you"] and words[1:2] in (["can"], ["may"], ["could"])
    is_duty = words[:1] in (["the"], ["my"], ["our"]) and any(pair in DUTIES for pair in pairwise(words))
    return is_leave or is_duty


def _is_in_name(piece: Sequence[Token], following: Token) -> bool:
    """ "called Stop and Show" is one name."""
    return (
        following.is_capitalised and piece[-1].is_capitalised and any(token.word in NAMING for token in piece)
    )


def _without_subordinates(words: tuple[str, ...]) -> tuple[str, ...]:
    """`words` with reasons and conditions blanked out: "so I can test a theme", "before I delete the old posts"."""
    for place in range(1, len(words)):
        if _opens_subordinate(words, place):
            return words[:place] + ("",) * (len(words) - place)
    return words


def _opens_subordinate(words: tuple[str, ...], place: int) -> bool:
    word, following = words[place], words[place + 1] if place + 1 < len(words) else ""
    if word in ("if", "whether"):
        return not set(words[max(0, place - 4) : place]) & EMBEDDING
    if word in ("before", "until", "till", "because", "unless", "while", "whilst", "although", "though"):
        return bool(following)
    if word == "so" and words[place + 1 : place + 3] in (("you", "can"), ("you", "may"), ("you", "could")):
        return False
    return word in ("so", "since", "as", "when", "once", "after", "in") and (
        following in PERSONS or (word, following) in (("so", "that"), ("in", "case"), ("in", "order"))
    )


DUTIES = frozenset(
    (("has", "to"), ("needs", "to"), ("must", "be"), ("should", "be"), ("can", "be"), ("can", "go"))
)
PERSONS = frozenset("i we they he she you people customers nobody someone somebody my our".split())
SPEAKING_ON = PERSONS | frozenset(
    "it that this no not do never please because since just but so wait".split()
)
EMBEDDING = frozenset(
    "glad grateful appreciate happy pleased thankful nice lovely kind great tell check see know wonder wondering verify sure find look".split()
)
STAGING, DELETING = frozenset(("staging", "stage", "stg")), frozenset("delete remove erase destroy".split())
BEFORE_SITE = frozenset("of for on to at from site website called named".split())
JOINTS = frozenset(("and", "then", "but", "also", "plus", "so"))
ADDING = frozenset(("also", "then", "and", "plus", "afterwards", "after", "next", "finally"))
NAMING = frozenset(("called", "named", "titled", "call", "name"))
STARTERS = frozenset(
    """create make build delete remove show list give tell clear purge flush restore roll undo rename update upgrade install add open log
    push publish connect back backup check take set move put get help diagnose find send run switch downgrade disconnect attach detach
    what why how which when is are does did i can could want need let do empty display spin launch start plot graph see bring scale deploy wipe
    invalidate refresh point snapshot clone copy search grep discard throw verify it go change erase destroy has any another nuke kill trash keep leave""".split()
)
