"""A site's own domains over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from aipress.auth.door import Caller, InTransaction, VouchedPerson
from aipress.domains import service
from aipress.domains.looks import Look
from aipress.domains.models import Domain
from aipress.domains.names import in_unicode
from aipress.domains.schemas import DomainCreate, DomainRead, RecordRead
from aipress.domains.service import Asker
from aipress.kit.paging import Page, Slice
from aipress.operations import service as operations
from aipress.operations.schemas import OperationRead

RECEIPT = "AIPress-Operation"
NAMED = {"headers": {RECEIPT: {"schema": {"type": "string"}}}}

router = APIRouter(prefix="/tenants/{tenant}/domains", tags=["domains"])


async def asker_of(tenant: str, session: InTransaction, caller: Caller) -> Asker:
    """For whoever may see the site."""
    return await service.asker_for(session, caller, tenant)


Asking = Annotated[Asker, Depends(asker_of)]


@router.get("")
async def list_domains(
    asker: Asking, limit: Annotated[int, Query(ge=1, le=200)] = 50, cursor: str | None = None
) -> Page[DomainRead]:
    """The domains a site has or waits for, newest first, each with the DNS records it needs and what was found of them."""
    rows, after = await service.listed(asker, Slice(limit, cursor))
    return Page(items=[shown(row) for row in rows], next_cursor=after)


@router.post("", status_code=201, responses={200: {"model": DomainRead}, 201: NAMED})
async def add_domain(wish: DomainCreate, asker: Asking, request: Request, response: Response) -> DomainRead:
    """Let the site answer under a domain, once its owner has proved it: set the DNS records in the answer. Owner and admins only.

    201 for a new one, and `AIPress-Operation` names the receipt, which can be undone; 200 for one the site has already. Nothing is
    connected, and no certificate asked for, before the TXT record is found.
    """
    row, receipt = await service.add(asker, wish.domain, request.app.state.settings)
    if receipt is None:
        response.status_code = 200
    else:
        response.headers[RECEIPT] = receipt.id
    return shown(row)


@router.get("/{domain}")
async def read_domain(domain: str, asker: Asking) -> DomainRead:
    """One of the site's domains, with what was found of each record when it was last looked at."""
    return shown(await service.find(asker, domain))


@router.post("/{domain}/verification", status_code=204)
async def check_domain(domain: str, asker: Asking) -> None:
    """Look at the domain's records now, and connect it if they are right. When this is answered it is done: read the domain."""
    service.look_now(asker, await service.find(asker, domain))


@router.delete("/{domain}")
async def remove_domain(domain: str, asker: Asking, _: VouchedPerson) -> OperationRead:
    """Stop answering under this domain. Owner and admins only; agents may only propose it as a plan. The answer is the receipt."""
    receipt = await service.remove(asker, await service.find(asker, domain))
    return await operations.shown(asker.session, asker.principal, receipt)


def shown(row: Domain) -> DomainRead:
    """The domain as the API shows it."""
    return DomainRead.model_validate(
        {
            "domain": row.domain,
            "unicode": in_unicode(row.domain),
            "state": row.state,
            "why": row.why,
            "records": [_record(row.domain, Look.stored(look)) for look in row.looks],
            "certificate": row.certificate,
            "certificate_ends": row.certificate_ends,
            "added_at": row.made_at,
            "proved_at": row.proved_at,
            "checked_at": row.checked_at,
            "next_check_at": row.next_check_at,
        }
    )


def _record(domain: str, look: Look) -> RecordRead:
    purpose = "proof" if look.kind == "TXT" else "address" if look.name == domain else "certificate"
    return RecordRead.model_validate({**look.to_store(), "purpose": purpose})
