"""What of a site's life needs a person's yes, in the form the plans room wants it."""

from aipress.auth.principal import Principal
from aipress.kit.db import Session
from aipress.plans.arguments import NewPlace, NewSite, NewTier, OneSite
from aipress.plans.schemas import Money, PlanSubject, Terms
from aipress.plans.service import Offer, offer
from aipress.tenants import adjusting, choosing, names, service, tiers
from aipress.tenants.access import check_in_charge
from aipress.tenants.move_offer import begin_move, terms_of_move
from aipress.tenants.schemas import Adjustment, OptionsWish, TenantCreate


def make_offers(quota: int) -> None:
    """Let these actions be proposed as plans."""

    async def begin_creation(session: Session, principal: Principal, wish: NewSite) -> str:
        return (await service.create(session, principal, _as_wish(wish), quota)).id

    offer("CREATE_SITE", Offer(NewSite, _terms_of_creation, begin_creation))
    offer("DELETE_SITE", Offer(OneSite, _terms_of_deletion, _begin_deletion))
    offer("MOVE_SITE", Offer(NewPlace, terms_of_move, begin_move))
    offer("CHANGE_TIER", Offer(NewTier, _terms_of_change, _begin_change))


async def _terms_of_creation(session: Session, principal: Principal, wish: NewSite) -> Terms:
    name, tier = names.checked_name(wish.name), wish.tier or tiers.FREE
    slug = names.slug_from(name)
    return Terms(
        title=f"Create “{name}” on the {tier} tier",
        tier=2,
        steps=[
            "Make its database, storage and cache",
            "Start WordPress",
            "Publish its address",
            "Visit it from outside",
        ],
        touches=[
            f"A new site at {slug}, or near it if that is taken",
            *(
                [f"A plain WordPress: bundles, such as “{wish.bundle}”, can't be installed yet"]
                if wish.bundle
                else []
            ),
        ],
        price_before=Money(),
        price_after=tiers.MONTHLY[tier],
        undo="Delete the site",
    )


async def _terms_of_deletion(session: Session, principal: Principal, wish: OneSite) -> Terms:
    tenant = await service.find(session, principal, wish.tenant)
    check_in_charge(principal, tenant, "delete it")
    service.check_removable(tenant)
    return Terms(
        title=f"Delete “{tenant.name}”",
        tier=3,
        subject=PlanSubject(id=tenant.id, slug=tenant.slug, name=tenant.name, version=tenant.version),
        steps=[
            "Take the address offline",
            "Stop WordPress",
            "Remove cache, files and database",
            "Destroy its passwords",
        ],
        touches=[
            f"The site {tenant.slug} and its address",
            "Every page, post, upload and user of it",
            "Its database",
        ],
        price_before=tiers.MONTHLY[tenant.tier],
        typed_name=tenant.slug,
    )


async def _begin_deletion(session: Session, principal: Principal, wish: OneSite) -> str:
    tenant = await service.find(session, principal, wish.tenant)
    return (await service.remove(session, principal, tenant, tenant.slug)).id


async def _terms_of_change(session: Session, principal: Principal, wish: NewTier) -> Terms:
    tenant = await service.find(session, principal, wish.tenant)
    check_in_charge(principal, tenant, "change its size")
    tier, options = await adjusting.checked(session, tenant, _as_adjustment(wish))
    cloud = choosing.cloud_called(tenant.cloud)
    now, then = adjusting.now_in_words(tenant), adjusting.in_words(tier, options)
    return Terms(
        title=f"Change “{tenant.name}” from {now} to {then}",
        tier=2,
        subject=PlanSubject(id=tenant.id, slug=tenant.slug, name=tenant.name, version=tenant.version),
        steps=[
            "See that there is room for it",
            "Give its database as many connections",
            "Start WordPress as it is then",
            "Visit it from outside; where it doesn't answer, take it back",
        ],
        touches=[f"The site {tenant.slug}: how much it may use at once", "Visitors are answered meanwhile"],
        price_before=choosing.monthly_of(tenant),
        price_after=choosing.monthly(cloud, tier, options),
        undo=f"Change it back to {now}",
    )


async def _begin_change(session: Session, principal: Principal, wish: NewTier) -> str:
    tenant = await service.find(session, principal, wish.tenant)
    return (await adjusting.adjust(session, principal, tenant, _as_adjustment(wish))).id


def _as_adjustment(wish: NewTier) -> Adjustment:
    told = wish.model_dump(exclude={"tenant", "tier"}, exclude_none=True)
    return Adjustment(tier=wish.tier, options=OptionsWish(**told) if told else None)


def _as_wish(wish: NewSite) -> TenantCreate:
    return TenantCreate.model_validate({"name": wish.name, "tier": wish.tier or tiers.FREE})
