"""What is promised of carrying a site's database."""

from collections.abc import AsyncIterator, Sequence

import pytest

from aipress.clouds.base import Address, Cloud, EnvironmentSpec, Identity
from aipress.errors import CloudError


async def _site(cloud: Cloud, environment: EnvironmentSpec) -> str:
    """With a WordPress that knows its address; its id."""
    address = await cloud.edge.address_of(environment)
    database = await cloud.databases.ensure(environment, await cloud.vault.ensure(environment))
    await cloud.databases.introduce(database, Identity("Rye", address.url, "ann@example.com", "Ann"))
    return environment.id


async def test_what_is_loaded_is_what_was_dumped_and_is_safe_to_say_twice(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    databases, id = cloud.databases, await _site(cloud, environment)
    before = await databases.digest(id)
    dump = [part async for part in databases.dump(id)]
    await databases.readdress(id, await cloud.edge.address_of(environment), _elsewhere())
    assert await databases.digest(id) != before
    for _ in range(2):
        await databases.load(id, _told(dump))
        assert await databases.digest(id) == before


async def test_a_dump_that_broke_off_is_never_loaded_as_a_whole(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    id = await _site(cloud, environment)
    dump = b"".join([part async for part in cloud.databases.dump(id)])
    for part in (b"", dump[:-20], dump[: len(dump) // 2]):
        with pytest.raises(CloudError):
            await cloud.databases.load(id, _told([part]))


async def test_frozen_and_thawed_twice_it_holds_the_same(cloud: Cloud, environment: EnvironmentSpec) -> None:
    databases, id = cloud.databases, await _site(cloud, environment)
    before = await databases.digest(id)
    for verb in (databases.freeze, databases.freeze, databases.thaw, databases.thaw):
        await verb(id)
        assert await databases.digest(id) == before


async def test_there_and_back_again_nothing_was_readdressed(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    databases, id = cloud.databases, await _site(cloud, environment)
    before, here = await databases.digest(id), await cloud.edge.address_of(environment)
    for _ in range(2):
        await databases.readdress(id, here, here)
        assert await databases.digest(id) == before
    for _ in range(2):
        await databases.readdress(id, here, _elsewhere())
    await databases.readdress(id, _elsewhere(), here)
    assert await databases.digest(id) == before


async def test_nothing_is_carried_of_an_environment_that_has_no_database(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    databases, id = cloud.databases, environment.id
    here, there = await cloud.edge.address_of(environment), _elsewhere()
    for said in (
        lambda: databases.freeze(id),
        lambda: databases.thaw(id),
        lambda: databases.digest(id),
        lambda: databases.load(id, _told([b""])),
        lambda: databases.readdress(id, here, there),
        lambda: anext(databases.dump(id)),
    ):
        with pytest.raises(CloudError):
            await said()
    assert id not in await databases.existing()


def _elsewhere() -> Address:
    return Address("elsewhere.example.org", "https://elsewhere.example.org")


async def _told(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
