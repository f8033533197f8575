"""Own domains of sites, as tools: the records and what was found of them are on the card; a model is told how each of them is."""

from typing import Any

from pydantic_ai import ToolReturn
from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.chat.callers import Caller
from aipress.domains.schemas import DomainRead
from aipress.plans.arguments import SiteAndDomain

Result = dict[str, Any]


async def add_domain(caller: Caller, wish: SiteAndDomain, key: str) -> ToolReturn[Result]:
    """Add it; show its records, and the receipt, which can be undone."""
    domain, receipt = await caller.control_plane.add_domain(wish, key)
    shown = [_card(wish, domain)]
    if receipt is not None:
        part = DataChunk(type="data-operation", id=receipt, data={"operation_id": receipt})
        shown.append(part)
    return ToolReturn({**_seen(wish, domain), "is_new": receipt is not None}, metadata=shown)


async def check_domain(caller: Caller, wish: SiteAndDomain, _: str) -> ToolReturn[Result]:
    """Have its records looked for now, and show what was found."""
    domain = await caller.control_plane.check_domain(wish)
    return ToolReturn(_seen(wish, domain), metadata=[_card(wish, domain)])


def _seen(wish: SiteAndDomain, domain: DomainRead) -> Result:
    """Nothing of what the DNS says: anybody may have written that."""
    records = [{"purpose": one.purpose, "kind": one.kind, "state": one.state} for one in domain.records]
    return {
        "tenant": wish.tenant,
        "domain": domain.domain,
        "state": domain.state,
        "certificate": domain.certificate,
        "records": records,
    }


def _card(wish: SiteAndDomain, domain: DomainRead) -> DataChunk:
    told = {"tenant": wish.tenant, "domain": domain.domain}
    return DataChunk(type="data-domain", id=f"{wish.tenant}/{domain.domain}", data=told)
