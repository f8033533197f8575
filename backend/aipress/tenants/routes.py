"""Tenants over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from aipress import clouds
from aipress.auth.door import Caller, FreshPerson, InTransaction
from aipress.kit.paging import Page, Slice
from aipress.operations import service as operations
from aipress.operations.schemas import OperationRead
from aipress.tenants import service, tiers
from aipress.tenants.models import Tenant
from aipress.tenants.schemas import (
    EnvironmentRead,
    LoginLinkRead,
    OwnerRead,
    TenantCreate,
    TenantRead,
    TenantRemoval,
    TenantUpdate,
    Tiers,
)

RECEIPT = "AIPress-Operation"

router = APIRouter(prefix="/tenants", tags=["tenants"])
tiers_router = APIRouter(prefix="/tiers", tags=["tenants"])


@tiers_router.get("")
async def list_tiers(_: Caller) -> Tiers:
    """The sizes a site comes in, cheapest first, with what each costs a month."""
    return Tiers(items=list(tiers.TIERS))


@router.get("")
async def list_tenants(
    session: InTransaction,
    caller: Caller,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> Page[TenantRead]:
    """The sites you may see, newest first."""
    rows, after = await service.listed(session, caller, Slice(limit, cursor))
    return Page(items=[shown(row) for row in rows], next_cursor=after)


@router.post("", status_code=202)
async def create_tenant(
    wish: TenantCreate, request: Request, session: InTransaction, caller: Caller
) -> OperationRead:
    """Start making a site. Watch the operation; its result has the address."""
    operation = await service.create(session, caller, wish, request.app.state.settings.site_quota)
    return await operations.shown(session, caller, operation)


@router.get("/{tenant}")
async def read_tenant(tenant: str, session: InTransaction, caller: Caller, response: Response) -> TenantRead:
    """One site, by id or slug."""
    found = await service.find(session, caller, tenant)
    response.headers["ETag"] = _etag(found)
    return shown(found)


async def unchanged_site(tenant: str, request: Request, session: InTransaction, caller: Caller) -> Tenant:
    """The site in the path, if its version is still the one that `If-Match` names."""
    found = await service.find(session, caller, tenant)
    service.check_unchanged(request.headers.get("if-match"), _etag(found))
    return found


UnchangedSite = Annotated[Tenant, Depends(unchanged_site)]


@router.patch("/{tenant}", responses={200: {"headers": {RECEIPT: {"schema": {"type": "string"}}}}})
async def rename_tenant(
    found: UnchangedSite, change: TenantUpdate, response: Response, session: InTransaction, caller: Caller
) -> TenantRead:
    """Give the site another name. With `If-Match`, only if nobody changed it since.

    `AIPress-Operation` names the operation that is the receipt and can be undone; there is none when nothing was to be changed.
    """
    receipt = await service.rename(session, caller, found, change.name)
    if receipt is not None:
        response.headers[RECEIPT] = receipt.id
    response.headers["ETag"] = _etag(found)
    return shown(found)


@router.delete("/{tenant}", status_code=202)
async def remove_tenant(
    tenant: str, proof: TenantRemoval, session: InTransaction, caller: FreshPerson
) -> OperationRead:
    """Remove the site and everything it has. A person types its slug; agents may only propose it as a plan."""
    found = await service.find(session, caller, tenant)
    removal = await service.remove(session, caller, found, proof.typed_name)
    return await operations.shown(session, caller, removal)


@router.post("/{tenant}/login-links", status_code=201)
async def make_login_link(
    tenant: str, session: InTransaction, caller: FreshPerson, response: Response
) -> LoginLinkRead:
    """A link into wp-admin as your own WordPress user: it works once, within 60 seconds."""
    response.headers["Cache-Control"] = "no-store"
    return await service.login_link(session, caller, await service.find(session, caller, tenant))


def shown(tenant: Tenant) -> TenantRead:
    """The tenant as the API shows it."""
    edge = clouds.current().edge
    return TenantRead.model_validate(
        {
            "id": tenant.id,
            "name": tenant.name,
            "slug": tenant.slug,
            "owner": OwnerRead(id=tenant.owner_id, email=tenant.owner_email),
            "tier": tenant.tier,
            "cloud": tenant.cloud,
            "state": tenant.state,
            "url": edge.address_of(tenant.live.spec()).url,
            "environments": [
                EnvironmentRead(
                    id=one.id, kind=one.kind, state=one.state, url=edge.address_of(one.spec()).url
                )
                for one in tenant.environments
            ],
            "created_at": tenant.created_at,
        }
    )


def _etag(tenant: Tenant) -> str:
    return f'"{tenant.version}"'
