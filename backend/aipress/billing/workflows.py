"""Counting costs, durably: read what the cloud's export says of the days that may have changed, and put it in place of what was known.

A count is named after its hour, or its day; each is done once, and whoever dies in one goes on. Days nobody counted are counted by
the next; days that were restated, however late, too. A day is exchanged whole, in one transaction.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import groupby
from pathlib import Path

from sqlalchemy import delete, insert, select

from aipress import clouds, durable
from aipress.billing import alerts, language_models
from aipress.billing.models import Cost, CostCount
from aipress.billing.sharing import shared_out
from aipress.clouds.base import Cloud
from aipress.clouds.costs import CostLine, Window
from aipress.errors import CloudError, CloudRefused
from aipress.kit import clock, logs
from aipress.tenants.ledger import rows

log = logs.get()
QUERY = Path(__file__).with_name("query.sql").read_text()
RESTATED_DAYS = 35  # Google's rows come up to days late; a daily count looks at these again
KEPT_DAYS = 400
OVERLAP = timedelta(hours=1)  # of two counts, should a row have been on its way


@durable.workflow
async def count_costs(subject: str) -> None:
    """`subject` is a day, 2026-11-28, or an hour of it, 2026-11-28T09."""
    await read_export(subject)
    await warn_of_budgets(subject)


@durable.step
async def read_export(subject: str) -> int:
    """Exchange what is known of every day that may have changed, on each cloud; how many days that were.

    A cloud that does not answer keeps no other from being counted: what it missed, its next count catches up with.
    """
    days, missed = 0, list[CloudError]()
    for cloud in clouds.every():
        try:
            days += await _read_export_of(cloud, subject)
        except CloudError as error:
            log.warning("costs can't be counted just now", cloud=cloud.name, why=str(error))
            missed.append(error)
    if len(missed) == len(clouds.every()):
        raise missed[0]
    return days


async def _read_export_of(cloud: Cloud, subject: str) -> int:
    now = clock.now()
    window = await _window(cloud.name, subject)
    lines = await _lines(cloud, window)
    found = {day: list(of_day) for day, of_day in groupby(lines, key=lambda line: line.usage_date)}
    wanted = await _known_days(cloud.name, window) | found.keys()
    for day in sorted(wanted):
        shares = await cloud.costs.shares(day) if any(line.shared for line in found.get(day, ())) else {}
        await _exchange(cloud.name, day, allocated(found.get(day, []), shares))
    await _note(cloud.name, now, max((line.exported_at for line in lines), default=None))
    return len(wanted)


async def _lines(cloud: Cloud, window: Window) -> list[CostLine]:
    """What the export says, and what language models cost where it has nothing of them, by day."""
    exported = await cloud.costs.lines(QUERY, window)
    async with rows().reading() as session:
        also = {line.usage_date for line in exported}
        answers = await language_models.lines(session, cloud.name, window, also)
    return sorted([*exported, *answers], key=lambda line: line.usage_date)


@durable.step
async def warn_of_budgets(subject: str) -> int:
    """Tell owners whose sites crossed a threshold this month; how many were told."""
    return await alerts.warn(rows(), date.fromisoformat(subject[:10]))


def allocated(lines: Sequence[CostLine], shares: Mapping[str, Mapping[str, int]]) -> list[CostLine]:
    """The lines with what is shared split among those who shared it. Raises CloudRefused unless the sums are what they were."""
    parts = [
        part
        for line in lines
        for part in (
            shared_out(line, shares.get(line.shared, {})) if line.shared and not line.tenant else [line]
        )
    ]
    if _sums(parts) != _sums(lines):
        raise CloudRefused("The parts of shared costs do not add up to the whole; nothing was stored.")
    return parts


def _sums(lines: Sequence[CostLine]) -> dict[str, tuple[Decimal, Decimal]]:
    """Cost and credits by currency."""
    found: defaultdict[str, tuple[Decimal, Decimal]] = defaultdict(lambda: (Decimal(0), Decimal(0)))
    for line in lines:
        cost, credits = found[line.currency]
        found[line.currency] = (cost + line.cost, credits + line.credits)
    return found


async def _window(cloud: str, subject: str) -> Window:
    """A day's count looks at weeks, an hour's at yesterday and today; further back where nobody counted meanwhile."""
    today, is_daily = date.fromisoformat(subject[:10]), len(subject) == len("2026-11-28")
    async with rows().reading() as session:
        last = await session.scalar(select(CostCount).where(CostCount.cloud == cloud))
    first = today - timedelta(RESTATED_DAYS if is_daily else 1)
    if last is None:
        return Window(today - timedelta(KEPT_DAYS), today, clock.now())
    return Window(min(first, last.read_at.date() - timedelta(1)), today, last.read_at - OVERLAP)


async def _known_days(cloud: str, window: Window) -> set[date]:
    """Days of the window with rows: those without any now lose them."""
    async with rows().reading() as session:
        days = select(Cost.usage_date).where(
            Cost.cloud == cloud, Cost.usage_date.between(window.first, window.last)
        )
        return set(await session.scalars(days.distinct()))


async def _exchange(cloud: str, day: date, lines: Sequence[CostLine]) -> None:
    known = [_as_row(cloud, line) for line in lines]
    async with rows().transaction() as session:
        # An hour's count and a day's may meet: whoever deletes what the other has not committed yet, deletes nothing of it.
        await session.take_turns(f"costs {cloud} {day}")
        await session.execute(delete(Cost).where(Cost.cloud == cloud, Cost.usage_date == day))
        if known:
            await session.execute(insert(Cost), known)


def _as_row(cloud: str, line: CostLine) -> dict[str, object]:
    return {
        "cloud": cloud,
        "usage_date": line.usage_date,
        "invoice_month": line.invoice_month,
        "tenant_id": line.tenant[:63],
        "shared": line.shared[:63],
        "service": line.service[:200] or "Other",
        "sku": line.sku[:400],
        "unit": line.unit[:60],
        "kind": line.kind[:32],
        "currency": line.currency[:8],
        "amount": line.amount,
        "cost": line.cost,
        "credits": line.credits,
    }


async def _note(cloud: str, read_at: datetime, newest: datetime | None) -> None:
    async with rows().transaction() as session:
        count = await session.get(CostCount, cloud)
        if count is None:
            count = CostCount(cloud=cloud)
            session.add(count)
        count.read_at = read_at
        count.as_of = max(filter(None, (count.as_of, newest)), default=None)
