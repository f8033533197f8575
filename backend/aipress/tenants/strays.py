"""What exists and should not: found on each cloud by itself, and taken down. A round of it is the reconciler's."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from aipress import clouds, durable
from aipress.clouds.base import Cloud
from aipress.errors import CloudError
from aipress.kit import logs
from aipress.kit.db import Database
from aipress.tenants import workflows
from aipress.tenants.models import Environment, Placement

log = logs.get()
ON_THE_WAY = ("preparing", "provisioning", "removing")
ALIVE = ("pooled", "live")


@dataclass(frozen=True)
class Stray:
    """Something that should not be there. A kept place is on no cloud: what is placed there stands on one, or does not yet."""

    kind: str
    environment_id: str
    why: str
    cloud: str = ""


async def strays(rows: Database) -> list[Stray]:
    """Everything that exists for an environment that should have nothing. Raises CloudError while a cloud does not answer."""
    found = [stray for cloud in clouds.every() for stray in await _strays_on(rows, cloud)]
    return [*found, *await _places_of_nobody(rows)]


async def clear_strays(rows: Database, cloud: Cloud) -> None:
    """Take down what nobody should have there: the rest of failed and removed environments, of those on another cloud, and things
    without a row."""
    await _clear(rows, await _strays_on(rows, cloud))


async def clear_places(rows: Database) -> None:
    """Give back the places that are kept for nobody, with whatever was made there."""
    await _clear(rows, await _places_of_nobody(rows))


async def _strays_on(rows: Database, cloud: Cloud) -> list[Stray]:
    exists = await existing(cloud)
    known = await _known(rows)
    return [
        Stray(kind, environment_id, why, cloud.name)
        for kind, environment_ids in exists.items()
        for environment_id in sorted(environment_ids)
        if (why := known.get(environment_id, UNKNOWN).why_nothing_on(cloud.name))
    ]


async def _places_of_nobody(rows: Database) -> list[Stray]:
    """Places that are kept for environments which are no more, whatever was made there."""
    async with rows.reading() as session:
        placed = sorted(await session.scalars(select(Placement.environment_id)))
    known = await _known(rows)
    whys = ((id, known.get(id, UNKNOWN).why_nothing()) for id in placed)
    return [Stray("placements", environment_id, why) for environment_id, why in whys if why]


@dataclass(frozen=True)
class Known:
    """What rows say of an environment."""

    state: str
    cloud: str = ""

    def why_nothing(self) -> str:
        """Why there should be nothing of it anywhere; empty where there should."""
        return "" if self.state in (*ON_THE_WAY, *ALIVE) else f"its environment is {self.state}"

    def why_nothing_on(self, cloud: str) -> str:
        """Why there should be nothing of it on this cloud; empty where there should.

        Of an environment on a cloud that this platform has not, nobody here knows what it should have.
        """
        is_elsewhere = self.cloud in {one.name for one in clouds.every()} - {cloud}
        return self.why_nothing() or (f"its environment is on “{self.cloud}”" if is_elsewhere else "")


UNKNOWN = Known("unknown")


async def _known(rows: Database, only: str = "") -> dict[str, Known]:
    """What rows say of all environments, or of one."""
    wanted = select(Environment.id, Environment.state, Environment.cloud)
    async with rows.reading() as session:
        found = await session.execute(wanted.where(Environment.id == only) if only else wanted)
        return {id: Known(state, cloud) for id, state, cloud in found}


async def _clear(rows: Database, found: Iterable[Stray]) -> None:
    """What is on its environment's own cloud by a workflow, the rest at once; of each kind once."""
    for environment_id, name in sorted({(stray.environment_id, stray.cloud) for stray in found}):
        own = (await _known(rows, environment_id)).get(environment_id, UNKNOWN)
        if own.cloud and name in ("", own.cloud):
            attempt = await next_attempt(rows, environment_id)
            await durable.start(workflows.sweep, environment_id, attempt or 1)
            continue
        for cloud in clouds.every():
            if name in ("", cloud.name):
                await _dismantle_at_once(cloud, environment_id)


async def existing(cloud: Cloud) -> dict[str, set[str]]:
    return {
        "vault": await cloud.vault.existing(),
        "databases": await cloud.databases.existing(),
        "buckets": await cloud.buckets.existing(),
        "caches": await cloud.caches.existing(),
        "runtime": await cloud.runtime.existing(),
        "edge": await cloud.edge.existing(),
        "domains": await cloud.domains.existing(),
        "logs": await cloud.logs.existing(),
        "metrics": await cloud.metrics.existing(),
    }


async def _dismantle_at_once(cloud: Cloud, environment_id: str) -> None:
    """What no row's workflow would find; the verbs are safe to say until they have worked."""
    for facet in cloud.facets_down():
        try:
            await facet.remove(environment_id)
        except CloudError as error:
            log.error("a stray stays for now", environment=environment_id, cloud=cloud.name, why=str(error))
            return


async def next_attempt(rows: Database, environment_id: str) -> int | None:
    """A fresh attempt number for this environment, or None when it has no row."""
    async with rows.transaction() as session:
        environment = await session.scalar(select(Environment).where(Environment.id == environment_id))
        if environment is None:
            return None
        environment.attempt += 1
        return environment.attempt - 1
