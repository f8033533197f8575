"""The sizes a site comes in: what people read of them is what the machine gives."""

from aipress.clouds.local.runtime import TIERS as LIMITS
from aipress.plans.arguments import FREE_TIER
from aipress.plans.arguments import TIERS as NAMES
from aipress.tenants import tiers


def test_every_size_is_told_once_cheapest_first_and_one_is_free() -> None:
    assert tuple(tier.id for tier in tiers.TIERS) == NAMES == tuple(LIMITS)
    prices = [tier.monthly.amount for tier in tiers.TIERS]
    assert prices == sorted(prices)
    assert [tier.id for tier in tiers.TIERS if not tier.monthly.amount] == [tiers.FREE] == [FREE_TIER]


def test_what_is_said_of_a_size_is_what_its_php_gets() -> None:
    for tier in tiers.TIERS:
        limits = LIMITS[tier.id]
        memory = f"{limits.memory_mb // 1024} GB" if limits.memory_mb >= 1024 else f"{limits.memory_mb} MB"
        rest = "Always awake." if limits.min_instances else "Sleeps while nobody visits."
        assert tier.summary == f"{limits.children} requests at once in {memory}. {rest}"
        assert tier.min_instances == limits.min_instances
