"""Clauses that commas cut apart: "my old site, Harbor Books, can be deleted" is one wish about what stands between the commas."""

from collections.abc import Sequence

from aipress.chat.offline.clauses import SITE_WORD, Clause, join
from aipress.chat.offline.directory import Site


def taken_together(clauses: Sequence[Clause], sites: Sequence[Site]) -> list[Clause]:
    """`clauses`, a name and what is said of it being one; a domain takes along what it was called before the comma."""
    found: list[Clause] = []
    for clause in clauses:
        if found and _lacks_subject(clause) and _is_site_alone(found[-1]) and _may_be_a_site(found[:-1]):
            clause = join((found.pop(), clause), sites)
        elif (
            len(found) > 1
            and _lacks_subject(clause)
            and _is_domain_alone(found[-1])
            and found[-2].has("DOMAIN")
        ):
            clause = join((*found[-2:], clause), sites)
            del found[-2:]
        found.append(clause)
    return found


def _lacks_subject(clause: Clause) -> bool:
    """ "Can be deleted now", "needs to be removed": said of what stands before it."""
    first, second, third = (*clause.words[:3], "", "", "")[:3]
    is_passive = first in MODAL and second == "be"
    return not clause.ends_asking and (is_passive or (first in DUTY and (second, third) == ("to", "be")))


def _is_site_alone(clause: Clause) -> bool:
    return set(clause.words) == {SITE_WORD} and len(clause.mentions) == 1


def _is_domain_alone(clause: Clause) -> bool:
    return [token.kind for token in clause.tokens] == ["domain"]


def _may_be_a_site(before: Sequence[Clause]) -> bool:
    """True when nothing goes before, or what does is called a site: "our staging copy, Luna Cafe" is none."""
    return not before or (
        before[-1].words[-1] in KINDS and {match.meaning for match in before[-1].matches} <= {"SITE"}
    )


MODAL = frozenset("can may should must could".split())
DUTY = frozenset("has needs ought have".split())
KINDS = frozenset("site website blog shop store webshop project page homepage".split())
