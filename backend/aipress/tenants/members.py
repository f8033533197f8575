"""Sharing a site: who its members are, adding one by e-mail address, and taking one away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError

from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.errors import Conflict, NotFound
from aipress.kit import ids, paging
from aipress.kit.db import Session
from aipress.kit.mail import Mail
from aipress.tenants.access import check_in_charge
from aipress.tenants.models import Tenant
from aipress.users import limits
from aipress.users.models import Membership, User
from aipress.users.service import ensure_person
from aipress.users.sign_in import Desk, role_of_new

PER_PERSON = limits.Pace(
    burst=20, every=180
)  # each of them sends a letter to an address of the caller's choice
PER_ADDRESS = limits.Pace(burst=20, every=1800)  # whoever sends them: nobody's mailbox is filled from here


@dataclass(frozen=True)
class Member:
    """Somebody who has a part in a site, since when."""

    id: str
    email: str
    name: str
    role: Literal["owner", "member"]
    added_at: datetime


async def listed(
    session: Session, tenant: Tenant, wanted: paging.Slice
) -> tuple[Sequence[Member], str | None]:
    """The owner, then the members, newest first, and the cursor of the next page.

    The owner's place has the site's own id, which sorts before every membership's: they are on the first page only.
    """
    if wanted.cursor:
        return await _members(session, tenant, wanted)
    first = await _owner(session, tenant)
    if wanted.limit == 1:
        others, _ = await _members(session, tenant, wanted)
        return [first], tenant.id if others else None
    others, after = await _members(session, tenant, paging.Slice(wanted.limit - 1))
    return [first, *others], after


async def add(session: Session, desk: Desk, principal: Principal, tenant: Tenant, email: str) -> Member:
    """Share the site with whoever has this address, and tell them. Raises NotAllowed, Conflict, TooMany."""
    check_in_charge(principal, tenant, "share it")
    if tenant.state == "removing":
        raise Conflict(f"“{tenant.name}” is being removed, so it can't be shared.")
    await limits.use(session, f"invitation by {principal.id}", PER_PERSON)
    await limits.use(session, f"invitation to {email}", PER_ADDRESS)
    user, _ = await ensure_person(session, email, role_of_new(desk.settings, email))
    if not user.is_active:
        raise Conflict(f"{email} is suspended here. Ask an admin to reactivate them, then share the site.")
    if user.id == tenant.owner_id:
        raise Conflict(f"“{tenant.name}” is {email}’s own site.")
    membership = Membership(id=ids.new("mbr"), tenant_id=tenant.id, user_id=user.id, added_by=principal.id)
    try:
        async with session.begin_nested():
            session.add(membership)
    except IntegrityError as error:
        raise Conflict(f"“{tenant.name}” is shared with {email} already.") from error
    record(session, principal, "SHARE_SITE", tenant.id, email=email, user=user.id)
    await desk.outbox.send(_letter(desk, principal, tenant, email))
    return _member(membership, user)


async def remove(session: Session, principal: Principal, tenant: Tenant, user_id: str) -> None:
    """Stop sharing the site with them. Members may only leave. Raises NotAllowed, NotFound, Conflict for the owner."""
    if user_id != principal.id:
        check_in_charge(principal, tenant, "end somebody's part in it")
    if user_id == tenant.owner_id:
        raise Conflict(f"“{tenant.name}” belongs to {tenant.owner_email}; only who it is shared with can go.")
    theirs = delete(Membership).where(Membership.tenant_id == tenant.id, Membership.user_id == user_id)
    if await session.scalar(theirs.returning(Membership.user_id)) is None:
        raise NotFound(f"“{tenant.name}” is not shared with that person.")
    session.note(Membership(tenant_id=tenant.id, user_id=user_id))
    user = await session.get(User, user_id)
    record(session, principal, "UNSHARE_SITE", tenant.id, email=user.email if user else "", user=user_id)


async def _members(
    session: Session, tenant: Tenant, wanted: paging.Slice
) -> tuple[Sequence[Member], str | None]:
    rows, after = await paging.fetch(
        session, select(Membership).where(Membership.tenant_id == tenant.id), Membership.id, wanted
    )
    found = await session.scalars(select(User).where(User.id.in_({row.user_id for row in rows})))
    people = {user.id: user for user in found}
    return [_member(row, people[row.user_id]) for row in rows], after


async def _owner(session: Session, tenant: Tenant) -> Member:
    """Their row where there is one: the operator owns sites, too, and is nobody's row."""
    user = await session.get(User, tenant.owner_id)
    email, name = (user.email, user.name) if user else (tenant.owner_email, tenant.owner_name)
    return Member(tenant.owner_id, email, name, "owner", tenant.created_at)


def _member(membership: Membership, user: User) -> Member:
    return Member(user.id, user.email, user.name, "member", membership.added_at)


def _letter(desk: Desk, principal: Principal, tenant: Tenant, email: str) -> Mail:
    """Without a link that signs in: that is asked for by whoever gets this, and works once.

    Who shares it is told by the address alone: a name can be chosen freely at Firebase, and say anything to a stranger.
    """
    return Mail(
        email,
        f"“{tenant.name}” is shared with you on AIPress",
        f"{principal.email} shares the site “{tenant.name}” with you.\n\n"
        f"To see it, sign in with this address:\n\n{desk.settings.base_url}/login\n\n"
        "You don't know them? Then do nothing; you can also leave the site once you are signed in.\n",
    )
