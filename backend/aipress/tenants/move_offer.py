"""What moving a site means for its owner, stated before it is begun: address, price, and what stays behind."""

from dataclasses import replace

from aipress import clouds
from aipress.auth.principal import Principal
from aipress.clouds.base import EnvironmentSpec
from aipress.kit.db import Session
from aipress.plans.arguments import NewPlace
from aipress.plans.schemas import Money, PlanSubject, Terms
from aipress.tenants import moving, service
from aipress.tenants.on_the_move import called

NOWHERE = ""  # the id of an environment that is not made yet


async def terms_of_move(session: Session, principal: Principal, wish: NewPlace) -> Terms:
    """Raises what refuses the move."""
    tenant = await service.find(session, principal, wish.tenant)
    await moving.check_movable(principal, tenant, wish.to)
    here = tenant.live.spec()
    there = replace(here, id=NOWHERE, cloud=wish.to)
    return Terms(
        title=f"Move “{tenant.name}” from {called(here.cloud)} to {called(wish.to)}",
        tier=2,
        subject=PlanSubject(id=tenant.id, slug=tenant.slug, name=tenant.name, version=tenant.version),
        steps=[
            f"Make its new home on {called(wish.to)}",
            "Carry its files while it is open",
            "Let nothing be written for some seconds, carry the database, compare both",
            "Switch over, and visit it from outside",
            f"Take down what it had on {called(here.cloud)}",
        ],
        touches=await _effects(here, there),
        price_before=_monthly(here),
        price_after=_monthly(there),
        undo="Move it back",
    )


async def begin_move(session: Session, principal: Principal, wish: NewPlace) -> str:
    """The operation that moves it."""
    tenant = await service.find(session, principal, wish.tenant)
    return (await moving.move(session, principal, tenant, wish.to)).id


async def _effects(here: EnvironmentSpec, there: EnvironmentSpec) -> list[str]:
    old, new = [(await clouds.of(one).edge.address_of(one)).url for one in (here, there)]
    return [
        *([f"Its address: {old} ends, {new} begins; links in it are changed"] if old != new else []),
        "Visitors read all the while; comments and other writing wait for some seconds, longer with a large database",
        "Everybody signs in to it again",
        "What WordPress planned (cron) waits until it is there",
        "Its log lines and figures until now stay behind and are gone; its bill keeps both clouds",
        "If anything goes wrong before the switch, it stays where it is, as it is",
    ]


def _monthly(environment: EnvironmentSpec) -> Money:
    """What its tier, with what was chosen for it, costs a month on its cloud."""
    cloud, sheet = clouds.of(environment), clouds.of(environment).costs.prices()
    extra = cloud.choices.surcharge(environment.tier, environment.options)
    return Money(amount=sheet.tiers[environment.tier].monthly + extra, currency=sheet.currency)
