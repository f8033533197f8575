"""What every facet promises: its verbs are safe to say twice, and `existing` tells the truth."""

import secrets
from collections.abc import Awaitable, Callable

import pytest

from aipress.clouds.base import (
    SECRET_NAMES,
    Bucket,
    Cloud,
    EnvironmentSpec,
    Identity,
    LoginTicket,
    Secrets,
    Service,
    Supply,
)
from aipress.errors import CloudBusy, CloudError, CloudRefused
from aipress.kit import clock

Ensure = Callable[[Cloud, EnvironmentSpec], Awaitable[object]]


async def _vault(cloud: Cloud, env: EnvironmentSpec) -> Secrets:
    return await cloud.vault.ensure(env)


async def _databases(cloud: Cloud, env: EnvironmentSpec) -> object:
    return await cloud.databases.ensure(env, await _vault(cloud, env))


async def _buckets(cloud: Cloud, env: EnvironmentSpec) -> Bucket:
    return await cloud.buckets.ensure(env)


async def _caches(cloud: Cloud, env: EnvironmentSpec) -> object:
    return await cloud.caches.ensure(env, await _vault(cloud, env))


async def _runtime(cloud: Cloud, env: EnvironmentSpec) -> Service:
    await _vault(cloud, env)
    return await cloud.runtime.ensure(env, await _buckets(cloud, env))


async def _edge(cloud: Cloud, env: EnvironmentSpec) -> object:
    return await cloud.edge.ensure(env, await _runtime(cloud, env))


FACETS: dict[str, Ensure] = {
    "vault": _vault,
    "databases": _databases,
    "buckets": _buckets,
    "caches": _caches,
    "runtime": _runtime,
    "edge": _edge,
}


@pytest.mark.parametrize("name", FACETS)
async def test_ensuring_twice_is_ensuring_once(cloud: Cloud, environment: EnvironmentSpec, name: str) -> None:
    first = await FACETS[name](cloud, environment)
    assert await FACETS[name](cloud, environment) == first


@pytest.mark.parametrize("name", FACETS)
async def test_removing_what_is_gone_or_never_was_changes_nothing(
    cloud: Cloud, environment: EnvironmentSpec, name: str
) -> None:
    facet = getattr(cloud, name)
    await facet.remove(environment.id)
    await FACETS[name](cloud, environment)
    await facet.remove(environment.id)
    await facet.remove(environment.id)
    assert environment.id not in await facet.existing()


@pytest.mark.parametrize("name", FACETS)
async def test_what_exists_is_told_and_what_does_not_is_not(
    cloud: Cloud, environment: EnvironmentSpec, name: str
) -> None:
    facet = getattr(cloud, name)
    assert environment.id not in await facet.existing()
    await FACETS[name](cloud, environment)
    assert environment.id in await facet.existing()


async def test_secrets_are_handed_on_by_name_only(cloud: Cloud, environment: EnvironmentSpec) -> None:
    assert await cloud.vault.ensure(environment) == Secrets(environment.id, SECRET_NAMES)


async def test_an_owners_secrets_are_kept_by_version_until_nobody_wants_them(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    with pytest.raises(CloudError):
        await cloud.vault.keep(environment.id, "KEY", 1, "one")
    assert environment.id not in await cloud.vault.existing()
    await cloud.vault.ensure(environment)
    for _ in range(2):
        await cloud.vault.keep(environment.id, "KEY", 1, "one")
        await cloud.vault.keep(environment.id, "KEY", 2, "two")
        await cloud.vault.keep(environment.id, "OTHER", 1, "three")
        assert await cloud.vault.kept(environment.id) == {("KEY", 1), ("KEY", 2), ("OTHER", 1)}
    for _ in range(2):
        await cloud.vault.retain(environment.id, {("KEY", 2), ("NEVER", 1)})
        assert await cloud.vault.kept(environment.id) == {("KEY", 2)}


async def test_removing_an_environments_secrets_shreds_its_owners_too(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    await cloud.vault.ensure(environment)
    await cloud.vault.keep(environment.id, "KEY", 1, "one")
    await cloud.vault.remove(environment.id)
    assert await cloud.vault.kept(environment.id) == set()
    assert environment.id not in await cloud.vault.existing()


async def test_a_runtime_goes_by_the_newest_set_of_secrets_it_was_told(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    await cloud.vault.ensure(environment)
    with pytest.raises(CloudError):
        await cloud.runtime.supply(environment.id, Supply(1, {}))
    await _runtime(cloud, environment)
    await cloud.vault.keep(environment.id, "KEY", 1, "one")
    for _ in range(2):
        assert await cloud.runtime.supply(environment.id, Supply(2, {"KEY": 1})) == 2
        assert await cloud.runtime.supply(environment.id, Supply(1, {})) == 2
    assert (await cloud.runtime.supplied())[environment.id] == 2
    await _runtime(cloud, environment)
    assert (await cloud.runtime.supplied())[environment.id] == 2
    await cloud.runtime.remove(environment.id)
    assert (await cloud.runtime.supplied()).get(environment.id, 0) == 0


async def test_an_address_is_made_of_the_slug_and_differs_by_kind(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    live = await cloud.edge.address_of(environment)
    staging = await cloud.edge.address_of(
        EnvironmentSpec(
            environment.id, environment.number, environment.tenant, environment.slug, kind="staging"
        )
    )
    assert live.host.startswith(f"{environment.slug}.")
    assert live.url.startswith("http")
    assert staging.host == f"staging--{live.host}"


async def test_a_site_is_seen_from_outside_once_it_is_introduced_and_published_and_not_before(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    address = await cloud.edge.address_of(environment)
    with pytest.raises(CloudBusy):
        await cloud.edge.probe(address)
    database = await cloud.databases.ensure(environment, await _vault(cloud, environment))
    await cloud.caches.ensure(environment, await _vault(cloud, environment))
    service = await _runtime(cloud, environment)
    for _ in range(2):
        await cloud.databases.introduce(database, Identity("Contract", address.url, "ann@example.com", "Ann"))
    assert await cloud.edge.ensure(environment, service) == address
    await cloud.edge.probe(address)
    await cloud.edge.remove(environment.id)
    with pytest.raises(CloudBusy):
        await cloud.edge.probe(address)


async def test_pages_are_purged_of_what_is_published_and_of_nothing_else(
    cloud: Cloud, environment: EnvironmentSpec
) -> None:
    with pytest.raises(CloudRefused):
        await cloud.edge.purge(environment.id)
    await cloud.edge.ensure(environment, await _runtime(cloud, environment))
    for path in ("", "/menu/", "/menu"):
        await cloud.edge.purge(environment.id, path)


async def test_a_ticket_is_taken_by_an_introduced_site(cloud: Cloud, environment: EnvironmentSpec) -> None:
    database = await cloud.databases.ensure(environment, await _vault(cloud, environment))
    url = (await cloud.edge.address_of(environment)).url
    await cloud.databases.introduce(database, Identity("Contract", url, "ann@example.com", "Ann"))
    ticket = LoginTicket(secrets.token_hex(32), "ann@example.com", "Ann", clock.in_seconds(60))
    await cloud.databases.admit(database, ticket)


async def test_warming_wakes_and_removing_puts_to_rest(cloud: Cloud, environment: EnvironmentSpec) -> None:
    await _databases(cloud, environment)
    service = await _runtime(cloud, environment)
    await cloud.runtime.warm(service)
    await cloud.runtime.warm(service)
    warm = await cloud.runtime.report()
    await cloud.runtime.remove(environment.id)
    assert (await cloud.runtime.report()).awake == warm.awake - 1
    with pytest.raises(CloudError):
        await cloud.runtime.warm(service)


async def test_there_is_room(cloud: Cloud) -> None:
    await cloud.runtime.check_room()
