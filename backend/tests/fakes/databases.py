"""Databases in a dict, of one table with two columns each. They can be frozen, carried and readdressed."""

import hashlib
import json
from collections.abc import AsyncIterable, AsyncIterator
from typing import TYPE_CHECKING

from aipress.clouds.base import Address, Database, EnvironmentSpec, Identity, LoginTicket, Secrets
from aipress.clouds.options import DEFAULTS, Options
from aipress.errors import CloudRefused
from tests.fakes.shelf import Shelf

if TYPE_CHECKING:
    from tests.fakes.cloud import FakeCloud

LAST_WORDS = b"-- whole\n"


class FakeDatabases(Shelf):
    """`rows`: what is in each environment's; a test writes there as WordPress would, if `is_writable`."""

    identities: dict[str, Identity]
    tickets: list[LoginTicket]

    def __init__(self, cloud: "FakeCloud", noun: str) -> None:
        super().__init__(cloud, noun)
        self.identities, self.tickets = {}, []
        self.rows: dict[str, dict[str, str]] = {}
        self.frozen: set[str] = set()

    def most_connections(self, tier: str, options: Options = DEFAULTS) -> int:
        return 20

    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Database:
        await self.hear("ensure")
        self.things.add(environment.id)
        self.rows.setdefault(environment.id, {})
        return Database(f"w{environment.id}", f"w{environment.id}")

    async def introduce(self, database: Database, identity: Identity) -> None:
        await self.hear("introduce")
        self.identities[database.name] = identity
        self.rows.setdefault(database.name[1:], {}).update(home=identity.url, blogname=identity.title)

    async def admit(self, database: Database, ticket: LoginTicket) -> None:
        await self.hear("admit")
        self.tickets.append(ticket)

    async def remove(self, environment_id: str) -> None:
        await super().remove(environment_id)
        self.rows.pop(environment_id, None)
        self.frozen.discard(environment_id)

    def is_writable(self, environment_id: str) -> bool:
        return environment_id in self.things and environment_id not in self.frozen

    async def freeze(self, environment_id: str) -> None:
        await self.hear("freeze")
        self._there(environment_id)
        self.frozen.add(environment_id)

    async def thaw(self, environment_id: str) -> None:
        await self.hear("thaw")
        self._there(environment_id)
        self.frozen.discard(environment_id)

    async def dump(self, environment_id: str) -> AsyncIterator[bytes]:
        await self.hear("dump")
        for name, value in list(self._there(environment_id).items()):
            yield json.dumps([name, value]).encode() + b"\n"
        yield LAST_WORDS

    async def load(self, environment_id: str, dump: AsyncIterable[bytes]) -> None:
        await self.hear("load")
        self._there(environment_id).clear()
        told = b"".join([part async for part in dump])
        if not told.endswith(LAST_WORDS):
            raise CloudRefused("The dump has no end.")
        self.rows[environment_id] = dict(json.loads(line) for line in told.splitlines()[:-1])

    async def digest(self, environment_id: str) -> str:
        await self.hear("digest")
        told = json.dumps(sorted(self._there(environment_id).items()))
        return hashlib.sha256(told.encode()).hexdigest()

    async def readdress(self, environment_id: str, old: Address, new: Address) -> None:
        await self.hear("readdress")
        rows = self._there(environment_id)
        self.rows[environment_id] = {name: value.replace(old.url, new.url) for name, value in rows.items()}

    def _there(self, environment_id: str) -> dict[str, str]:
        if environment_id not in self.things:
            raise CloudRefused(f"{environment_id} has no database")
        return self.rows.setdefault(environment_id, {})
