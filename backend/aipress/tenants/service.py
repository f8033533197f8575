"""What a person can ask of their sites: make one, see them, rename, open, remove."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from sqlalchemy import Select, func, select
from sqlalchemy.exc import IntegrityError

from aipress import clouds, durable
from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.clouds.base import Database as SiteDatabase
from aipress.clouds.base import LoginTicket
from aipress.clouds.options import DEFAULTS
from aipress.errors import Conflict, Invalid, NotAllowed, NotFound, Outdated
from aipress.kit import clock, ids, paging
from aipress.kit.db import Session
from aipress.kit.etag import is_current
from aipress.operations.models import UNFINISHED, Operation
from aipress.tenants import choosing, move_workflow, names, pool, tiers, workflows
from aipress.tenants.access import check_in_charge
from aipress.tenants.models import Environment, Tenant, belongs_to, pooled, visible_to
from aipress.tenants.on_the_move import check_not_moving
from aipress.tenants.schemas import LoginLinkRead, Sought, TenantCreate
from aipress.users.models import User

LOGIN_LINK_LIFE = timedelta(seconds=60)


async def create(session: Session, principal: Principal, wish: TenantCreate, quota: int) -> Operation:
    """Start making a site; the operation says how far it is. Raises Invalid, Conflict, NotAllowed or CloudError."""
    name = names.checked_name(wish.name)
    if wish.tier != tiers.FREE and not principal.is_person:
        raise NotAllowed(f"A {wish.tier} site costs money: propose a plan, and a person confirms it.")
    if wish.options is not None and not principal.is_person:
        raise NotAllowed("What is chosen beside the tier can cost money: a person chooses it.")
    await _check_quota(session, principal, quota)
    cloud = choosing.cloud_called(wish.cloud)
    options = choosing.wished(DEFAULTS, wish.options)
    choosing.check(cloud, wish.tier, options)
    await cloud.runtime.check_room()
    slug = await _free_slug(session, principal, name, wish.slug)
    tenant = Tenant(
        id=ids.new("ten"),
        name=name,
        slug=slug,
        owner_id=principal.id,
        owner_email=principal.email,
        owner_name=principal.name,
        tier=wish.tier,
        cloud=cloud.name,
        options=options.chosen,
    )
    operation = await begin(session, principal, "provision", tenant, await _claim(session, tenant))
    record(session, principal, "CREATE_SITE", tenant.id, name=name, slug=slug, operation=operation.id)
    return operation


async def _claim(session: Session, tenant: Tenant) -> Environment:
    """A prepared environment for this tenant, or a fresh one when the pool is empty."""
    environment = await session.scalar(pooled(tenant.cloud))
    if environment is None:
        environment = Environment(id=ids.short(), cloud=tenant.cloud)
    session.after_commit(pool.look_soon)
    environment.tenant, environment.state = tenant, "provisioning"
    session.add_all([tenant, environment])
    try:
        await session.flush()
    except IntegrityError as error:
        raise Conflict(f"Somebody took the name “{tenant.slug}” this very moment. Choose another.") from error
    return environment


async def begin(
    session: Session, principal: Principal, kind: str, tenant: Tenant, environment: Environment
) -> Operation:
    """Note an operation, and start its workflow once the note is safe."""
    flow = FLOWS[kind]
    attempt = environment.attempt
    environment.attempt += 1
    operation = noted(principal, kind, tenant, environment)
    operation.state, operation.attempt = "queued", attempt
    operation.workflow_id = durable.name_of(flow, environment.id, attempt)
    session.add(operation)
    session.after_commit(lambda: durable.start(flow, environment.id, attempt))
    return operation


def noted(principal: Principal, kind: str, tenant: Tenant, environment: Environment) -> Operation:
    """What is done to a site, as an operation that has not begun."""
    operation_id = ids.new("op")
    return Operation(
        id=operation_id,
        kind=kind,
        owner_id=tenant.owner_id,
        tenant_id=tenant.id,
        tenant_slug=tenant.slug,
        tenant_name=tenant.name,
        environment_id=environment.id,
        workflow_id=operation_id,
        actor_kind=principal.kind,
        actor_id=principal.id,
        actor_email=principal.email,
        created_at=clock.now(),
    )


FLOWS: dict[str, Callable[[str], Awaitable[None]]] = {
    "provision": workflows.provision,
    "remove": workflows.remove,
    "move": move_workflow.move,
    "adjust": workflows.adjust,
}


async def find(session: Session, principal: Principal, id_or_slug: str) -> Tenant:
    """The site with this id or slug, if this caller may see it. Raises NotFound otherwise."""
    matches = (Tenant.id == id_or_slug) | (Tenant.slug == id_or_slug)
    found = await session.scalar(visible_to(principal).where(matches))
    if found is None:
        raise NotFound(f"There is no site “{id_or_slug[:80]}”.")
    return found


async def listed(
    session: Session, principal: Principal, sought: Sought
) -> tuple[Sequence[Tenant], str | None]:
    """Those of the caller's sites that are looked for, newest first, and the cursor of the next page."""
    query = visible_to(principal)
    if sought.q:
        is_at = Tenant.slug.icontains(sought.q, autoescape=True)
        query = query.where(Tenant.name.icontains(sought.q, autoescape=True) | is_at)
    if sought.owner:
        is_by_address = Tenant.owner_email == sought.owner.lower()
        query = query.where((Tenant.owner_id == sought.owner) | is_by_address)
    if sought.state:
        query = query.where(Tenant.state == sought.state)
    return await paging.fetch(session, query, Tenant.id, paging.Slice(sought.limit, sought.cursor))


async def taken_part_in(session: Session, principal: Principal, most: int) -> Sequence[Tenant]:
    """Sites the caller owns or shares, newest first, at most so many of them: an admin sees more than those."""
    mine = visible_to(principal).where(belongs_to(principal))
    return (await session.scalars(mine.order_by(Tenant.id.desc()).limit(most))).all()


async def how_many(session: Session, principal: Principal) -> dict[str, int]:
    """How many of the sites that the caller may see are in each state."""
    seen = visible_to(principal).with_only_columns(Tenant.state, func.count()).group_by(Tenant.state)
    return dict((await session.execute(seen)).all())


async def rename(session: Session, principal: Principal, tenant: Tenant, name: str) -> Operation | None:
    """Call the site something else on the platform; its address stays. The receipt, or None when it is called that already.

    Raises Invalid, and Conflict while the site is being removed.
    """
    name, was = names.checked_name(name), tenant.name
    if tenant.state == "removing":
        raise Conflict(f"“{was}” is being removed, so it is not renamed.")
    check_not_moving(tenant, "renamed")
    if name == was:
        return None
    tenant.name = name
    await session.flush()  # of many who rename the same version at once, one gets past this line
    receipt = noted(principal, "rename", tenant, tenant.live)
    receipt.succeed([], name=name, was=was)
    session.add(receipt)
    record(session, principal, "RENAME_SITE", tenant.id, name=name, was=was, operation=receipt.id)
    return receipt


async def remove(session: Session, principal: Principal, tenant: Tenant, typed_name: str) -> Operation:
    """Start removing the site and all it has. `typed_name` is its slug, typed by a person.

    Raises NotAllowed for members, Invalid, Conflict.
    """
    check_in_charge(principal, tenant, "delete it")
    if typed_name != tenant.slug:
        why = f"Type “{tenant.slug}” to say that you mean this site. Nothing was changed."
        raise Invalid(why, {"typed_name": why})
    check_removable(tenant)
    await check_settled(session, tenant)
    tenant.state = tenant.live.state = "removing"
    await session.flush()  # of many who say it at once, one gets past this line
    operation = await begin(session, principal, "remove", tenant, tenant.live)
    record(
        session,
        principal,
        "DELETE_SITE",
        tenant.id,
        name=tenant.name,
        slug=tenant.slug,
        operation=operation.id,
    )
    return operation


def check_removable(tenant: Tenant) -> None:
    """Raises Conflict while the site is on its way up or down, or to another cloud."""
    if tenant.state == "removing":
        raise Conflict(f"“{tenant.name}” is being removed already.")
    if tenant.state == "provisioning":
        raise Conflict(
            f"“{tenant.name}” is still being made. Remove it when it is there; that takes seconds."
        )
    check_not_moving(tenant, "removed")


async def check_settled(session: Session, tenant: Tenant) -> None:
    """Raises Conflict while the site's size is being changed."""
    under_way = select(Operation.id).where(
        Operation.tenant_id == tenant.id, Operation.kind == "adjust", Operation.state.in_(UNFINISHED)
    )
    if await session.scalar(under_way.limit(1)):
        raise Conflict(f"The size of “{tenant.name}” is being changed just now. Wait until that is done.")


def check_unchanged(if_match: str | None, etag: str) -> None:
    """Raises Outdated when the caller changes a version that is no longer the newest."""
    if not is_current(if_match, etag):
        raise Outdated("Somebody changed this since you read it. Read it again, then change it.")


async def login_link(session: Session, principal: Principal, tenant: Tenant) -> LoginLinkRead:
    """A link that signs this person, and nobody else, into wp-admin: once, within a minute.

    Raises NotAllowed for members and agents, Conflict.
    """
    check_in_charge(principal, tenant, "open its WordPress admin from here")
    if tenant.state != "live":
        raise Conflict(f"“{tenant.name}” is not up, so there is nothing to sign in to.")
    check_not_moving(tenant, "signed in to")
    if not principal.is_person:
        raise NotAllowed("Only a person can be signed in to a site.")
    token, expires_at = secrets.token_urlsafe(32), clock.now() + LOGIN_LINK_LIFE
    ticket = LoginTicket(
        hashlib.sha256(token.encode()).hexdigest(), principal.email, principal.name, expires_at
    )
    environment = tenant.live.spec()
    cloud, name = clouds.of(environment), f"w{environment.id}"
    await cloud.databases.admit(SiteDatabase(name, name), ticket)
    record(session, principal, "OPEN_ADMIN", tenant.id, name=tenant.name)
    url = (await cloud.edge.address_of(environment)).url
    return LoginLinkRead(url=f"{url}/wp-login.php?aipress_login={token}", expires_at=expires_at)


async def tie(session: Session, user_id: str) -> str | None:
    """Why this person can't be forgotten yet: they own sites. None when they own none."""
    owned = await session.scalar(_owned_by(user_id)) or 0
    return (
        f"They still own {owned} site{'s' if owned > 1 else ''}. Remove or hand over those first."
        if owned
        else None
    )


async def _check_quota(session: Session, principal: Principal, quota: int) -> None:
    """Raises NotAllowed when they have as many as they may. One request of a person waits here for the other."""
    await session.execute(select(User.id).where(User.id == principal.id).with_for_update())
    owned = select(func.count()).select_from(
        visible_to(principal).where(Tenant.owner_id == principal.id).subquery()
    )
    if (await session.scalar(owned) or 0) >= quota:
        raise NotAllowed(
            f"You have {quota} sites, which is as many as one person may have here. Remove one first."
        )


def _owned_by(user_id: str) -> Select[int]:
    return select(func.count(Tenant.id)).where(Tenant.owner_id == user_id, Tenant.state != "removed")


async def _free_slug(session: Session, principal: Principal, name: str, wished: str | None) -> str:
    """The slug for a new site. A slug that was asked for is taken as it is or refused; one of our making may get a number."""
    base = names.checked_slug(wished) if wished is not None else names.slug_from(name)
    alike = select(Tenant).where(Tenant.state != "removed", Tenant.slug.like(f"{base}%"))
    taken = {tenant.slug: tenant for tenant in await session.scalars(alike)}
    if base not in taken:
        return base
    if taken[base].owner_id == principal.id:
        raise Conflict(_same_again(taken[base]))
    if wished is not None:
        raise Conflict(f"The address “{base}” is taken. Choose another slug.")
    return next(slug for slug in (f"{base}-{number}" for number in range(2, 10_000)) if slug not in taken)


def _same_again(tenant: Tenant) -> str:
    if tenant.state == "removing":
        return f"“{tenant.name}” ({tenant.slug}) is just being removed. Make the new one in a moment."
    return (
        f"You have a site at “{tenant.slug}” already (“{tenant.name}”). Choose another name, or another slug."
    )
