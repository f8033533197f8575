"""Which site a wish is for: named, pointed at, implied by being the only one, unknown, or to be asked for."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from aipress.chat.offline.clauses import Clause
from aipress.chat.offline.directory import Site
from aipress.chat.offline.outcome import Wish
from aipress.chat.offline.sites import Mention
from aipress.chat.offline.strangers import unknown_name
from aipress.chat.offline.wishes import Wanted
from aipress.plans.actions import ACTIONS, Tier


@dataclass(frozen=True)
class Company:
    """The sites there are, the one spoken of last, and what is to be done with the one meant."""

    sites: tuple[Site, ...]
    last: str | None = None
    is_admin: bool = False
    action: str = ""
    is_same_message: bool = False

    @property
    def slugs(self) -> tuple[str, ...]:
        return tuple(site.slug for site in self.sites)


@dataclass(frozen=True)
class Named:
    """The answer: one slug (as `typed`, if misspelt), several, `choices` to ask between, a name that is `unknown`, or nothing said."""

    slug: str | None = None
    several: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    unknown: str | None = None
    typed: str = ""


def name_site(clauses: Sequence[Clause], company: Company) -> Named:
    """The site meant in `clauses`, the first of which says what is to be done."""
    mentions = list(_mentions(clauses, company))
    named = [mention for mention in mentions if mention.slugs]
    if named:
        return _by_name(clauses[0], named)
    if any(mention.pointer == "one" for mention in mentions):
        return Named(choices=company.slugs)
    if any(mention.pointer == "all" for mention in mentions):
        return _every(company)
    if mentions and (pointed := _pointed(mentions, company)):
        return Named(pointed)
    if unknown := unknown_name(clauses[0]):
        may_be_meant = company.is_admin and SLUG.fullmatch(unknown)
        return Named(unknown) if may_be_meant else Named(unknown=unknown)
    return Named(_implied(clauses[0], mentions, company))


def points_clearly(wanted: Wanted, last: Wish | None) -> bool:
    """False when "it" may be something of the site's rather than the site: its homepage, its backup, its bundle."""
    if any(mention.slugs for mention in wanted.clause.mentions) or not wanted.clause.mentions:
        return True
    for clause in wanted.extras:
        for mention in clause.mentions:
            if mention.slugs:
                before = next(
                    (
                        word
                        for word in reversed(clause.words[: mention.start])
                        if word not in ("the", "my", "our")
                    ),
                    "",
                )
                return before not in OF_THE_SITE and not clause.tokens[mention.end - 1].owns
    return last is None or last.action in ABOUT_THE_SITE


def says_another_kind(wanted: Wanted, company: Company) -> bool:
    """ "The blog" is perhaps not the one site there is, when that is called a shop or a bakery."""
    is_named = any(
        mention.slugs or mention.pointer for clause in wanted.clauses for mention in clause.mentions
    )
    return not is_named and len(company.sites) == 1 and bool(KINDS_OF_SITE & set(wanted.clause.words))


def _mentions(clauses: Sequence[Clause], company: Company) -> Iterator[Mention]:
    """Mentions in the clause that asks come first; a neighbour's name serves when that one only points."""
    yield from clauses[0].mentions
    if not any(mention.slugs or mention.pointer == "other" for mention in clauses[0].mentions):
        for clause in clauses[1:]:
            yield from clause.mentions


def _by_name(clause: Clause, named: list[Mention]) -> Named:
    sure = [mention for mention in named if len(mention.slugs) == 1]
    slugs = tuple(dict.fromkeys(mention.slugs[0] for mention in sure))
    own = tuple(dict.fromkeys(mention.slugs[0] for mention in sure if mention in clause.mentions))
    if len(own) > 1:
        return Named(several=own)
    if slugs:
        return Named(slugs[0], typed=_as_typed(clause, sure[0]))
    return Named(choices=named[0].slugs)


def _as_typed(clause: Clause, mention: Mention) -> str:
    typed = " ".join(token.text for token in clause.tokens[mention.start : mention.end])
    return typed if mention.is_near and mention in clause.mentions else ""


def _every(company: Company) -> Named:
    if len(company.sites) == 1:
        return Named(company.slugs[0])
    is_harmless = bool(company.action) and ACTIONS[company.action].tier < Tier.COSTLY
    return Named(several=company.slugs) if is_harmless else Named()


def _pointed(mentions: list[Mention], company: Company) -> str | None:
    if any(mention.pointer == "other" for mention in mentions):
        others = [slug for slug in company.slugs if slug != company.last]
        return others[0] if company.last and len(others) == 1 else None
    return company.last


def _implied(clause: Clause, mentions: list[Mention], company: Company) -> str | None:
    if len(company.sites) == 1:
        return company.slugs[0]
    if company.is_same_message and not _is_indefinite(clause):
        return company.last
    is_read = bool(company.action) and ACTIONS[company.action].tier is Tier.READ
    says_the_site = any(pair in THE_SITE for pair in pairwise(clause.words))
    return (
        company.last
        if says_the_site or (is_read and company.last in company.slugs and not mentions and _is_short(clause))
        else None
    )


def _is_short(clause: Clause) -> bool:
    return len(clause.words) <= 6 and "my" not in clause.words


def _is_indefinite(clause: Clause) -> bool:
    return any(
        pair in (("a", "site"), ("a", "website"), ("my", "site"), ("one", "of"))
        for pair in pairwise(clause.words)
    )


OF_THE_SITE = frozenset("of on from in for to at into".split())
ABOUT_THE_SITE = frozenset(
    """GET_SITE CREATE_SITE DELETE_SITE RENAME_SITE GET_METRICS GET_BILLING GET_COST_ADVICE DIAGNOSE GET_LOGS CREATE_BACKUP CHANGE_TIER
    OPEN_ADMIN""".split()
)
KINDS_OF_SITE = frozenset("blog shop store webshop".split())
SLUG = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
THE_SITE = frozenset((one, kind) for one in ("the", "this", "that") for kind in ("site", "website", "copy"))
