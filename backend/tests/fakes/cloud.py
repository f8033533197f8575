"""A cloud in a dict. It keeps the contract, remembers what was asked, and can be told to fail."""

import asyncio
from collections import defaultdict
from collections.abc import Set as AbstractSet

from aipress.clouds.base import (
    SECRET_NAMES,
    Address,
    Bucket,
    Cache,
    Cloud,
    EnvironmentSpec,
    RuntimeReport,
    Secrets,
    Service,
    Supply,
)
from aipress.errors import CloudBusy, CloudRefused
from tests.fakes.buckets import FakeBuckets
from tests.fakes.choices import FakeChoices
from tests.fakes.costs import FakeCosts
from tests.fakes.cron import FakeCron, FakeNotes
from tests.fakes.databases import FakeDatabases
from tests.fakes.domains import FakeDomains
from tests.fakes.inspection import FakeInspection
from tests.fakes.logs import FakeLogs
from tests.fakes.mail import FakeMail
from tests.fakes.metrics import FakeMetrics
from tests.fakes.shelf import Shelf


class FakeVault(Shelf):
    def __init__(self, cloud: "FakeCloud", noun: str) -> None:
        super().__init__(cloud, noun)
        self.values: dict[tuple[str, str, int], str] = {}

    async def ensure(self, environment: EnvironmentSpec) -> Secrets:
        await self.hear("ensure")
        self.things.add(environment.id)
        return Secrets(environment.id, SECRET_NAMES)

    async def keep(self, environment_id: str, name: str, version: int, value: str) -> None:
        await self.hear("keep")
        if environment_id not in self.things:
            raise CloudRefused(f"{environment_id} has no part of the vault")
        self.values[environment_id, name, version] = value

    async def kept(self, environment_id: str) -> set[tuple[str, int]]:
        return {(name, version) for id, name, version in self.values if id == environment_id}

    async def value(self, environment_id: str, name: str, version: int) -> str:
        await self.hear("value")
        if (environment_id, name, version) not in self.values:
            raise CloudRefused(f"{environment_id} has no version {version} of {name}")
        return self.values[environment_id, name, version]

    async def retain(self, environment_id: str, wanted: AbstractSet[tuple[str, int]]) -> None:
        await self.hear("retain")
        for name, version in await self.kept(environment_id) - wanted:
            del self.values[environment_id, name, version]

    async def remove(self, environment_id: str) -> None:
        await super().remove(environment_id)
        self.values = {key: value for key, value in self.values.items() if key[0] != environment_id}


class FakeCaches(Shelf):
    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Cache:
        await self.hear("ensure")
        self.things.add(environment.id)
        return Cache(f"w{environment.id}", f"w{environment.id}:")


class FakeRuntime(Shelf):
    def __init__(self, cloud: "FakeCloud", noun: str) -> None:
        super().__init__(cloud, noun)
        self.awake: set[str] = set()
        self.made: dict[str, EnvironmentSpec] = {}
        self.supplies: dict[str, Supply] = {}
        self.variables: dict[str, dict[str, str]] = {}

    async def ensure(self, environment: EnvironmentSpec, bucket: Bucket) -> Service:
        await self.hear("ensure")
        self.things.add(environment.id)
        self.made[environment.id] = environment
        return Service(environment.id)

    async def warm(self, service: Service) -> None:
        await self.hear("warm")
        if service.name not in self.things:
            raise CloudRefused(f"{service.name} has no runtime")
        self.awake.add(service.name)

    async def supply(self, environment_id: str, supply: Supply) -> int:
        await self.hear("supply")
        if environment_id not in self.things:
            raise CloudRefused(f"{environment_id} has no runtime")
        known = self.supplies.get(environment_id, Supply())
        if supply.revision > known.revision:
            values = self.cloud.vault.values
            self.variables[environment_id] = {
                name: values[environment_id, name, version] for name, version in supply.versions.items()
            }
            self.supplies[environment_id] = known = supply
        return known.revision

    async def supplied(self) -> dict[str, int]:
        return {id: supply.revision for id, supply in self.supplies.items()}

    async def remove(self, environment_id: str) -> None:
        await super().remove(environment_id)
        self.awake.discard(environment_id)
        self.supplies.pop(environment_id, None)
        self.variables.pop(environment_id, None)

    async def check_room(self) -> None:
        await self.hear("look for room in")

    async def report(self) -> RuntimeReport:
        return RuntimeReport(False, "none", "none", "none", len(self.awake), len(self.things - self.awake), 0)


class FakeEdge(Shelf):
    def __init__(self, cloud: "FakeCloud", noun: str) -> None:
        super().__init__(cloud, noun)
        self.published: dict[str, Address] = {}
        self.domain = "fake.test"
        self.purged: list[tuple[str, str]] = []

    async def address_of(self, environment: EnvironmentSpec) -> Address:
        label = environment.slug if environment.kind == "live" else f"{environment.kind}--{environment.slug}"
        return Address(f"{label}.{self.domain}", f"http://{label}.{self.domain}")

    async def ensure(self, environment: EnvironmentSpec, service: Service) -> Address:
        await self.hear("ensure")
        self.things.add(environment.id)
        self.published[environment.id] = await self.address_of(environment)
        return self.published[environment.id]

    async def probe(self, address: Address) -> None:
        await self.hear("probe")
        if address not in self.published.values():
            raise CloudBusy(f"{address.host} does not answer yet")

    async def purge(self, environment_id: str, path: str = "") -> None:
        await self.hear("purge")
        if environment_id not in self.things:
            raise CloudRefused(f"{environment_id} is nowhere")
        self.purged.append((environment_id, path))

    async def remove(self, environment_id: str) -> None:
        await super().remove(environment_id)
        self.published.pop(environment_id, None)


class FakeCloud:
    """`broken["ensure database"] = [CloudBusy("…")]` makes the next such order fail; `pace` is seconds an order takes."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.broken: defaultdict[str, list[Exception]] = defaultdict(list)
        self.pace = 0.0
        self.vault = FakeVault(self, "secrets")
        self.databases = FakeDatabases(self, "database")
        self.buckets = FakeBuckets(self, "bucket")
        self.caches = FakeCaches(self, "cache")
        self.runtime = FakeRuntime(self, "runtime")
        self.edge = FakeEdge(self, "address")
        self.costs = FakeCosts()
        self.logs = FakeLogs()
        self.metrics = FakeMetrics()
        self.cron, self.notes = FakeCron(), FakeNotes()
        self.inspection, self.mail = FakeInspection(), FakeMail()
        self.domains = FakeDomains(self)
        self.choices = FakeChoices()

    async def hear(self, said: str) -> None:
        """Note what is said, take the time it takes, and fail where a test told it to."""
        self.said.append(said)
        await asyncio.sleep(self.pace)
        if self.broken[said]:
            raise self.broken[said].pop(0)

    def shelves(self) -> list[Shelf]:
        return [self.vault, self.databases, self.buckets, self.caches, self.runtime, self.edge]

    def is_empty(self) -> bool:
        return (
            not any(shelf.things for shelf in self.shelves()) and not self.logs.lines and not self.domains.led
        )

    def as_cloud(self, name: str = "local") -> Cloud:
        shelves = (self.vault, self.databases, self.buckets, self.caches, self.runtime, self.edge)
        telling = (self.costs, self.logs, self.metrics, self.cron, self.notes)
        rest = (self.inspection, self.mail, self.domains, self.choices)
        return Cloud(name, *shelves, *telling, *rest)
