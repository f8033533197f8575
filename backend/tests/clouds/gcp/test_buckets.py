"""Buckets on Cloud Storage: made once, never somebody else's, and gone with all that is in them."""

from dataclasses import replace

import pytest

from aipress.clouds.gcp import buckets
from aipress.clouds.gcp.resources import Resource
from aipress.errors import CloudRefused
from gcpsim.faults import parse_fault
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE
from tests.clouds.gcp.simulated import Simulated


async def test_a_bucket_goes_with_its_objects_and_folders(on_google: Simulated) -> None:
    facet = on_google.cloud.buckets
    name = (await facet.ensure(ENVIRONMENT)).name
    for number in range(30):
        await on_google.google.upload(name, f"uploads/2026/{number % 3}/ü {number}.png", b"picture")
    path = f"/storage/v1/b/{name}/folders"
    await on_google.google.ask(Resource("folder", "empty", "storage", path, {"name": "uploads/empty/"}))
    assert any("/folders/" in key for key in on_google.left)
    on_google.simulator.world.faults.planned += [
        parse_fault("lost:storage.objects.delete:2:5"),
        parse_fault("503:storage.buckets.delete"),
    ]
    for _ in range(2):
        await facet.remove(ID)
    assert not [key for key in on_google.left if name in key]
    assert ID not in await facet.existing()
    await facet.ensure(ENVIRONMENT)  # its name is free again


async def test_somebody_elses_bucket_is_left_alone(on_google: Simulated) -> None:
    other = buckets.bucket(ENVIRONMENT, PLACE)
    await on_google.google.ask(replace(other, body={**other.body, "labels": {}}))
    with pytest.raises(CloudRefused, match="Somebody else"):
        await on_google.cloud.buckets.ensure(ENVIRONMENT)
    assert await on_google.cloud.buckets.existing() == set()
    await on_google.google.upload(other.name, "theirs", b"theirs")
    await on_google.cloud.buckets.remove(ID)
    assert await on_google.google.download(other.name, "theirs") == b"theirs"


async def test_a_bucket_whose_making_nobody_heard_of_is_taken_for_ours(on_google: Simulated) -> None:
    on_google.simulator.world.faults.planned.append(parse_fault("lost:storage.buckets.insert"))
    await on_google.cloud.buckets.ensure(ENVIRONMENT)
    assert await on_google.cloud.buckets.existing() == {ID}
