"""What the assistant tells of ways to spend less: the control plane's own advice, each with its saving and what it rests on."""

from collections.abc import Mapping
from typing import Any

from pydantic_ai import ToolReturn
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.billing.schemas import AdviceItem, AdviceRead
from aipress.chat.callers import Caller
from aipress.chat.veil import Ours
from aipress.plans.arguments import MaybeOneSite

Result = dict[str, Any]
MOST_SITES = 20  # looked at for one answer
MEANINGS: Mapping[str, Ours] = {
    "another_size": Ours("Another size holds what it needs, with a fifth to spare, and costs less."),
    "too_small": Ours("At its busiest it needs more than its size gives."),
    "idle": Ours("Hardly anybody visits it."),
    "beyond_included": Ours("It uses more than comes with its size, and what is beyond costs extra."),
}


async def get_cost_advice(caller: Caller, wish: MaybeOneSite, _: str) -> ToolReturn[Result]:
    """How a site could cost less, or each of the person's sites."""
    control = caller.control_plane
    sites = [await control.site(wish.tenant)] if wish.tenant else await control.sites()
    found = [await control.cost_advice(site.slug) for site in sites[:MOST_SITES]]
    told: Result = {"sites": [_told(one) for one in found], "left_out": len(sites) - len(found)}
    worth = [one for one in found if one.items or wish.tenant]
    return ToolReturn(told, metadata=[_card(one.slug) for one in worth])


def _told(advice: AdviceRead) -> Result:
    return {
        "tenant": advice.slug,
        "name": advice.name,
        "tier": advice.tier,
        "days": advice.days,
        "measured": advice.measured,
        "advice": [_item(item) for item in advice.items],
    }


def _item(item: AdviceItem) -> Result:
    return {
        "kind": item.kind,
        "meaning": MEANINGS[item.kind],
        "change_to": item.tier,
        "saves_a_month": f"{item.saving:.2f} {item.currency}",
    }


def _card(slug: str) -> DataChunk:
    """The advice itself, with its figures."""
    return DataChunk(type="data-advice", id=f"advice-{slug}", data={"tenant": slug})
