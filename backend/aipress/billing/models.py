"""What sites cost, as counted: a row for each day, tenant and kind of thing; how far the counting is; budgets and their alerts."""

from datetime import date, datetime
from decimal import Decimal

from sqlalchemy import BigInteger, Dialect, ForeignKey, Index, Select, String, func, select
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import TypeDecorator

from aipress.kit import clock, db

NANOS = Decimal(10**9)


class Money(TypeDecorator[Decimal]):
    """An amount of money to nine decimals, kept as a whole number of billionths: exact on every database, also in sums."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:
        return None if value is None else int(value * NANOS)

    def process_result_value(self, value: object, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(int(str(value))).scaleb(-9)


class Exact(TypeDecorator[Decimal]):
    """A number as its digits: for what is never summed by the database."""

    impl = String(60)
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> str | None:
        return None if value is None else f"{value:f}"

    def process_result_value(self, value: str | None, dialect: Dialect) -> Decimal | None:
        return None if value is None else Decimal(value)


class Cost(db.Row):
    """What one day cost a tenant, of one kind of thing. No tenant: nobody's. `shared` names the thing this is a part of."""

    __tablename__ = "costs"
    __table_args__ = (
        Index("ix_costs_tenant_month", "tenant_id", "invoice_month"),
        Index("ix_costs_cloud_day", "cloud", "usage_date"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    cloud: Mapped[str] = mapped_column(String(16))
    usage_date: Mapped[date]
    invoice_month: Mapped[str] = mapped_column(String(6), index=True)
    tenant_id: Mapped[str] = mapped_column(String(63))
    shared: Mapped[str] = mapped_column(String(63), default="")
    service: Mapped[str] = mapped_column(String(200))
    sku: Mapped[str] = mapped_column(String(400))
    unit: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(32))
    currency: Mapped[str] = mapped_column(String(8))
    amount: Mapped[Decimal] = mapped_column(Exact)
    cost: Mapped[Decimal] = mapped_column(Money)
    credits: Mapped[Decimal] = mapped_column(Money)

    @property
    def net(self) -> Decimal:
        """Credits are negative."""
        return self.cost + self.credits


NET = func.sum(Cost.cost + Cost.credits, type_=Money())


class CostCount(db.Row):
    """How far a cloud's costs are counted: when its export was last read, and its newest row then."""

    __tablename__ = "cost_counts"

    cloud: Mapped[str] = mapped_column(String(16), primary_key=True)
    read_at: Mapped[datetime] = mapped_column(db.Instant)
    as_of: Mapped[datetime | None] = mapped_column(db.Instant, default=None)


class Budget(db.Row):
    """What a site should cost a month at most, and at which parts of that (percent, comma between) its owner hears of it."""

    __tablename__ = "budgets"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    amount: Mapped[Decimal] = mapped_column(Money)
    currency: Mapped[str] = mapped_column(String(8))
    thresholds: Mapped[str] = mapped_column(String(60))
    set_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)
    set_by_email: Mapped[str] = mapped_column(String(254))

    @property
    def percents(self) -> list[int]:
        return [int(one) for one in self.thresholds.split(",")]


class BudgetAlert(db.Row):
    """That a threshold was crossed in a month, and its owner told: once."""

    __tablename__ = "budget_alerts"

    tenant_id: Mapped[str] = mapped_column(ForeignKey("tenants.id"), primary_key=True)
    invoice_month: Mapped[str] = mapped_column(String(6), primary_key=True)
    threshold: Mapped[int] = mapped_column(primary_key=True)
    sent_at: Mapped[datetime] = mapped_column(db.Instant, default=clock.now)


def of_site(tenant_id: str, month: str) -> Select[Cost]:
    """What a site cost in a month (YYYYMM)."""
    return select(Cost).where(Cost.tenant_id == tenant_id, Cost.invoice_month == month)
