"""Cursor paging over ids that sort by time: newest first, `{items, next_cursor}`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy import Select
from sqlalchemy.orm import InstrumentedAttribute

from aipress.errors import Invalid
from aipress.kit import ids
from aipress.kit.db import Session

T = TypeVar("T")


class Page(BaseModel, Generic[T]):
    """One page of a list. `next_cursor` is null on the last page."""

    items: list[T]
    next_cursor: str | None = None


@dataclass(frozen=True)
class Slice:
    """Which page is asked for: at most `limit` items after `cursor`. Raises Invalid for what no page ended with."""

    limit: int = 50
    cursor: str | None = None

    def __post_init__(self) -> None:
        if self.cursor and not ids.looks_like_one(self.cursor):
            why = "This is no cursor of ours. Send the `next_cursor` of the page before, or none to begin."
            raise Invalid(why, {"cursor": why})


async def fetch(
    session: Session, query: Select[Any], key: InstrumentedAttribute[str], wanted: Slice
) -> tuple[Sequence[Any], str | None]:
    """The rows of the wanted page, newest first, and the cursor of the next one."""
    if wanted.cursor:
        query = query.where(key < wanted.cursor)
    rows = (await session.scalars(query.order_by(key.desc()).limit(wanted.limit + 1))).all()
    if len(rows) <= wanted.limit:
        return rows, None
    page = rows[: wanted.limit]
    return page, str(getattr(page[-1], key.key))
