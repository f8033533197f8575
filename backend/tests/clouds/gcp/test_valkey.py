"""Caches on a shared Valkey of the simulator's: a real server, which goes by the list that the facet writes."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from aipress.clouds.base import EnvironmentSpec, Secrets
from aipress.clouds.gcp import caches
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Platform, SharedCache
from aipress.clouds.gcp.secrets import version
from aipress.clouds.gcp.valkey import ValkeyCaches
from aipress.errors import CloudBusy, CloudRefused
from gcpsim.simulator import Simulator
from gcpsim.wire import Request
from tests.clouds.gcp.bases import NEIGHBOUR, FakeVault
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE, ask, say
from tests.clouds.gcp.simulated import PLATFORM, answering
from tests.clouds.local import rig
from tests.fakes.placements import FakePlacements
from tests.gcpsim import servers

LISTS = f"/memorystore/v1/{PLACE.parent}/aclPolicies"
VALKEYS = f"/memorystore/v1/{PLACE.parent}/instances"
SECRETS = f"/secretmanager/v1/projects/{PLACE.project}/secrets"
CLOSED = {"username": "default", "rule": "off"}
SWEEPER = "aipress-cache-sweeper-sites"


@dataclass(frozen=True)
class Rig:
    """The facet, the simulator with the list, and where the server is that goes by it."""

    caches: ValkeyCaches
    simulator: Simulator
    address: str

    @property
    def rules(self) -> dict[str, str]:
        """What the list says, by user."""
        found = say(self.simulator, "GET", f"{LISTS}/sites")
        return {one["username"]: one["rule"] for one in found["rules"]}

    @property
    def writes(self) -> int:
        """How often the list was written."""
        patch = "memorystore.projects.locations.aclPolicies.patch"
        return len(list(self.simulator.world.journal.of(patch)))

    async def ensure(self, *environments: EnvironmentSpec) -> None:
        for one in environments:
            await self.caches.ensure(one, Secrets(one.id, ()))

    def line(self, user: str, password: str) -> redis.Redis:
        """Connected as a site is."""
        once = Retry(NoBackoff(), 0)
        return redis.Redis(self.address, username=user, password=password, decode_responses=True, retry=once)

    def sweeps(self) -> None:
        """The password of who sweeps is kept, as Terraform does."""
        say(self.simulator, "POST", SECRETS, {"replication": {"automatic": {}}}, secretId=SWEEPER)
        assert ask(self.simulator, version(PLACE, SWEEPER, b"sweepers-own")).status == 200


@pytest.fixture(scope="module")
def simulator() -> Iterator[Simulator]:
    """With a Valkey that goes by a list."""
    servers.need("redis-server")
    with (
        servers.own_net() as net,
        servers.own_folder() as folder,
        servers.running(folder, net, servers.valkey) as google,
    ):
        google.done("POST", LISTS, {"rules": [CLOSED]}, aclPolicyId="sites")
        body = {"aclPolicy": caches.list_of(PLACE.project, PLACE.region, "sites")}
        google.done("POST", VALKEYS, body, instanceId="sites")
        yield Simulator(google.world)


@pytest.fixture
async def on(simulator: Simulator) -> AsyncIterator[Rig]:
    """With nobody in the list, and nobody who sweeps."""
    say(simulator, "PATCH", f"{LISTS}/sites", {"rules": [CLOSED]}, updateMask="rules")
    simulator.answer(Request("DELETE", f"{SECRETS}/{SWEEPER}", {}))
    simulator.world.journal.entries.clear()
    (there,) = say(simulator, "GET", f"{VALKEYS}/sites")["discoveryEndpoints"]
    with answering(simulator) as endpoint:
        google = Google(endpoint)
        yield Rig(facet(google, "sites", f"{there['address']}:6379"), simulator, there["address"])
        await google.aclose()


def facet(google: Google, name: str, address: str) -> ValkeyCaches:
    shard = PLATFORM.shards[0].model_copy(update={"cache": SharedCache(name=name, address=address)})
    platform = Platform(shards=(shard,))
    return ValkeyCaches(google, Where(platform, FakePlacements(platform)), FakeVault())


async def test_a_user_comes_with_its_password_and_goes_with_its_keys(on: Rig) -> None:
    on.sweeps()
    await on.ensure(ENVIRONMENT, NEIGHBOUR)
    await on.caches.remove("f" * 12)
    assert await on.caches.existing() == {ID, NEIGHBOUR.id}
    assert "REDIS_PASSWORD" not in str(on.rules)
    for id, other in ((ID, NEIGHBOUR.id), (NEIGHBOUR.id, ID)):
        with on.line(f"w{id}", f"REDIS_PASSWORD-of-{id}") as own:
            own.set(f"w{id}:page", "kept" * 1000)
            with pytest.raises(redis.exceptions.NoPermissionError):
                own.get(f"w{other}:page")
    sizes = await on.caches.sizes()
    assert sizes.keys() == {ID, NEIGHBOUR.id}
    assert all(4000 < size < 9000 for size in sizes.values())
    for _ in range(2):
        await on.caches.remove(ID)
    assert await on.caches.existing() == {NEIGHBOUR.id}
    assert (await on.caches.sizes()).keys() == {NEIGHBOUR.id}
    with (
        on.line(f"w{ID}", f"REDIS_PASSWORD-of-{ID}") as own,
        pytest.raises(redis.exceptions.AuthenticationError),
    ):
        own.ping()
    await on.caches.remove(NEIGHBOUR.id)


async def test_who_sweeps_reads_nothing(on: Rig) -> None:
    on.sweeps()
    await on.ensure(ENVIRONMENT)
    with on.line(f"w{ID}", f"REDIS_PASSWORD-of-{ID}") as own:
        own.set(f"w{ID}:page", "secret")
    await on.caches.sizes()
    with on.line("aipress", "sweepers-own") as sweeper:
        assert list(sweeper.scan_iter()) == [f"w{ID}:page"]
        for words in (("GET", f"w{ID}:page"), ("CONFIG", "GET", "*"), ("ACL", "LIST"), ("FLUSHALL",)):
            with pytest.raises(redis.exceptions.NoPermissionError):
                sweeper.execute_command(*words)
    await on.caches.remove(ID)


async def test_what_is_there_already_is_not_written_again(on: Rig) -> None:
    await on.ensure(ENVIRONMENT)
    before = on.rules
    await on.ensure(ENVIRONMENT)
    assert on.rules == before
    assert on.writes == 1
    assert before["default"] == "off"


async def test_many_at_once_are_written_together_and_nobody_is_lost(on: Rig) -> None:
    many = [replace(ENVIRONMENT, id=f"{n:012x}") for n in range(40)]
    await asyncio.gather(*(on.ensure(one) for one in many))
    assert await on.caches.existing() == {one.id for one in many}
    assert on.writes < 10


async def test_without_a_list_nobody_is_let_in_and_nothing_is_there(on: Rig) -> None:
    unknown = facet(on.caches.google, "unknown", "127.0.0.1:1")
    with pytest.raises(CloudRefused, match="Terraform"):
        await unknown.ensure(ENVIRONMENT, Secrets(ID, ()))
    assert await unknown.existing() == set()
    await unknown.remove(ID)


async def test_a_valkey_that_does_not_answer_is_asked_again(on: Rig) -> None:
    on.sweeps()
    silent = facet(on.caches.google, "sites", f"127.0.0.1:{rig.free_port()}")
    await silent.ensure(ENVIRONMENT, Secrets(ID, ()))
    with pytest.raises(CloudBusy):
        await silent.remove(ID)
