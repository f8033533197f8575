"""Secrets over HTTP. None of these answers holds a value, and none is kept by anybody on the way."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from aipress.auth.door import Admin, FreshPerson, InTransaction, Person
from aipress.auth.principal import Principal
from aipress.kit.db import Session
from aipress.kit.paging import Page, Slice
from aipress.secrets import service
from aipress.secrets.models import Secret
from aipress.secrets.schemas import SecretOfSiteRead, SecretRead, SecretWrite, SetterRead, SiteRead
from aipress.tenants.models import Tenant


def not_kept(response: Response) -> None:
    """What is said about secrets is stored nowhere."""
    response.headers["Cache-Control"] = "no-store"


router = APIRouter(tags=["secrets"], dependencies=[Depends(not_kept)])


@router.get("/secrets")
async def list_all_secrets(
    session: InTransaction,
    caller: Admin,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
    cursor: str | None = None,
) -> Page[SecretOfSiteRead]:
    """The secrets of all sites, newest first, without their values."""
    found, after = await service.of_all(session, Slice(limit, cursor))
    items = [
        SecretOfSiteRead(
            **shown(secret).model_dump(), tenant=SiteRead(id=site.id, slug=site.slug, name=site.name)
        )
        for secret, site in found
    ]
    return Page(items=items, next_cursor=after)


@dataclass(frozen=True)
class Desk:
    """What is asked about one site's secrets: by whom, in which transaction."""

    session: Session
    caller: Principal
    site: Tenant


async def desk_of(tenant: str, session: InTransaction, caller: Person) -> Desk:
    """For the site's owner and admins; never an agent."""
    return Desk(session, caller, await service.site_of(session, caller, tenant))


AtDesk = Annotated[Desk, Depends(desk_of)]


async def desk_to_change(desk: AtDesk, _: FreshPerson) -> Desk:
    """The same, for whoever may also change a site's secrets right now."""
    return desk


ToChange = Annotated[Desk, Depends(desk_to_change)]


@router.get("/tenants/{tenant}/secrets")
async def list_secrets(
    desk: AtDesk, limit: Annotated[int, Query(ge=1, le=200)] = 100, cursor: str | None = None
) -> Page[SecretRead]:
    """A site's secrets, newest first, without their values. For its owner and admins."""
    rows, after = await service.listed(desk.session, desk.site, Slice(limit, cursor))
    return Page(items=[shown(row) for row in rows], next_cursor=after)


@router.get("/tenants/{tenant}/secrets/{name}")
async def read_secret(name: str, desk: AtDesk) -> SecretRead:
    """When a secret was set and by whom; never its value."""
    return shown(await service.find(desk.session, desk.site, name))


@router.put("/tenants/{tenant}/secrets/{name}", responses={201: {"model": SecretRead}})
async def set_secret(name: str, wish: SecretWrite, desk: ToChange, response: Response) -> SecretRead:
    """Give a secret a value: 201 for a new one, 200 for one that is replaced. The site has it at once, as a variable
    (`getenv`) and as a constant of that name; requests under way finish with the old one."""
    value = wish.value.get_secret_value()
    secret, is_new = await service.put(desk.session, desk.caller, desk.site, name, value)
    response.status_code = 201 if is_new else 200
    return shown(secret)


@router.delete("/tenants/{tenant}/secrets/{name}", status_code=204)
async def remove_secret(name: str, desk: ToChange) -> None:
    """Take a secret away from the site. There is no way back: nobody can read its value."""
    await service.remove(desk.session, desk.caller, desk.site, name)


def shown(secret: Secret) -> SecretRead:
    """The secret as the API shows it."""
    return SecretRead(
        name=secret.name,
        last_four=secret.last_four,
        version=secret.version,
        set_at=secret.set_at,
        set_by=SetterRead(id=secret.set_by_id, email=secret.set_by_email),
    )
