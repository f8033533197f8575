"""What is said of somebody's sites here. Rooms only look down, so the one that has the sites tells it, at start."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from aipress.kit.db import Session


@dataclass(frozen=True)
class SiteOfUser:
    """A site somebody owns or is a member of."""

    id: str
    slug: str
    name: str
    access: Literal["owner", "member"]


@dataclass(frozen=True)
class Teller:
    """Tells how many sites each of these people owns, and which ones a person has a part in."""

    how_many: Callable[[Session, Sequence[str]], Awaitable[Mapping[str, int]]]
    of: Callable[[Session, str], Awaitable[Sequence[SiteOfUser]]]


_teller: list[Teller] = []


def ask(teller: Teller) -> None:
    """Let this teller say what is told of sites."""
    _teller[:] = [teller]


async def how_many(session: Session, user_ids: Sequence[str]) -> Mapping[str, int]:
    """How many sites each of these people owns; whoever owns none may be missing."""
    return await _teller[0].how_many(session, user_ids) if _teller and user_ids else {}


async def of(session: Session, user_id: str) -> Sequence[SiteOfUser]:
    """The sites this person owns or is a member of, newest first."""
    return await _teller[0].of(session, user_id) if _teller else []
