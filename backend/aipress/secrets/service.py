"""What a site's owner can ask of its secrets: see which there are, set one, take one away.

The value goes to the vault first, under a version of its own; then the row says that this version counts; then the site's
PHP is told. Whoever dies in between leaves the row as the truth, and `delivery` makes it come true.
"""

from collections.abc import Sequence

from sqlalchemy import func, select

from aipress import clouds
from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.errors import Conflict, NotFound
from aipress.kit import clock, ids, paging
from aipress.kit.db import Session
from aipress.secrets import delivery
from aipress.secrets.models import Secret, SecretOfSite, ever_on, set_on
from aipress.secrets.names import checked_name, checked_value, last_four_of
from aipress.tenants import service as tenants
from aipress.tenants.access import check_in_charge
from aipress.tenants.models import Tenant
from aipress.tenants.on_the_move import check_not_moving

MOST = 100
MOST_EVER = 1000  # names, also of those taken away: their rows stay


async def site_of(session: Session, principal: Principal, id_or_slug: str) -> Tenant:
    """The site, for whoever may know of its secrets. Raises NotFound, or NotAllowed for those who only share it."""
    site = await tenants.find(session, principal, id_or_slug)
    check_in_charge(principal, site, "see or change its secrets")
    return site


async def listed(session: Session, site: Tenant, wanted: paging.Slice) -> tuple[Sequence[Secret], str | None]:
    """The site's secrets, newest name first, and the cursor of the next page."""
    return await paging.fetch(session, set_on(site.live.id), Secret.id, wanted)


async def of_all(session: Session, wanted: paging.Slice) -> tuple[list[SecretOfSite], str | None]:
    """The secrets of every site that is there, each with its site, and the cursor of the next page."""
    there = select(Secret).join(Tenant, Tenant.id == Secret.tenant_id).where(Secret.is_set)
    rows, after = await paging.fetch(session, there.where(Tenant.state != "removed"), Secret.id, wanted)
    found = await session.scalars(select(Tenant).where(Tenant.id.in_({row.tenant_id for row in rows})))
    sites = {site.id: site for site in found}
    return [SecretOfSite(row, sites[row.tenant_id]) for row in rows], after


async def find(session: Session, site: Tenant, name: str) -> Secret:
    """One of the site's secrets. Raises NotFound."""
    found = await session.scalar(set_on(site.live.id).where(Secret.name == name))
    if found is None:
        raise NotFound(f"“{site.name}” has no secret of that name.")
    return found


async def put(
    session: Session, principal: Principal, site: Tenant, name: str, value: str
) -> tuple[Secret, bool]:
    """Set a secret, and whether it is new. Raises Invalid, Conflict, CloudError; then the site keeps what it had."""
    checked_name(name), checked_value(value)
    await _one_at_a_time(session, site)
    secret = await session.scalar(ever_on(site.live.id).where(Secret.name == name))
    is_new = secret is None or not secret.is_set
    if is_new:
        await _check_room(session, site, is_known=secret is not None)
    secret = secret or Secret(
        id=ids.new("sec"), tenant_id=site.id, environment_id=site.live.id, name=name, version=0
    )
    secret.version += 1
    await clouds.of(site.live.spec()).vault.keep(site.live.id, name, secret.version, value)
    secret.is_set, secret.last_four = True, last_four_of(value)
    _sign(secret, principal)
    session.add(secret)
    record(session, principal, "SET_SECRET", site.id, name=name, version=str(secret.version))
    session.after_commit(lambda: delivery.deliver_soon(site.live.id))
    return secret, is_new


async def remove(session: Session, principal: Principal, site: Tenant, name: str) -> None:
    """Take a secret away. Raises NotFound, Conflict."""
    await _one_at_a_time(session, site)
    secret = await find(session, site, name)
    secret.version += 1  # so that every change makes the sum of versions larger, and no version is used twice
    secret.is_set, secret.last_four = False, None
    _sign(secret, principal)
    record(session, principal, "DELETE_SECRET", site.id, name=name)
    session.after_commit(lambda: delivery.deliver_soon(site.live.id))


def _sign(secret: Secret, principal: Principal) -> None:
    secret.set_at, secret.set_by_id, secret.set_by_email = clock.now(), principal.id, principal.email


async def _one_at_a_time(session: Session, site: Tenant) -> None:
    """Wait for whoever changes this site now. Raises Conflict unless it is up and stays where it is: nothing is kept for one on
    its way down, and nothing changes of one on its way elsewhere."""
    locked = select(Tenant.state).where(Tenant.id == site.id).with_for_update()
    if await session.scalar(locked) != "live":
        raise Conflict(f"“{site.name}” is not up, so it can be given no secrets. Nothing was changed.")
    await session.refresh(site, ["environments"])
    check_not_moving(site, "given other secrets")


async def _check_room(session: Session, site: Tenant, *, is_known: bool) -> None:
    """Raises Conflict when there is none for one more, or for a name nobody used before."""
    limits = ((set_on, MOST, "has"), *([] if is_known else [(ever_on, MOST_EVER, "has had")]))
    for query, most, how in limits:
        counted = select(func.count()).select_from(query(site.live.id).subquery())
        if (await session.scalar(counted) or 0) >= most:
            why = f"“{site.name}” {how} {most} secrets, which is as many as a site may have."
            raise Conflict(f"{why} Nothing was changed; take one away, or use a name again.")
