"""What can be said of all operations that a caller sees: how many run, which are stuck, how many failed hour by hour."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select

from aipress.auth.principal import Principal
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.operations.models import UNFINISHED, Operation, visible_to

HOURS = 24
MOST = 50  # that are shown as stuck: whoever mends those sees the next


async def how_many_run(session: Session, principal: Principal) -> int:
    """How many have not ended."""
    running = visible_to(principal).where(Operation.state.in_(UNFINISHED))
    return await session.scalar(select(func.count()).select_from(running.subquery())) or 0


async def stuck(
    session: Session, principal: Principal, since: datetime, stranded: Sequence[str]
) -> Sequence[Operation]:
    """Those that have not ended though begun before `since`, or whose workflow is one of the stranded ones; oldest first."""
    is_late = (Operation.created_at < since) | Operation.workflow_id.in_(stranded)
    late = visible_to(principal).where(Operation.state.in_(UNFINISHED), is_late)
    return (await session.scalars(late.order_by(Operation.created_at).limit(MOST))).all()


async def failures(session: Session, principal: Principal) -> list[tuple[datetime, int]]:
    """How many failed in each of the last 24 hours, the one under way included; oldest first, each by its beginning."""
    this_hour = _hour_of(clock.now())
    hours = [this_hour - timedelta(hours=ago) for ago in reversed(range(HOURS))]
    failed = visible_to(principal).where(Operation.state == "failed", Operation.ended_at >= hours[0])
    moments = await session.scalars(failed.with_only_columns(Operation.ended_at))
    counted = Counter(_hour_of(moment) for moment in moments if moment)
    return [(hour, counted[hour]) for hour in hours]


def _hour_of(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)
