"""Tenants over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from aipress.auth.door import Caller, FreshPerson, InTransaction, VouchedPerson
from aipress.auth.principal import Principal
from aipress.errors import CloudRefused
from aipress.kit import logs
from aipress.kit.paging import Page, Slice
from aipress.operations import service as operations
from aipress.operations.schemas import OperationRead
from aipress.tenants import adjusting, choosing, ledger, members, moving, purging, service, tiers
from aipress.tenants.access import access_of
from aipress.tenants.models import Environment, Tenant
from aipress.tenants.schemas import (
    Adjustment,
    EnvironmentRead,
    LoginLinkRead,
    MemberCreate,
    MemberPerson,
    MemberRead,
    MoveCreate,
    OfferedOptions,
    OwnerRead,
    Sought,
    TenantCreate,
    TenantRead,
    TenantRemoval,
    TenantUpdate,
    Tiers,
    WhichOptions,
    WhichPages,
)
from aipress.users.current import AtDesk

log = logs.get()
RECEIPT = "AIPress-Operation"

Limit = Annotated[int, Query(ge=1, le=200)]

router = APIRouter(prefix="/tenants", tags=["tenants"])
tiers_router = APIRouter(prefix="/tiers", tags=["tenants"])
options_router = APIRouter(prefix="/options", tags=["tenants"])


@tiers_router.get("")
async def list_tiers(_: Caller) -> Tiers:
    """The sizes a site comes in, cheapest first, with what each costs a month."""
    return Tiers(items=list(tiers.TIERS))


@options_router.get("")
async def list_options(_: Caller, which: Annotated[WhichOptions, Query()]) -> OfferedOptions:
    """What can be chosen for a site beside its tier, on one cloud, and what each costs a month."""
    return choosing.offered(choosing.cloud_called(which.cloud), which.tier)


@router.get("")
async def list_tenants(
    session: InTransaction, caller: Caller, sought: Annotated[Sought, Query()]
) -> Page[TenantRead]:
    """The sites you may see, or those of them that are looked for, newest first."""
    rows, after = await service.listed(session, caller, sought)
    return Page(items=[await shown(caller, row) for row in rows], next_cursor=after)


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
    return await shown(caller, found)


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
    return await shown(caller, found)


@router.delete("/{tenant}", status_code=202)
async def remove_tenant(
    tenant: str, proof: TenantRemoval, session: InTransaction, caller: FreshPerson
) -> OperationRead:
    """Remove the site and everything it has. A person types its slug; agents may only propose it as a plan."""
    found = await service.find(session, caller, tenant)
    removal = await service.remove(session, caller, found, proof.typed_name)
    return await operations.shown(session, caller, removal)


@router.delete("/{tenant}/cache")
async def purge_cache(
    tenant: str, pages: Annotated[WhichPages, Query()], session: InTransaction, caller: Caller
) -> OperationRead:
    """Forget the site's kept pages, so that each is made anew for its next visitor. The answer is the receipt.

    Changes made in WordPress do this by themselves, for the pages they show on.
    """
    found = await service.find(session, caller, tenant)
    receipt = await purging.purge(session, caller, found, pages.path)
    return await operations.shown(session, caller, receipt)


@router.post("/{tenant}/moves", status_code=202)
async def move_tenant(
    tenant: str, wish: MoveCreate, session: InTransaction, caller: VouchedPerson
) -> OperationRead:
    """Carry the site to another cloud of this platform. Visitors read all the while; for seconds nothing can be written.

    Agents may only propose it as a plan. If anything goes wrong before the end, the site stays where it is, as it was.
    """
    found = await service.find(session, caller, tenant)
    return await operations.shown(session, caller, await moving.move(session, caller, found, wish.to))


@router.post("/{tenant}/login-links", status_code=201)
async def make_login_link(
    tenant: str, session: InTransaction, caller: FreshPerson, response: Response
) -> LoginLinkRead:
    """A link into wp-admin as your own WordPress user: it works once, within 60 seconds."""
    response.headers["Cache-Control"] = "no-store"
    return await service.login_link(session, caller, await service.find(session, caller, tenant))


@router.post("/{tenant}/adjustments", status_code=202)
async def adjust_tenant(
    tenant: str, wish: Adjustment, session: InTransaction, caller: VouchedPerson
) -> OperationRead:
    """Give the site another tier or other options; visitors are answered meanwhile. Owner and admins; agents may propose it.

    Where it can't be, the site goes back to what it was. A region or kind of database is not changed in place.
    """
    found = await service.find(session, caller, tenant)
    operation = await adjusting.adjust(session, caller, found, wish)
    return await operations.shown(session, caller, operation)


@router.get("/{tenant}/members")
async def list_members(
    tenant: str,
    session: InTransaction,
    caller: Caller,
    limit: Limit = 50,
    cursor: str | None = None,
) -> Page[MemberRead]:
    """Who has a part in the site: its owner first, then whom it is shared with, newest first."""
    site = await service.find(session, caller, tenant)
    found, after = await members.listed(session, site, Slice(limit, cursor))
    return Page(items=[_member(one) for one in found], next_cursor=after)


@router.post("/{tenant}/members", status_code=201)
async def add_member(
    tenant: str, wish: MemberCreate, session: InTransaction, desk: AtDesk, caller: FreshPerson
) -> MemberRead:
    """Share the site with whoever has this address. They are told by mail; owner and admins only."""
    site = await service.find(session, caller, tenant)
    return _member(await members.add(session, desk, caller, site, wish.email))


@router.delete("/{tenant}/members/{user_id}", status_code=204)
async def remove_member(tenant: str, user_id: str, session: InTransaction, caller: VouchedPerson) -> None:
    """Stop sharing the site with somebody, or leave it yourself. It holds from their next request on."""
    await members.remove(session, caller, await service.find(session, caller, tenant), user_id)


async def shown(principal: Principal, tenant: Tenant) -> TenantRead:
    """The tenant as the API shows it to this caller."""
    urls = {one.id: await _url_of(one) for one in tenant.environments}
    return TenantRead.model_validate(
        {
            "id": tenant.id,
            "name": tenant.name,
            "slug": tenant.slug,
            "owner": OwnerRead(id=tenant.owner_id, email=tenant.owner_email),
            "access": access_of(principal, tenant),
            "tier": tenant.tier,
            "cloud": tenant.cloud,
            "moving_to": tenant.arriving.cloud if tenant.arriving else None,
            "options": tenant.options,
            "monthly": choosing.monthly_of(tenant),
            "state": tenant.state,
            "url": urls[tenant.live.id],
            "environments": [
                EnvironmentRead(id=one.id, kind=one.kind, state=one.state, url=urls[one.id])
                for one in tenant.environments
                if one.kind in ("live", "staging")
            ],
            "created_at": tenant.created_at,
        }
    )


async def _url_of(environment: Environment) -> str:
    """Where it answers; empty where it is on a cloud that this platform has not, so that all other sites are shown all the same."""
    try:
        return await ledger.url_of(environment.spec())
    except CloudRefused as error:
        log.error("a site can't be reached from here", environment=environment.id, why=str(error))
        return ""


def _member(one: members.Member) -> MemberRead:
    person = MemberPerson(id=one.id, email=one.email, name=one.name)
    return MemberRead(user=person, role=one.role, added_at=one.added_at)


def _etag(tenant: Tenant) -> str:
    return f'"{tenant.version}"'
