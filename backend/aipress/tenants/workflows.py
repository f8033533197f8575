"""An environment's birth and its removal: one durable step per line.

A crash may run a step twice, so steps only use verbs that are safe to say twice. Steps pass names, never secrets: what
they return is recorded. The order of steps is a stored protocol; see `durable.PROTOCOL` before changing it.
"""

from aipress import clouds
from aipress.clouds.base import (
    Address,
    Bucket,
    Cache,
    Database,
    EnvironmentSpec,
    Secrets,
    Service,
)
from aipress.durable import step, workflow
from aipress.errors import CloudError
from aipress.tenants import adjusted, ledger


@workflow
async def provision(environment_id: str) -> None:
    """A site for somebody: everything made (or found prepared), named, published, and seen from outside."""
    env = await look_up(environment_id)
    try:
        database, service = await build(env)
        await introduce(env, database)
        address = await publish(env, service)
        await wait_until_it_answers(env, address)
    except CloudError as error:
        await mark_failed(env, str(error))
        await dismantle(env)
    else:
        await mark_live(env)


@workflow
async def prepare(environment_id: str) -> None:
    """An environment for the pool: made and warm, and nobody's yet."""
    env = await look_up(environment_id)
    try:
        _, service = await build(env)
        await warm_up(env, service)
    except CloudError as error:
        await mark_failed(env, str(error))
        await dismantle(env)
    else:
        await mark_pooled(env)


@workflow
async def remove(environment_id: str) -> None:
    """Everything an environment had, gone."""
    env = await look_up(environment_id)
    try:
        await dismantle(env)
    except CloudError as error:
        await mark_stuck(env, str(error))
    else:
        await mark_removed(env)


@workflow
async def sweep(environment_id: str) -> None:
    """What is left of an environment that failed or was removed, gone. Nobody watches this; the reconciler repeats it."""
    env = await look_up(environment_id)
    try:
        await dismantle(env)
    except CloudError as error:
        await mark_stuck(env, str(error))


@workflow
async def repair(environment_id: str) -> None:
    """What should be there and is not, made again; data that is lost is never replaced by an empty copy."""
    env = await look_up(environment_id)
    try:
        secrets = await seal_secrets(env)
        await make_cache(env, secrets)
        bucket = await make_bucket(env)
        service = await start_wordpress(env, bucket)
        if env.tenant:
            await publish(env, service)
    except CloudError as error:
        await note_failed_repair(env, str(error))


@workflow
async def adjust(environment_id: str) -> None:
    """A site as its tier and options say now; where that can't be, as it was."""
    env = await look_up(environment_id)
    try:
        await fit(env)
    except CloudError as error:
        former = await take_back(env, str(error))
        await fit_again(former)
    else:
        await mark_adjusted(env)


@workflow
async def settle(environment_id: str) -> None:
    """A site whose change broke off, as its row says again. Nobody watches this; the reconciler repeats it."""
    await fit_again(await look_up(environment_id))


async def fit(env: EnvironmentSpec) -> None:
    """Everything that depends on tier and options, made as they say; what is right already stays."""
    secrets = await seal_secrets(env)
    bucket = await make_bucket(env)
    await make_database(env, secrets)
    service = await start_wordpress(env, bucket)
    await wait_until_it_answers(env, await publish(env, service))


async def fit_again(env: EnvironmentSpec) -> None:
    """The same after a failure; what fails again is tried again by the reconciler."""
    try:
        await fit(env)
    except CloudError as error:
        await note_failed_repair(env, str(error))
    else:
        await mark_settled(env)


async def build(env: EnvironmentSpec) -> tuple[Database, Service]:
    """The way up, shared by sites and pool. WordPress starts while its database is filled; nobody can come before both.

    A database server of its own stands before: WordPress is told its address, which nobody knows until it is there.
    """
    secrets = await seal_secrets(env)
    bucket = await make_bucket(env)
    if env.options.database == "own":
        await make_cache(env, secrets)
        database = await make_database(env, secrets)
        return database, await start_wordpress(env, bucket)
    service = await start_wordpress(env, bucket)
    await make_cache(env, secrets)
    return await make_database(env, secrets), service


async def dismantle(env: EnvironmentSpec) -> None:
    """The one way down, for half-built and finished environments alike: traffic first, keys last."""
    await withdraw(env)
    await stop_wordpress(env)
    await remove_cache(env)
    await remove_bucket(env)
    await remove_database(env)
    await shred_secrets(env)


@step
async def look_up(environment_id: str) -> EnvironmentSpec:
    return await ledger.look_up(environment_id)


@step
async def seal_secrets(env: EnvironmentSpec) -> Secrets:
    return await clouds.of(env).vault.ensure(env)


@step
async def make_database(env: EnvironmentSpec, secrets: Secrets) -> Database:
    return await clouds.of(env).databases.ensure(env, secrets)


@step
async def make_bucket(env: EnvironmentSpec) -> Bucket:
    return await clouds.of(env).buckets.ensure(env)


@step
async def make_cache(env: EnvironmentSpec, secrets: Secrets) -> Cache:
    return await clouds.of(env).caches.ensure(env, secrets)


@step
async def start_wordpress(env: EnvironmentSpec, bucket: Bucket) -> Service:
    return await clouds.of(env).runtime.ensure(env, bucket)


@step
async def warm_up(env: EnvironmentSpec, service: Service) -> None:
    await clouds.of(env).runtime.warm(service)


@step
async def introduce(env: EnvironmentSpec, database: Database) -> None:
    await clouds.of(env).databases.introduce(database, await ledger.identity_of(env))


@step
async def publish(env: EnvironmentSpec, service: Service) -> Address:
    return await clouds.of(env).edge.ensure(env, service)


@step
async def wait_until_it_answers(env: EnvironmentSpec, address: Address) -> None:
    await clouds.of(env).edge.probe(address)


@step
async def withdraw(env: EnvironmentSpec) -> None:
    """Every name that leads there: its own domains, and its address."""
    cloud = clouds.of(env)
    await cloud.domains.remove(env.id)
    await cloud.edge.remove(env.id)


@step
async def stop_wordpress(env: EnvironmentSpec) -> None:
    await clouds.of(env).runtime.remove(env.id)


@step
async def remove_cache(env: EnvironmentSpec) -> None:
    await clouds.of(env).caches.remove(env.id)


@step
async def remove_bucket(env: EnvironmentSpec) -> None:
    """Its files, its mail, and what its logs held."""
    cloud = clouds.of(env)
    await cloud.buckets.remove(env.id)
    await cloud.mail.remove(env.id)
    await cloud.logs.remove(env.id)


@step
async def remove_database(env: EnvironmentSpec) -> None:
    """Its database, and what was measured of it."""
    cloud = clouds.of(env)
    await cloud.databases.remove(env.id)
    await cloud.metrics.remove(env.id)


@step
async def shred_secrets(env: EnvironmentSpec) -> None:
    await clouds.of(env).vault.remove(env.id)


@step
async def mark_live(env: EnvironmentSpec) -> None:
    await ledger.mark_live(env)


@step
async def mark_adjusted(env: EnvironmentSpec) -> None:
    await adjusted.mark_adjusted(env)


@step
async def take_back(env: EnvironmentSpec, why: str) -> EnvironmentSpec:
    return await adjusted.take_back(env, why)


@step
async def mark_settled(env: EnvironmentSpec) -> None:
    await adjusted.mark_settled(env)


@step
async def mark_pooled(env: EnvironmentSpec) -> None:
    await ledger.mark(env, "pooled")


@step
async def mark_failed(env: EnvironmentSpec, why: str) -> None:
    await ledger.mark_failed(env, why)


@step
async def mark_removed(env: EnvironmentSpec) -> None:
    await ledger.mark_removed(env)


@step
async def mark_stuck(env: EnvironmentSpec, why: str) -> None:
    await ledger.mark_stuck(env, why)


@step
async def note_failed_repair(env: EnvironmentSpec, why: str) -> None:
    ledger.note_failed_repair(env, why)
