"""Reading a message: tokens with their place in the text. Quotes, domains and paths are one token each, never words."""

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["word", "number", "domain", "path", "quote", "mark"]


@dataclass(frozen=True)
class Token:
    """One piece of the message. `word` is folded for comparing; `text` is as typed."""

    text: str
    word: str
    start: int
    end: int
    kind: Kind = "word"
    owns: bool = False

    @property
    def is_capitalised(self) -> bool:
        return self.text[:1].isupper()


def read(text: str) -> list[Token]:
    """The tokens of `text`, contractions written out ("don't" is "do not")."""
    tidy = _tidy(text)
    tokens: list[Token] = []
    position = 0
    while found := PIECE.search(tidy, position):
        tokens.extend(_tokens(found))
        position = found.end()
    return tokens


def fold(text: str) -> str:
    """Lower case without accents, for comparing."""
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _tidy(text: str) -> str:
    """Typographic quotes and dashes as typed ones; the length stays, so places in the text stay right."""
    return HYPHENATED_SPAN.sub(r"\1 \2", text.translate(TYPED))


def _tokens(found: re.Match[str]) -> list[Token]:
    kind, text, start = str(found.lastgroup), found.group(), found.start()
    if kind in ("double", "single", "guillemet"):
        return [Token(text[1:-1].strip(), "", start, found.end(), "quote")]
    if kind == "url":
        return _url(text, start)
    if kind == "amount":
        digits = re.match(r"[\d.,]*\d", text)
        cut = digits.end() if digits else 0
        unit = [Token(text[cut:], fold(text[cut:]), start + cut, found.end())] if text[cut:] else []
        return [Token(text[:cut], text[:cut].replace(",", "."), start, start + cut, "number"), *unit]
    if kind == "word":
        return _word(Token(text, fold(text), start, found.end()))
    return [Token(text, fold(text), start, found.end(), KINDS[kind])]


def _url(text: str, start: int) -> list[Token]:
    host = text.split("//", 1)[1].split("/", 1)
    where = start + text.index("//") + 2
    tokens = [Token(host[0], fold(host[0]), where, where + len(host[0]), "domain")]
    if len(host) == 2 and host[1]:
        path = "/" + host[1]
        tokens.append(Token(path, fold(path), where + len(host[0]), start + len(text), "path"))
    return tokens


def _word(token: Token) -> list[Token]:
    if written_out := CONTRACTIONS.get(token.word):
        return [replace(token, word=word) for word in written_out.split()]
    if token.word.endswith("n't"):
        return [replace(token, word=token.word[:-3]), replace(token, word="not")]
    for ending, word in (("'ll", "will"), ("'re", "are"), ("'ve", "have"), ("'d", "would"), ("'m", "am")):
        if token.word.endswith(ending):
            return [replace(token, word=token.word[: -len(ending)]), replace(token, word=word)]
    for ending in ("'s", "'"):
        if token.word.endswith(ending):
            cut = len(ending)
            return [Token(token.text[:-cut], token.word[:-cut], token.start, token.end - cut, owns=True)]
    return [token]


KINDS: dict[str, Kind] = {"domain": "domain", "path": "path", "mark": "mark", "month": "number"}
HYPHENATED_SPAN = re.compile(
    r"\b(\d+|one|two|three|six|seven)-(minute|hour|day|week|month|year)s?\b", re.IGNORECASE
)
TYPED = str.maketrans(
    {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2013": "-", "\u2014": "-"}
)
PIECE = re.compile(
    r"""
    (?P<double>"[^"\n]+")
  | (?P<guillemet>[\u00ab\u2039][^\u00bb\u203a\n]+[\u00bb\u203a])
  | (?P<single>(?<![\w'])'(?=\S)(?:[^'\n]|(?<=\w)'(?=\w))+'(?!\w))
  | (?P<url>https?://[^\s,;"'<>]+[\w/])
  | (?P<month>\b\d{4}-(?:0[1-9]|1[0-2])\b(?!-))
  | (?P<domain>(?<![\w@.-])(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?\.)+(?!php\b|js\b|css\b|html?\b|txt\b|log\b|jpe?g\b|png\b)[a-zA-Z]{2,24}(?![\w-]))
  | (?P<path>(?<!\S)/[\w\-./%~+]*[\w/]|(?<!\S)/(?=\s|$))
  | (?P<amount>(?<![\w-])\d+(?:[.,]\d+)?(?:h|hrs?|hours?|m|mins?|minutes?|d|days?|w|wks?|weeks?|months?|s|secs?|x|%)?(?![\w-]))
  | (?P<word>[^\W_](?:[\w]|['\-.](?=\w))*'?)
  | (?P<mark>\.{2,}|[^\w\s])
    """,
    re.VERBOSE,
)
CONTRACTIONS = {
    "what's": "what is",
    "that's": "that is",
    "it's": "it is",
    "how's": "how is",
    "where's": "where is",
    "who's": "who is",
    "when's": "when is",
    "why's": "why is",
    "there's": "there is",
    "here's": "here is",
    "he's": "he is",
    "she's": "she is",
    "let's": "let us",
    "can't": "can not",
    "won't": "will not",
    "shan't": "shall not",
    "cannot": "can not",
    "y'all": "you all",
    "whats": "what is",
    "hows": "how is",
    "wheres": "where is",
    "dont": "do not",
    "doesnt": "does not",
    "didnt": "did not",
    "isnt": "is not",
    "arent": "are not",
    "wasnt": "was not",
    "wont": "will not",
    "cant": "can not",
    "couldnt": "could not",
    "shouldnt": "should not",
    "wouldnt": "would not",
    "hasnt": "has not",
    "havent": "have not",
    "im": "i am",
    "ive": "i have",
    "gimme": "give me",
    "lemme": "let me",
    "wanna": "want to",
    "gonna": "going to",
    "pls": "please",
    "plz": "please",
    "plss": "please",
    "u": "you",
    "ur": "your",
    "teh": "the",
    "hte": "the",
    "thx": "thanks",
    "wether": "whether",
    "haf": "half",
    "lst": "last",
    "pst": "past",
    "hrs": "hours",
    "yday": "yesterday",
    "mony": "money",
    "sav": "save",
    "wat": "what",
    "wht": "what",
    "hw": "how",
    "shw": "show",
    "plese": "please",
    "pleas": "please",
    "tho": "though",
    "cuz": "because",
    "coz": "because",
    "bc": "because",
    "thru": "through",
    "ppl": "people",
    "abt": "about",
    "bkp": "backup",
    "bkup": "backup",
    "dom": "domain",
    "perf": "performance",
}
