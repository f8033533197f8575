"""Giving a site another tier or other options: begun by a person in charge, done by the workflow `adjust`, undone by what it was."""

from dataclasses import asdict
from typing import Any

from aipress.audit.models import record
from aipress.auth.principal import Principal
from aipress.clouds.options import Options
from aipress.errors import Conflict, Invalid, NotAllowed
from aipress.kit.db import Session
from aipress.operations.models import Operation
from aipress.tenants import choosing, service
from aipress.tenants.access import check_in_charge
from aipress.tenants.models import Tenant
from aipress.tenants.on_the_move import check_not_moving
from aipress.tenants.schemas import Adjustment, OptionsWish


async def adjust(session: Session, principal: Principal, tenant: Tenant, wish: Adjustment) -> Operation:
    """Begin to make the site as it is wished; visitors are answered meanwhile.

    Raises NotAllowed for members and agents, Invalid for what its cloud hasn't, Conflict where nothing would change or it is not up.
    """
    check_in_charge(principal, tenant, "change its size")
    if not principal.is_person:
        raise NotAllowed("Another size costs money: propose it as a plan, and a person confirms it.")
    tier, options = await checked(session, tenant, wish)
    return await change_to(session, principal, tenant, tier, options)


async def checked(session: Session, tenant: Tenant, wish: Adjustment) -> tuple[str, Options]:
    """The tier and options it would have. Raises Invalid and Conflict, as `adjust` does."""
    if tenant.state != "live":
        raise Conflict(f"“{tenant.name}” is not up, so its size is not changed.")
    check_not_moving(tenant, "changed")
    await service.check_settled(session, tenant)
    was = choosing.of_tenant(tenant)
    tier, options = wish.tier or tenant.tier, choosing.wished(was, wish.options)
    if (tier, options) == (tenant.tier, was):
        raise Conflict(
            f"“{tenant.name}” is like that already: {in_words(tier, options)}. Nothing was changed."
        )
    _check_place(tenant, was, options)
    choosing.check(choosing.cloud_called(tenant.cloud), tier, options)
    return tier, options


def _check_place(tenant: Tenant, was: Options, options: Options) -> None:
    """What a site's files or database would have to be carried for is no change of size."""
    for name, why in (("region", CARRIED_REGION), ("database", CARRIED_DATABASE)):
        if getattr(was, name) != getattr(options, name):
            told = why.format(tenant.name)
            raise Invalid(told, {f"options.{name}": told})


CARRIED_REGION = (
    "“{}” stays in the region it was made in: its files and database would have to be carried. Make a new site in the region you "
    "want, bring the content over with WordPress (Tools → Export, Tools → Import), and delete this one when you are content."
)
CARRIED_DATABASE = (
    "“{}” stays on the kind of database it was made with: its rows would have to be carried. Make a new site with the database you "
    "want, bring the content over with WordPress (Tools → Export, Tools → Import), and delete this one when you are content."
)


async def change_to(
    session: Session, principal: Principal, tenant: Tenant, tier: str, options: Options
) -> Operation:
    """Note what it should be and what it was, and start the workflow once that is safe."""
    tenant.former = {"tier": tenant.tier, "options": tenant.options}
    was, tenant.tier, tenant.options = now_in_words(tenant), tier, options.chosen
    await session.flush()  # of many who say it at once, one gets past this line
    operation = await service.begin(session, principal, "adjust", tenant, tenant.live)
    record(
        session,
        principal,
        "CHANGE_TIER",
        tenant.id,
        name=tenant.name,
        tier=now_in_words(tenant),
        was=was,
        operation=operation.id,
    )
    return operation


def as_it_was(former: dict[str, Any]) -> Adjustment:
    """The wish for what a site was before a change."""
    was = asdict(Options(**former["options"]))
    return Adjustment(tier=former["tier"], options=OptionsWish(**was))


def former_in_words(result: dict[str, Any]) -> str:
    """What a finished change says that the site was."""
    former = result.get("former") or {"tier": result.get("was", ""), "options": {}}
    return in_words(former["tier"], Options(**former["options"]))


def now_in_words(tenant: Tenant) -> str:
    """Its tier and what was chosen beside it."""
    return in_words(tenant.tier, choosing.of_tenant(tenant))


def in_words(tier: str, options: Options) -> str:
    """Such as `basic, min instances 1`."""
    told = (f"{name.replace('_', ' ')} {_word(value)}" for name, value in options.chosen.items())
    return ", ".join((tier, *told))


def _word(value: Any) -> str:
    return {True: "on", False: "off"}[value] if isinstance(value, bool) else str(value)
