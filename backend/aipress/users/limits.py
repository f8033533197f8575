"""How often somebody may ask: a leaky bucket per key, in the database, so that every process counts the same.

The generic cell rate algorithm (ITU-T I.371), one row a key: a use is paid off after `every` seconds, and
`burst` of them may be owed.
"""

from dataclasses import dataclass
from math import ceil
from typing import cast

from sqlalchemy import CursorResult, case, delete, update
from sqlalchemy.exc import IntegrityError

from aipress.errors import TooMany
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.users.models import Allowance


@dataclass(frozen=True)
class Pace:
    """So many at once, and one more every so many seconds."""

    burst: int
    every: float


async def use(session: Session, key: str, pace: Pace) -> None:
    """Use one of what `key` is allowed. Raises TooMany when none is left; a refused request uses nothing."""
    if (
        await _owe_more(session, key, pace)
        or await _begin(session, key, pace)
        or await _owe_more(session, key, pace)
    ):
        return
    minutes = ceil(pace.every / 60)
    raise TooMany(f"That was asked for too often. Try again in {minutes} minute{'s' if minutes > 1 else ''}.")


async def forget_paid_off(session: Session) -> None:
    """Remove the keys that owe nothing: they are as good as new."""
    await session.execute(delete(Allowance).where(Allowance.free_at < clock.now().timestamp()))


async def _owe_more(session: Session, key: str, pace: Pace) -> bool:
    """One statement decides and counts, so that simultaneous requests can't all find the last one free."""
    now = clock.now().timestamp()
    free_at = case((Allowance.free_at > now, Allowance.free_at), else_=now) + pace.every
    fits = Allowance.free_at <= now + (pace.burst - 1) * pace.every
    counted = update(Allowance).where(Allowance.key == key, fits).values(free_at=free_at)
    result = await session.execute(counted, execution_options={"synchronize_session": False})
    return cast("CursorResult[object]", result).rowcount == 1


async def _begin(session: Session, key: str, pace: Pace) -> bool:
    """Count the first use of a key. False when the key is known already."""
    if await session.get(Allowance, key) is not None:
        return False
    try:
        async with session.begin_nested():
            session.add(Allowance(key=key, free_at=clock.now().timestamp() + pace.every))
    except IntegrityError:
        return False
    return True
