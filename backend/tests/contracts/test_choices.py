"""What may be chosen for a site: what a cloud offers is made as it was chosen, and what it hasn't is refused in words."""

from dataclasses import replace

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.options import DEFAULTS, Number, Options
from aipress.plans.arguments import TIERS


@pytest.mark.parametrize("tier", TIERS)
async def test_what_is_usual_is_offered_and_costs_nothing_more(cloud: Cloud, tier: str) -> None:
    offered = cloud.choices.offered(tier)
    assert offered.refusals(DEFAULTS, cloud.name) == {}
    assert cloud.choices.surcharge(tier, DEFAULTS) == 0
    for number in (offered.min_instances, offered.max_instances, offered.concurrency, offered.replicas):
        assert number is None or number.least <= number.usual <= number.most


async def test_what_a_cloud_has_not_is_refused_in_a_sentence(cloud: Cloud) -> None:
    offered = cloud.choices.offered("basic")
    wished = {
        "region": Options(region="mars-north1"),
        "min_instances": Options(min_instances=1000),
        "max_instances": Options(max_instances=100_000),
        "concurrency": Options(concurrency=5000),
        "replicas": Options(database="own", replicas=100),
    }
    for name, options in wished.items():
        why = offered.refusals(options, cloud.name)[name]
        assert why.endswith("."), why
    assert "the site's own" in " ".join(offered.refusals(Options(replicas=1), cloud.name).values()) or (
        offered.replicas is None
    )


async def test_fewer_at_most_than_stay_awake_is_refused(cloud: Cloud) -> None:
    offered = cloud.choices.offered("basic")
    least = offered.min_instances.most if offered.min_instances else 1
    both = Options(min_instances=least, max_instances=1)
    if offered.max_instances is None:
        assert list(offered.refusals(both, cloud.name)) == ["max_instances"]
    else:
        assert least > offered.max_instances.least
        assert "stay awake" in offered.refusals(both, cloud.name)["min_instances"]


async def test_a_site_with_the_most_of_every_number_is_made_and_changed_back(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    offered = cloud.choices.offered("basic")
    numbers = {name: one.most for name, one in numbers_of(offered).items()}
    chosen = replace(environment, options=Options(**numbers))
    assert offered.refusals(chosen.options, cloud.name) == {}
    assert cloud.choices.surcharge("basic", chosen.options) >= 0
    await cloud.vault.ensure(chosen)
    bucket = await cloud.buckets.ensure(chosen)
    made = await cloud.runtime.ensure(chosen, bucket)
    assert await cloud.runtime.ensure(environment, bucket) == made
    assert await cloud.runtime.ensure(chosen, bucket) == made


def numbers_of(offered: object) -> dict[str, Number]:
    """The numbers of instances that are offered, by name."""
    found = {name: getattr(offered, name) for name in ("min_instances", "max_instances", "concurrency")}
    return {name: one for name, one in found.items() if one is not None}
