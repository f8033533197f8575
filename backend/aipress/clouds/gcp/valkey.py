"""Object caches on shared Valkeys: each environment a user, by a rule in the one list all of a Valkey's users stand in.

The list has one writer here, which says together what was asked meanwhile; a second control plane would have to win by the etag.
"""

import asyncio
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from redis import asyncio as redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as ValkeyUnreachable
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as ValkeySlow

from aipress.clouds.base import Cache, EnvironmentSpec, Secrets
from aipress.clouds.cache_sizes import Weighing
from aipress.clouds.gcp import caches
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.instances import Vault
from aipress.clouds.gcp.names import own_name
from aipress.clouds.gcp.newest import on_newest
from aipress.clouds.gcp.placements import Placed, Where
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.resources import Json
from aipress.clouds.gcp.secrets import opened
from aipress.clouds.gcp.together import together
from aipress.errors import CloudBusy, CloudRefused
from aipress.kit import logs

log = logs.get()
OWN = re.compile(r"w([0-9a-f]{12})")
ANSWER_SECONDS, AT_ONCE = 5, 1000


@dataclass(frozen=True, eq=False)
class Change:
    """One user's rule as it should be; none: the user should not be."""

    user: str
    rule: Json | None = None

    def made(self, rules: Sequence[Json]) -> list[Json]:
        """The list with it."""
        return caches.with_rule(rules, self.rule) if self.rule else caches.without(rules, self.user)


class ValkeyCaches:
    """One user and key prefix per environment, named `w<id>`; `aipress` sweeps up the keys of who is gone."""

    def __init__(self, google: Google, where: Where, vault: Vault) -> None:
        self.google, self.where, self.vault = google, where, vault
        self._lists: dict[str, RuleList] = {}
        self._weighed: dict[str, Weighing] = {}

    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Cache:
        """Its user, with its password; whoever has another password is let in no more."""
        shard = self._shard(await self.where.placements.of(environment))
        rule = caches.rule(environment, await self.vault.reveal(secrets.scope, "REDIS_PASSWORD"))
        cache = caches.cache_of(environment)
        await self._list(shard).say(Change(cache.user, rule))
        return cache

    async def remove(self, environment_id: str) -> None:
        """Its user, and then its keys: nobody writes any more."""
        found = await self.where.find(environment_id)
        if found is None:
            return
        user, shard = own_name(environment_id), self._shard(found.placed)
        async with self._sweeper(shard, Change(user)) as valkey:
            if valkey is not None:
                async for key in valkey.scan_iter(match=f"{user}:*", count=AT_ONCE):
                    await valkey.unlink(key)

    async def existing(self) -> set[str]:
        """Environments with a user, on any Valkey. Keys without one are swept with the user, so users are enough."""
        everywhere = await together(self._list(shard).read() for shard in self.where.platform.shards)
        users = {str(one["username"]) for rules, _ in everywhere for one in rules}
        return {found[1] for user in users if (found := OWN.fullmatch(user))}

    async def sizes(self) -> Mapping[str, int]:
        """Bytes of each environment's keys as of the last time all were seen; a call looks at some thousand keys more of each Valkey.

        A Valkey nobody sweeps can't be looked at.
        """
        for shard in self.where.platform.shards:
            weighing = self._weighed.setdefault(_list_of(shard), Weighing())
            async with self._sweeper(shard) as valkey:
                if valkey is not None:
                    await weighing.go_on(valkey)
        return {id: size for one in self._weighed.values() for id, size in one.known.items()}

    @asynccontextmanager
    async def _sweeper(self, shard: Standing, *changes: Change) -> AsyncIterator["redis.Redis | None"]:
        """A connection that sweeps, once these changes of the list are made; None where nobody has a password for it."""
        password = await self._sweep_password(shard)
        if not password:
            log.warning("nobody sweeps this cache", cache=shard.cache.name, project=shard.project)
            await self._list(shard).say(*changes)
            yield None
            return
        sweeper = Change(caches.SWEEPER, caches.sweeping_rule(password))
        await self._list(shard).say(sweeper, *changes)
        async with _connected(shard, password) as valkey:
            yield valkey

    async def _sweep_password(self, shard: Standing) -> str:
        """'' where Secret Manager has none: then keys of who is gone stay until there is no room for them."""
        id = f"aipress-cache-sweeper-{shard.cache.name}"
        try:
            path = f"/v1/projects/{shard.project}/secrets/{id}/versions/latest:access"
            return opened(await self.google.read("secretmanager", path), id)
        except Gone:
            return ""

    def _shard(self, placed: Placed) -> Standing:
        return self.where.platform.standing(placed.placement)

    def _list(self, shard: Standing) -> "RuleList":
        name = _list_of(shard)
        return self._lists.setdefault(name, RuleList(self.google, name))


class RuleList:
    """The one list of a Valkey's users. What is asked while a change is under way goes together in the next."""

    def __init__(self, google: Google, name: str) -> None:
        self.google, self.name = google, name
        self._waiting: list[Change] = []
        self._turn = asyncio.Lock()

    async def say(self, *changes: Change) -> None:
        """True on Google when this returns."""
        if not changes:
            return
        self._waiting += changes
        try:
            async with self._turn:
                if changes[-1] in self._waiting:
                    batch = list(self._waiting)
                    await on_newest(lambda: self._written(batch))
                    self._waiting = [one for one in self._waiting if one not in batch]
        finally:
            self._waiting = [one for one in self._waiting if one not in changes]

    async def read(self) -> tuple[list[Json], str]:
        """The rules, and the etag of the list; none where there is no list."""
        try:
            found = await self.google.read(caches.API, f"/v1/{self.name}")
        except Gone:
            return [], ""
        rules = found.get("rules")
        listed = [one for one in rules if isinstance(one, dict)] if isinstance(rules, list) else []
        return listed, str(found.get("etag", ""))

    async def _written(self, changes: Sequence[Change]) -> None:
        rules, etag = await self.read()
        wanted = rules
        for one in changes:
            wanted = one.made(wanted)
        if wanted == rules:
            return
        try:
            await self.google.make(caches.policy(self.name, wanted, etag))
        except Gone:
            raise CloudRefused(
                f"There is no list of users {self.name}. Terraform makes it and attaches it to its Valkey; apply it, and ask again."
            ) from None


def _list_of(shard: Standing) -> str:
    return caches.list_of(shard.project, shard.region, shard.cache.name)


@asynccontextmanager
async def _connected(shard: Standing, password: str) -> AsyncIterator["redis.Redis"]:
    host, _, port = shard.cache.address.rpartition(":")
    valkey = redis.Redis(
        host=host,
        port=int(port),
        username=caches.SWEEPER,
        password=password,
        decode_responses=True,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 1),
    )
    try:
        yield valkey
    except (ValkeyUnreachable, ValkeySlow) as error:
        raise CloudBusy(f"Valkey {shard.cache.name} is not answering just now.") from error
    except RedisError as error:
        raise CloudRefused(f"Valkey {shard.cache.name} refused: {type(error).__name__}") from error
    finally:
        await valkey.aclose()
