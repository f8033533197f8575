"""Caches on a shared Valkey: the list of users on the simulator, and a real server that goes by it."""

import asyncio
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, replace

import pytest
import redis

from aipress.clouds.base import EnvironmentSpec, Secrets
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Platform, SharedCache
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.gcp.secrets import version
from aipress.clouds.gcp.valkey import ValkeyCaches
from aipress.errors import CloudBusy, CloudRefused
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp.bases import NEIGHBOUR, FakeVault
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE, ask, say
from tests.clouds.gcp.simulated import PLATFORM, answering
from tests.clouds.local import rig
from tests.fakes.placements import FakePlacements

LIST = f"/memorystore/v1/{PLACE.parent}/aclPolicies"
SWEEPER = "aipress-cache-sweeper-sites"


@dataclass(frozen=True)
class Rig:
    caches: ValkeyCaches
    simulator: Simulator
    port: int

    @property
    def rules(self) -> dict[str, str]:
        return rules_in(self.simulator)

    async def ensure(self, *environments: EnvironmentSpec) -> None:
        for one in environments:
            await self.caches.ensure(one, Secrets(one.id, ()))

    @property
    def writes(self) -> int:
        """How often the list was written."""
        return len(list(self.simulator.world.journal.of("memorystore.projects.locations.aclPolicies.patch")))


def rules_in(simulator: Simulator) -> dict[str, str]:
    """What the list says, by user."""
    found = say(simulator, "GET", f"{LIST}/sites")
    return {one["username"]: one["rule"] for one in found["rules"]}


class Applying(Google):
    """Does what Google does with a list: makes the server's users so."""

    def __init__(self, endpoint: str, simulator: Simulator, port: int) -> None:
        super().__init__(endpoint)
        self.simulator, self.port = simulator, port

    async def make(self, resource: Resource) -> Json:
        made = await super().make(resource)
        rules = rules_in(self.simulator)
        with redis.Redis(port=self.port, decode_responses=True) as server:
            for user in set(server.acl_users()) - set(rules):
                server.acl_deluser(user)
            for user in set(rules) - {"default"}:
                server.execute_command("ACL", "SETUSER", user, "reset", *rules[user].split())
        return made


@pytest.fixture(scope="module")
def redis_port() -> Iterator[int]:
    """A Redis for Valkey; its port."""
    port = rig.free_port()
    with rig.short_home() as home:
        command = [
            "redis-server",
            "--port",
            str(port),
            "--bind",
            "127.0.0.1",
            "--save",
            "",
            "--dir",
            str(home),
        ]
        with rig.running(subprocess.Popen(command, stdout=subprocess.DEVNULL)):
            rig.wait_for(lambda: rig.answers(port))
            yield port


@pytest.fixture
async def on(redis_port: int) -> AsyncIterator[Rig]:
    simulator = Simulator(new_world())
    say(simulator, "POST", LIST, {"rules": [{"username": "default", "rule": "off"}]}, aclPolicyId="sites")
    shard = PLATFORM.shards[0].model_copy(
        update={"cache": SharedCache(name="sites", address=f"127.0.0.1:{redis_port}")}
    )
    platform = Platform(shards=(shard,))
    with answering(simulator) as endpoint:
        google = Applying(endpoint, simulator, redis_port)
        yield Rig(
            ValkeyCaches(google, Where(platform, FakePlacements(platform)), FakeVault()),
            simulator,
            redis_port,
        )
        await google.aclose()


def sweeps(on: Rig) -> None:
    """The password of who sweeps is kept, as Terraform does."""
    path = f"/secretmanager/v1/projects/{PLACE.project}/secrets"
    say(on.simulator, "POST", path, {"replication": {"automatic": {}}}, secretId=SWEEPER)
    assert ask(on.simulator, version(PLACE, SWEEPER, b"sweepers-own")).status == 200


async def test_a_user_comes_with_its_password_and_goes_with_its_keys(on: Rig) -> None:
    sweeps(on)
    await on.ensure(ENVIRONMENT, NEIGHBOUR)
    await on.caches.remove("f" * 12)
    assert await on.caches.existing() == {ID, NEIGHBOUR.id}
    assert "REDIS_PASSWORD" not in str(on.rules)
    for id in (ID, NEIGHBOUR.id):
        with redis.Redis(port=on.port, username=f"w{id}", password=f"REDIS_PASSWORD-of-{id}") as own:
            own.set(f"w{id}:page", "kept" * 1000)
    sizes = await on.caches.sizes()
    assert sizes.keys() == {ID, NEIGHBOUR.id}
    assert all(4000 < size < 9000 for size in sizes.values())
    for _ in range(2):
        await on.caches.remove(ID)
    assert await on.caches.existing() == {NEIGHBOUR.id}
    with redis.Redis(port=on.port, decode_responses=True) as server:
        assert server.keys("*") == [f"w{NEIGHBOUR.id}:page"]
        server.flushall()


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
    say(on.simulator, "DELETE", f"{LIST}/sites")
    with pytest.raises(CloudRefused, match="Terraform"):
        await on.ensure(ENVIRONMENT)
    assert await on.caches.existing() == set()
    await on.caches.remove(ID)


async def test_a_valkey_that_does_not_answer_is_asked_again(on: Rig) -> None:
    sweeps(on)
    shard = on.caches.where.platform.shards[0].model_copy(
        update={"cache": SharedCache(name="sites", address=f"127.0.0.1:{rig.free_port()}")}
    )
    platform = Platform(shards=(shard,))
    caches = ValkeyCaches(on.caches.google, Where(platform, FakePlacements(platform)), FakeVault())
    await caches.ensure(ENVIRONMENT, Secrets(ID, ()))
    with pytest.raises(CloudBusy):
        await caches.remove(ID)
