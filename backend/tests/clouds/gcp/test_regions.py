"""A platform with shards in two regions, and sites that are made in the one that was asked for."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.options import Options
from aipress.config import Settings
from aipress.errors import NoRoom
from tests.clouds.gcp.rig import ENVIRONMENT
from tests.clouds.gcp.simulated import PLATFORM, Simulated, simulated

FAR = "us-central1"
OVERSEAS = PLATFORM.shards[0].model_copy(
    update={
        "project": "aipress-us1",
        "region": FAR,
        "domain": "us1.aipress.com",
        "network": "projects/aipress-us1/global/networks/sites",
        "subnetwork": f"projects/aipress-us1/regions/{FAR}/subnetworks/sites",
    }
)
TWO = PLATFORM.model_copy(update={"shards": (*PLATFORM.shards, OVERSEAS)})


@pytest.fixture
async def on_two() -> AsyncIterator[Simulated]:
    with simulated(Settings(), TWO) as on:
        yield on
        await on.google.aclose()


async def made(on: Simulated, environment: EnvironmentSpec) -> str:
    """Its address, once it is made and published."""
    await on.cloud.vault.ensure(environment)
    bucket = await on.cloud.buckets.ensure(environment)
    service = await on.cloud.runtime.ensure(environment, bucket)
    return (await on.cloud.edge.ensure(environment, service)).host


async def test_both_regions_are_offered_in_the_order_they_are_filled(on_two: Simulated) -> None:
    assert on_two.cloud.choices.offered("basic").regions == ("europe-west1", FAR)
    refused = on_two.cloud.choices.offered("basic").refusals(Options(region="asia-east1"), "gcp")
    assert refused == {"region": f"There is no region “asia-east1” here; there is europe-west1, {FAR}."}


async def test_all_of_a_site_is_in_the_region_that_was_asked_for(on_two: Simulated) -> None:
    far = replace(ENVIRONMENT, options=Options(region=FAR))
    assert await made(on_two, far) == f"{far.slug}.us1.aipress.com"
    own = {key for key in on_two.left if "aipress-eu1" in key}
    assert own == set(), "nothing of it is anywhere else"
    store = on_two.simulator.world.store
    assert store.get(f"run/projects/aipress-us1/locations/{FAR}/services/{far.slug}")
    bucket = store.get(f"storage/b/aipress-us1-w{far.id}")
    assert bucket
    assert bucket.content["location"] == FAR.upper()
    for facet in on_two.cloud.facets_down():
        if facet not in (on_two.cloud.databases, on_two.cloud.caches, on_two.cloud.metrics):
            await facet.remove(far.id)


async def test_without_a_wish_the_first_region_with_room_is_taken(on_two: Simulated) -> None:
    assert await made(on_two, ENVIRONMENT) == f"{ENVIRONMENT.slug}.eu1.aipress.com"


async def test_where_the_region_has_no_room_nothing_is_made_and_it_is_named(on_two: Simulated) -> None:
    greedy = replace(ENVIRONMENT, options=Options(region=FAR, max_instances=900))
    with pytest.raises(NoRoom, match=f"aipress-us1 in {FAR} has room for services, but for no database"):
        await on_two.cloud.vault.ensure(greedy)
    assert on_two.left == set()
