"""What the assistant tells of costs: the control plane's own amounts, each with its month, and as of when it is true."""

from decimal import Decimal
from typing import Any

from pydantic_ai import ToolReturn
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.billing.schemas import BillingRead, BillRead
from aipress.chat.callers import Caller
from aipress.plans.arguments import WhichBill

Result = dict[str, Any]
MOST_SITES = 20  # whose costs are looked up for one answer


async def get_billing(caller: Caller, wish: WhichBill, _: str) -> ToolReturn[Result]:
    """What a site cost in a month, or each of the person's sites."""
    control = caller.control_plane
    sites = [await control.site(wish.tenant)] if wish.tenant else await control.sites()
    asked = sites[:MOST_SITES]
    found = [await control.billing(site.slug, wish.month) for site in asked]
    told: Result = {
        "month": found[0].month if found else wish.month,
        "as_of": found[0].as_of if found else None,
        "sites": [
            {"tenant": site.slug, "name": site.name, "bills": [_told(bill) for bill in one.bills]}
            for site, one in zip(asked, found, strict=True)
        ],
        "left_out": len(sites) - len(asked),
        "totals": _totals(found),
    }
    told["as_of"] = told["as_of"].isoformat() if told["as_of"] else None
    return ToolReturn(told, metadata=[_card(site.slug) for site in asked] if wish.tenant else [])


def _told(bill: BillRead) -> Result:
    forecast, change = bill.forecast, bill.change
    reasons = change.reasons[:3] if change else []
    return {
        "spent": _amount(bill.month_to_date, bill.currency),
        "forecast": _amount(forecast.amount, bill.currency) if forecast else None,
        "against_last_month": _amount(change.difference, bill.currency) if change else None,
        "days_compared": change.through_day if change else None,
        "services": [
            {"service": one.service, "spent": _amount(one.amount, bill.currency)} for one in bill.by_service
        ],
        "reasons": [
            {"text": one.text, "difference": _amount(one.difference, bill.currency)} for one in reasons
        ],
    }


def _totals(found: list[BillingRead]) -> list[str]:
    """What all of them cost, in each currency."""
    sums: dict[str, Decimal] = {}
    for bill in (bill for one in found for bill in one.bills):
        sums[bill.currency] = sums.get(bill.currency, Decimal(0)) + bill.month_to_date
    return [_amount(amount, currency) for currency, amount in sorted(sums.items())]


def _amount(amount: Decimal, currency: str) -> str:
    """To the cent, as people say it; the site's page has every digit."""
    return f"{amount:.2f} {currency}"


def _card(slug: str) -> DataChunk:
    """The site itself, whose page has all of it."""
    return DataChunk(type="data-site", id=slug, data={"tenant": slug})
