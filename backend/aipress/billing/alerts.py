"""Budgets' alerts: who crossed a threshold this month hears of it by mail, once per threshold and month."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from sqlalchemy import select

from aipress.billing.models import NET, Budget, BudgetAlert, Cost
from aipress.kit.db import Database, Session
from aipress.kit.mail import Mail, Outbox
from aipress.tenants.models import Tenant

CENT = Decimal("0.01")
_outbox: list[Outbox] = []


def use(outbox: Outbox) -> None:
    """Where mail of this process goes."""
    _outbox[:] = [outbox]


async def warn(rows: Database, today: date) -> int:
    """Tell everybody who is to be told; how many were. A LookupError means that start-up forgot `use`."""
    async with rows.reading() as session:
        budgets = (await session.scalars(select(Budget))).all()
    return sum([await _warn_of(rows, budget, f"{today:%Y%m}") for budget in budgets])


def crossed(budget: Budget, spent: Decimal) -> list[int]:
    """The thresholds, in percent, that this much is at or beyond; none of a budget of nothing while nothing is spent."""
    return [one for one in budget.percents if spent > 0 and spent * 100 >= budget.amount * one]


async def spent_in(session: Session, tenant_id: str, month: str, currency: str) -> Decimal:
    """What a site cost in a month so far, in this currency."""
    mine = Cost.tenant_id == tenant_id, Cost.invoice_month == month, Cost.currency == currency
    return (await session.scalar(select(NET).where(*mine))) or Decimal(0)


async def _warn_of(rows: Database, budget: Budget, month: str) -> bool:
    """The mail is on its way before it is noted: who dies between sends it twice rather than never."""
    async with rows.transaction() as session:
        site = await session.scalar(select(Tenant).where(Tenant.id == budget.tenant_id).with_for_update())
        spent = await spent_in(session, budget.tenant_id, month, budget.currency)
        news = await _unsaid(session, budget, month, crossed(budget, spent))
        if not news or site is None or site.state == "removed":
            return False
        session.add_all(
            BudgetAlert(tenant_id=budget.tenant_id, invoice_month=month, threshold=one) for one in news
        )
        await session.flush()
        await _outbox[0].send(_mail(site, budget, spent, max(news)))
        return True


async def _unsaid(session: Session, budget: Budget, month: str, reached: Sequence[int]) -> list[int]:
    told = select(BudgetAlert.threshold).where(
        BudgetAlert.tenant_id == budget.tenant_id, BudgetAlert.invoice_month == month
    )
    said = set(await session.scalars(told))
    return [one for one in reached if one not in said]


def _mail(site: Tenant, budget: Budget, spent: Decimal, threshold: int) -> Mail:
    amount, limit = (f"{_digits(one)} {budget.currency}" for one in (spent, budget.amount))
    return Mail(
        site.owner_email,
        f"{site.name}: {threshold} % of this month's budget",
        f"“{site.name}” has cost {amount} this month. Its budget is {limit}; you asked to hear of it at {threshold} %.\n\n"
        "Nothing was stopped or changed. What it cost, by day and by service, is on the site's page under Costs.\n",
    )


def _digits(amount: Decimal) -> str:
    """To the cent, and finer where a cent would hide that there is something."""
    return f"{amount:.2f}" if amount >= CENT else f"{amount:.9f}".rstrip("0")
