"""What sites come in: how much each size may use, as people read it, and what it costs a month on this machine."""

from decimal import Decimal

from aipress.plans.schemas import Money
from aipress.tenants.schemas import TierRead

FREE = "basic"
TIERS = (
    TierRead(
        id="basic",
        label="Basic",
        monthly=Money(amount=Decimal(0)),
        summary="3 requests at once in 512 MB. Sleeps while nobody visits.",
        min_instances=0,
    ),
    TierRead(
        id="standard",
        label="Standard",
        monthly=Money(amount=Decimal(9)),
        summary="6 requests at once in 1 GB. Sleeps while nobody visits.",
        min_instances=0,
    ),
    TierRead(
        id="performance",
        label="Performance",
        monthly=Money(amount=Decimal(29)),
        summary="12 requests at once in 2 GB. Always awake.",
        min_instances=1,
    ),
)
MONTHLY: dict[str, Money] = {tier.id: tier.monthly for tier in TIERS}
