"""How a site's database is carried, wherever its server is: frozen, dumped, loaded, held against its copy, readdressed.

What is in it is a tenant's. So all of it is read and written as the environment's own user, who can harm nobody else.
"""

import asyncio
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from typing import TypeVar

from pymysql.cursors import Cursor

from aipress.clouds.base import Address
from aipress.clouds.wordpress import digests, dumps, freezing, readdressing
from aipress.clouds.wordpress.definitions import read_definitions, read_triggers
from aipress.clouds.wordpress.programs import Door
from aipress.errors import CloudBusy
from aipress.kit import logs

T = TypeVar("T")
log = logs.get()
PATIENCE = 5.0  # seconds that pages which were already running may go on writing
LONGEST_ANSWER = 600  # seconds for one answer, while all of a large table is looked through
ENDING = 30.0  # seconds a killed connection may take to undo what it did
PAUSE = 0.1


class Carried(ABC):
    """The verbs of `CarriedDatabases`, for databases named `w<id>` after their environments, with a user of that name."""

    patience = PATIENCE

    @abstractmethod
    async def as_owner(self, environment_id: str, work: Callable[[Cursor], T]) -> T:
        """What `work` comes to, in one transaction, said as the environment's own user; it may take long."""

    @abstractmethod
    async def as_administrator(self, environment_id: str, work: Callable[[Cursor], T]) -> T:
        """The same, said as the administrator: never to a tenant's tables."""

    @abstractmethod
    async def door(self, environment_id: str) -> Door:
        """How programs get in as the environment's own user."""

    @abstractmethod
    def grantee(self, environment_id: str) -> str:
        """Its own user and where from, as grants name it."""

    async def freeze(self, environment_id: str) -> None:
        """Marked first, while it may write; then narrowed; then whoever began with more rights ends."""
        name, grantee = f"w{environment_id}", self.grantee(environment_id)
        await self.as_owner(environment_id, lambda sql: freezing.mark(sql, name))
        writing = await self.as_administrator(environment_id, lambda sql: freezing.narrow(sql, name, grantee))
        if await self._are_gone(environment_id, writing, self.patience):
            return
        await self._end(environment_id, writing)

    async def thaw(self, environment_id: str) -> None:
        name, grantee = f"w{environment_id}", self.grantee(environment_id)
        await self.as_administrator(environment_id, lambda sql: freezing.widen(sql, name, grantee))
        await self.as_owner(environment_id, lambda sql: freezing.unmark(sql, name))

    async def dump(self, environment_id: str) -> AsyncGenerator[bytes, None]:
        name = f"w{environment_id}"
        defined = await self.as_owner(environment_id, lambda sql: read_definitions(sql, name))
        triggers = await self.as_administrator(environment_id, lambda sql: read_triggers(sql, name))
        if defined.left:
            log.warning("not everything can be carried", environment=environment_id, left=defined.left)
        async with aclosing(dumps.written(await self.door(environment_id), defined, triggers)) as parts:
            async for part in parts:
                yield part

    async def load(self, environment_id: str, dump: AsyncIterable[bytes]) -> None:
        try:
            await self._load(environment_id, dump)
        finally:
            if isinstance(dump, AsyncGenerator):
                await dump.aclose()

    async def digest(self, environment_id: str) -> str:
        return await self.as_owner(environment_id, lambda sql: digests.digest(sql, f"w{environment_id}"))

    async def readdress(self, environment_id: str, old: Address, new: Address) -> None:
        if old.url != new.url:
            work = readdressing.Readdressing(f"w{environment_id}", old.url, new.url)
            await self.as_owner(environment_id, work.do)

    async def _load(self, environment_id: str, dump: AsyncIterable[bytes]) -> None:
        """Whoever else is connected is ended first: it may be loading for somebody who was killed."""
        name = f"w{environment_id}"
        collations, statements = await dumps.told(dump)
        await self.as_owner(environment_id, lambda sql: dumps.check_collations(sql, collations))
        others = await self.as_administrator(environment_id, lambda sql: freezing.connections(sql, name))
        await self._end(environment_id, others)
        await self.as_owner(environment_id, lambda sql: dumps.empty(sql, name))
        await dumps.loaded(await self.door(environment_id), statements)
        await self.as_owner(environment_id, lambda sql: freezing.unmark(sql, name))

    async def _end(self, environment_id: str, ids: set[int]) -> None:
        """These connections, to the last statement: one that is killed still ends what it can't break off."""
        await self.as_administrator(environment_id, lambda sql: freezing.end(sql, ids))
        if not await self._are_gone(environment_id, ids, ENDING):
            raise CloudBusy("A connection to the site's database could not be ended yet; ask again.")

    async def _are_gone(self, environment_id: str, ids: set[int], seconds: float) -> bool:
        deadline = time.monotonic() + seconds
        while ids & await self.as_administrator(
            environment_id, lambda sql: freezing.connections(sql, f"w{environment_id}")
        ):
            if time.monotonic() > deadline:
                return False
            await asyncio.sleep(PAUSE)
        return True
