"""What can be chosen for a site beside its tier, what was chosen, and what both cost."""

from dataclasses import asdict, fields, replace
from decimal import Decimal
from typing import Any

from aipress import clouds
from aipress.clouds.base import Cloud
from aipress.clouds.options import DEFAULTS, Number, Options
from aipress.errors import Invalid
from aipress.plans.schemas import Money
from aipress.tenants import tiers
from aipress.tenants.models import Tenant
from aipress.tenants.schemas import ChoiceRead, OfferedOptions, OptionRead, OptionsWish, Tier


def cloud_called(name: str | None) -> Cloud:
    """The cloud of this name, or that of new sites. Raises Invalid where this platform has it not."""
    if name is None:
        return clouds.current()
    there = {cloud.name: cloud for cloud in clouds.every()}
    if name not in there:
        why = f"This platform has no cloud “{name}”. A site can be made on: {', '.join(there)}."
        raise Invalid(why, {"cloud": why})
    return there[name]


def wished(was: Options, wish: OptionsWish | None) -> Options:
    """What was chosen, with what is wished in its place; null is the default again."""
    told = wish.model_dump(include=wish.model_fields_set) if wish else {}
    usual: dict[str, Any] = asdict(DEFAULTS)
    return replace(was, **{name: usual[name] if value is None else value for name, value in told.items()})


def check(cloud: Cloud, tier: str, options: Options) -> None:
    """Raises Invalid, with a sentence for each option that this cloud hasn't or that is out of its bounds."""
    refused = cloud.choices.offered(tier).refusals(options, cloud.name)
    if refused:
        told = {f"options.{name}": why for name, why in refused.items()}
        raise Invalid(" ".join(refused.values()), told)


def of_tenant(tenant: Tenant) -> Options:
    """What was chosen for this site."""
    return Options(**tenant.options)


def monthly(cloud: Cloud, tier: str, options: Options) -> Money:
    """What a tier with these options costs a month there."""
    usual = tiers.MONTHLY[tier]
    return Money(amount=usual.amount + cloud.choices.surcharge(tier, options), currency=usual.currency)


def monthly_of(tenant: Tenant) -> Money:
    """The same for this site as it is; without what its options cost where its cloud is none of this platform's."""
    there = {cloud.name: cloud for cloud in clouds.every()}
    if tenant.cloud not in there:
        return tiers.MONTHLY[tenant.tier]
    return monthly(there[tenant.cloud], tenant.tier, of_tenant(tenant))


def offered(cloud: Cloud, tier: Tier) -> OfferedOptions:
    """Everything that can be chosen there for a site of this tier, each with its price."""
    there = cloud.choices.offered(tier)
    found: list[OptionRead] = []
    for name in (one.name for one in fields(Options)):
        told = there.regions if name == "region" else getattr(there, name)
        if isinstance(told, Number):
            found.append(_number(cloud, tier, name, told))
        elif told and (len(told) > 1 or name == "region"):
            found.append(_choices(cloud, tier, name, told))
    return OfferedOptions(cloud=cloud.name, tier=tier, items=found)


def _number(cloud: Cloud, tier: str, name: str, told: Number) -> OptionRead:
    """The price of one more than usual, or of the last one where no more is to be had."""
    more = min(told.usual + 1, told.most)
    each = (
        _price(cloud, tier, name, more) - _price(cloud, tier, name, more - 1) if more > told.least else None
    )
    return OptionRead(
        name=name,
        least=told.least,
        most=told.most,
        usual=told.usual,
        each=None if each is None else _money(tier, each),
    )


def _choices(cloud: Cloud, tier: str, name: str, values: tuple[Any, ...]) -> OptionRead:
    told = [
        ChoiceRead(value=str(value).lower(), monthly=_money(tier, _price(cloud, tier, name, value)))
        for value in values
    ]
    return OptionRead(name=name, choices=told)


def _price(cloud: Cloud, tier: str, name: str, value: Any) -> Decimal:
    """Beside the tier; of what needs a database of its own, beside that."""
    usual = replace(DEFAULTS, database="own") if name in ("replicas", "pooling") else DEFAULTS
    wished = replace(usual, **{name: value})
    return cloud.choices.surcharge(tier, wished) - cloud.choices.surcharge(tier, usual)


def _money(tier: str, amount: Decimal) -> Money:
    return Money(amount=amount, currency=tiers.MONTHLY[tier].currency)
