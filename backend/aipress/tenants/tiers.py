"""What sites come in, and what each costs a month on this machine."""

from decimal import Decimal

from aipress.plans.schemas import Money

FREE = "basic"
MONTHLY = {
    "basic": Money(amount=Decimal(0)),
    "standard": Money(amount=Decimal(9)),
    "performance": Money(amount=Decimal(29)),
}
