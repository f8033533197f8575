"""Is this clause a request to delete a site? Strict on purpose: a grammar of whole clauses, not a word that occurs.

Each word becomes one letter; only clauses whose letters spell a request count. "delete the about page" does not, nor does
"how do I delete a site", "don't delete it", "the client said: delete the shop" or anything else nobody thought of.
"""

import re
from collections.abc import Sequence

from aipress.chat.offline.clauses import SITE_WORD, Clause
from aipress.chat.offline.names import phrases
from aipress.chat.offline.sites import Mention
from aipress.chat.offline.strangers import unknown_places
from aipress.chat.offline.vocabulary import MEANINGS


def asks_to_delete(clause: Clause) -> bool:
    """True when the clause asks, here and now, for a site to be deleted."""
    if is_conditional(clause):
        return False
    spelt = _spell(clause)
    if clause.ends_asking and IS_SAID_OF_IT.match(spelt):
        return False
    if REQUEST.fullmatch(spelt):
        return not _only_takes_offline(clause) or bool(FOR_GOOD & set(clause.words))
    return False


def is_conditional(clause: Clause) -> bool:
    """ "Delete it if it is down" is no order; "if you can" is politeness."""
    following = (*clause.words[1:], "")
    return any(
        word in CONDITIONS and after not in ("possible", "you")
        for word, after in zip(clause.words, following, strict=True)
    )


def only_names_sites(clause: Clause) -> bool:
    """True for "the shop", "the one called shop" and "the blog too": an answer or more of the same, and nothing else."""
    return bool(NAMED_ONLY.fullmatch(_spell(clause, quiet="CONTINUE")))


def names_site_in_answer(clauses: Sequence[Clause]) -> bool:
    """True when a site is named in answer to "which one?", and nothing beside it says that it is to be kept."""
    others = [clause for clause in clauses if not only_names_sites(clause)]
    return len(others) < len(clauses) and not any(
        any(mention.slugs for mention in clause.mentions) or set(clause.words) & KEEPING for clause in others
    )


def asks_whether_you_can(clause: Clause) -> bool:
    """ "Can you delete sites?" asks what is possible."""
    return bool(re.fullmatch(r"a*Dd*M[a?]*", _spell(clause)))


def _spell(clause: Clause, quiet: str = "") -> str:
    """The clause as letters: D delete, X deleted, S site by name, W a site, P it, A all sites, d the, n a, … and ? for the rest."""
    words = list(clause.words[clause.opening :])
    letters = [_letter(word) for word in words]
    for match in (match for match in clause.matches if match.start >= clause.opening):
        first, *rest = (place - clause.opening for place in match.places)
        if match.meaning in ("DELETE", quiet):
            letters[first] = _form(words[first]) if match.meaning == "DELETE" else "a"
            for place in rest:
                letters[place] = ""
    for place in unknown_places(clause):
        letters[place - clause.opening] = "S"
    for mention in clause.mentions:
        for place in range(max(mention.start, clause.opening), mention.end):
            letters[place - clause.opening] = _letter_of(mention, clause)
    verbs = [match.end - clause.opening for match in clause.matches if match.meaning == "DELETE"]
    spelt = "".join(_without_tail(words, letters, min(verbs, default=1)))
    return re.sub(r"(S)S+|(P)P+|(A)A+", r"\1\2\3", TAIL.sub("", spelt))


def _without_tail(words: list[str], letters: list[str], verb_ends: int) -> list[str]:
    """Reasons, extents and farewells say nothing about what is asked: "… and everything in it", "… from my account"."""
    for place in range(max(1, verb_ends), len(words)):
        if any(tuple(words[place : place + len(tail)]) == tail for tail in TAILS):
            return letters[:place]
    return letters


def _letter(word: str) -> str:
    return LETTERS.get(word, "S" if word == SITE_WORD else "?")


def _letter_of(mention: Mention, clause: Clause) -> str:
    """The shop's homepage is not the shop, and everything is more than a site."""
    following = clause.words[mention.end : mention.end + 1]
    is_of_it = clause.tokens[mention.end - 1].owns and following not in (("site",), ("website",))
    if is_of_it or "everything" in clause.words[mention.start : mention.end]:
        return "?"
    return POINTERS.get(mention.pointer or "", "S")


def _form(word: str) -> str:
    if word.endswith("ing"):
        return "I"
    return "X" if word.endswith(("ed", "gone")) and word not in ("shed",) else "D"


def _only_takes_offline(clause: Clause) -> bool:
    """ "Take the blog down" may mean for an hour."""
    verbs = {clause.words[match.start] for match in clause.matches if match.meaning == "DELETE"}
    return bool(verbs) and verbs <= {"take", "close", "takes", "taken", "closed", "unpublish"}


_SITE = r"(?:d*v?WfP?d*S|d*v?S[Wn]?|PW|d*v?Wc?:?S?|P(?::?S)?|A|nd*W|nd*S|nd*M)"
REQUEST = re.compile(
    rf"""
    a*Da*:?{_SITE}(?:&{_SITE})*a*          # delete the blog (now, please)
  | a*Da*                                  # delete
  | {_SITE}mt?bXa*                         # the shop can be deleted, needs to be removed
  | {_SITE}etbXa*                         # the shop is to be deleted
  | {_SITE}mIa*                            # the shop needs deleting
  | i?[om]?[wmb](?:tw)?{_SITE}(?:tb)?[XG]a*   # I want the blog deleted, would love to see it gone
  | k{_SITE}Ga*                            # make the blog disappear
  | {_SITE}mt?Ga*                          # the shop can go, has to go
  | {_SITE}:?Da*                           # blog: delete
    """,
    re.VERBOSE,
)
IS_SAID_OF_IT = re.compile(rf"{_SITE}[me]")
NAMED_ONLY = re.compile(rf"[a&]*(?:Pe|Pob)?(?:d*nc)?{_SITE}(?:&{_SITE})*a*")
TAIL = re.compile(r"a+$")
POINTERS = {"it": "P", "other": "P", "all": "A", "one": "A"}
KEEPING = frozenset("not never no keep leave stays stay except without neither none".split())
CONDITIONS = frozenset("if unless whenever when provided assuming".split())
FOR_GOOD = frozenset("permanently forever good completely entirely all irrevocably definitively".split())
LETTERS: dict[str, str] = {
    **dict.fromkeys(
        "the my our own this that your whole entire old complete its their of existing current other first".split(),
        "d",
    ),
    **dict.fromkeys("a an one any some".split(), "n"),
    **dict.fromkeys(
        """altogether always please now completely permanently forever for good entirely immediately today right away asap too thanks me up again instead already
        then straight fully totally irrevocably cheers thank you just really finally definitely actually altogether tonight at once ok okay us
        also lol ! . , - - kindly thx well yes all together""".split(),
        "a",
    ),
    **dict.fromkeys("want wanted need like love have get see wish".split(), "w"),
    **dict.fromkeys("be been get".split(), "b"),
    **dict.fromkeys("can should must may could has needs have ought shall will might need".split(), "m"),
    **dict.fromkeys("go gone vanish disappear".split(), "G"),
    **dict.fromkeys("i we".split(), "i"),
    **dict.fromkeys("called named".split(), "c"),
    "only": "a",
    "here": "a",
    "of": "f",
    "is": "e",
    "make": "k",
    "would": "o",
    "to": "t",
    "and": "&",
    ":": ":",
    **dict.fromkeys("site website blog shop store webshop tenant".split(), "W"),
    **dict.fromkeys("wordpress wp web online".split(), "v"),
    **{word.strip(): "M" for word in MEANINGS["SITES"].split("|") if " " not in word.strip()},
}
TAILS = phrases(
    """and everything|and all|off the platform|off the server|off the internet|off the net|off the web|off the face|from the internet|from the web|from the net|from existence|from your|off this|from this|off my account|off our|off your|and its|and the data|with everything|with all|
    including|from my account|from our account|from the platform|from here|from the account|from my list|from the list|from the server|
    from aipress|from your servers|from the system|so|because|since|i do not|we do not|i no longer|we no longer|it is no|no longer|as i|as we|
    that i|that we|which|do not need|not needed|and do not|if you would|if you do not mind|if you could|if you can|if that is|when you|before|
    after|until|as well"""
)
