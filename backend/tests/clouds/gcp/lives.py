"""A site's life on Google Cloud as its workflows order it, on a simulator that breaks where it is told, and what is left of it."""

import base64
import json
from collections.abc import AsyncIterator, Awaitable, Iterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from aipress import clouds
from aipress.clouds.base import Database, EnvironmentSpec, Identity, Supply
from aipress.clouds.gcp.labels import TENANT
from aipress.clouds.gcp.resources import at
from aipress.clouds.options import Options
from aipress.config import Settings
from aipress.durable import step
from aipress.errors import CloudError
from aipress.tenants import workflows
from gcpsim.faults import Fault
from gcpsim.journal import Entry
from tests.clouds.gcp.alone import OneServer
from tests.clouds.gcp.bases import DUMP
from tests.clouds.gcp.rig import DOMAIN, ENVIRONMENT
from tests.clouds.gcp.servers import Instance, stands
from tests.clouds.gcp.simulated import Simulated, on_instance, simulated, there

LABELLED = {
    "run.projects.locations.services.create": ("labels", "template.labels"),
    "secretmanager.projects.secrets.create": ("labels",),
    "storage.buckets.insert": ("labels",),
    "certificatemanager.projects.locations.dnsAuthorizations.create": ("labels",),
    "certificatemanager.projects.locations.certificates.create": ("labels",),
    "certificatemanager.projects.locations.certificateMaps.certificateMapEntries.create": ("labels",),
    "sql.instances.insert": ("settings.userLabels",),
}
OWNERS = "owners-value-5b1c"
SEPARATE = replace(ENVIRONMENT, options=Options(database="own", replicas=1))
WORK = (
    "instances.insert",
    "instances.patch",
    "instances.delete",
    "services.create",
    "services.patch",
    "services.delete",
    "aclPolicies.patch",
    "urlMaps.invalidateCache",
    "urlMaps.update",
    "dnsAuthorizations.create",
    "dnsAuthorizations.delete",
    "certificates.create",
    "certificates.delete",
    "certificateMapEntries.create",
    "certificateMapEntries.delete",
    "backendServices.insert",
    "backendServices.delete",
    "regionNetworkEndpointGroups.insert",
    "regionNetworkEndpointGroups.delete",
)
"""Methods whose work goes on after the answer."""


@step
async def give_a_secret(env: EnvironmentSpec, version: int) -> None:
    """As the delivery of owners' secrets does it."""
    cloud = clouds.current()
    await cloud.vault.keep(env.id, "STRIPE_KEY", version, OWNERS)
    await cloud.runtime.supply(env.id, Supply(version, {"STRIPE_KEY": version}))
    await cloud.vault.retain(env.id, {("STRIPE_KEY", version)})


@step
async def purge(env: EnvironmentSpec) -> None:
    await clouds.current().edge.purge(env.id, "/menu/")


@step
async def lead(env: EnvironmentSpec, domain: str) -> None:
    """The simulator issues certificates without asking the DNS, so this goes all the way."""
    await clouds.current().domains.ensure(env, domain)


@step
async def tell_whose_it_is(env: EnvironmentSpec, database: Database) -> None:
    identity = Identity("Bakery", "https://bakery.example", "ann@example.com", "Ann")
    await clouds.current().databases.introduce(database, identity)


@dataclass
class Life:
    """One environment on one simulator. `stood`: what was there before it."""

    on: Simulated
    stood: frozenset[str]
    environment: EnvironmentSpec = ENVIRONMENT

    async def begin(self) -> None:
        """As `provision` orders it, and then an owner's secrets and a purge; raises CloudError where that would give up."""
        database, service = await workflows.build(self.environment)
        await tell_whose_it_is(self.environment, database)
        address = await workflows.publish(self.environment, service)
        await workflows.wait_until_it_answers(self.environment, address)
        for version in (1, 3):
            await give_a_secret(self.environment, version)
        await lead(self.environment, DOMAIN)
        await purge(self.environment)

    async def end(self) -> None:
        """As `remove` orders it."""
        await workflows.dismantle(self.environment)

    def break_with(self, *faults: Fault) -> None:
        self.on.simulator.world.faults.planned += faults

    def mend(self) -> None:
        self.on.simulator.world.faults.planned.clear()

    @property
    def calls(self) -> list[Entry]:
        return self.on.simulator.world.journal.entries

    def values(self) -> list[str]:
        """What may stand in no journal: every secret there is now, as it is and as it travels."""
        sealed = [one.hidden.get("data", "") for one in self.on.simulator.world.store.everything()]
        return [told for data in sealed if data for told in (data, base64.b64decode(data).decode())]

    async def leftovers(self) -> set[str]:
        """What is there that was not before: of Google, on the instance, and where it is placed. A shared list has a history of its own."""
        left = {
            key
            for key in there(self.on.simulator) - self.stood
            if not any(key.startswith(f"{one}/revisions/") for one in self.stood)
        }
        left |= {f"database of {id}" for id in await self.on.cloud.databases.existing()}
        left |= {f"cache user of {id}" for id in await self.on.cloud.caches.existing()}
        return left | {f"placement of {id}" for id in self.on.placements.by_environment}

    def unlabelled(self) -> list[str]:
        """Whatever was made without its tenant where the bill looks."""
        return [
            f"{entry.method_id} {entry.key}"
            for entry in self.calls
            for path in LABELLED.get(entry.method_id, ())
            if entry.status == 200 and at(entry.body, f"{path}.{TENANT}") != self.environment.tenant
        ]

    def told(self, values: Sequence[str]) -> list[str]:
        """Secrets that stand in the journal."""
        journal = json.dumps([vars(entry) for entry in self.calls], default=str)
        return [value for value in values if value in journal]


@asynccontextmanager
async def life(server: Instance, folder: Path, alone: Instance | None = None) -> AsyncIterator[Life]:
    """On a fresh simulator; with `alone`, of a site that has an instance of its own, which that server is, and a replica."""
    settings = Settings(data_dir=folder)
    dump = folder / "templates" / f"{settings.wordpress_version}.sql"
    dump.parent.mkdir(exist_ok=True)
    dump.write_text(DUMP)
    with simulated(settings, on_instance(server)) as on:
        stands(on.simulator, server)
        on.simulator.world.issuing.is_lenient = True
        if alone:
            on.simulator.world.sql = OneServer(alone, on.simulator)
        on.simulator.world.journal.entries.clear()
        clouds.use(on.cloud)
        try:
            yield Life(on, frozenset(there(on.simulator)), SEPARATE if alone else ENVIRONMENT)
        finally:
            await on.google.aclose()


def occurrences(calls: list[Entry]) -> Iterator[tuple[str, int]]:
    """Each call as its method and how many of that came before."""
    seen: dict[str, int] = {}
    for entry in calls:
        yield entry.method_id, seen.get(entry.method_id, 0)
        seen[entry.method_id] = seen.get(entry.method_id, 0) + 1


async def attempt(work: Awaitable[None]) -> bool:
    """Whether it went well; a cloud's refusal is no mistake of the test."""
    try:
        await work
    except CloudError:
        return False
    return True
