"""Object caches: one Redis, and for each environment a user who can reach its own keys and nothing else."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from redis import asyncio as redis
from redis.exceptions import ConnectionError as RedisUnreachable
from redis.exceptions import RedisError
from redis.exceptions import TimeoutError as RedisSlow

from aipress.clouds.base import Cache, EnvironmentSpec, Secrets
from aipress.clouds.cache_sizes import Weighing
from aipress.clouds.local.vault import SealedVault
from aipress.errors import CloudBusy, CloudRefused

ADMIN = "aipress"
# An allowlist: what WordPress needs, and none of the commands that name other people's keys or the server's own.
RIGHTS = (
    "-@all +@read +@write +@connection +@transaction -@dangerous -@admin -@blocking -@pubsub -scan -randomkey -dbsize -swapdb "
    "-select -move -copy -eval -evalsha -function -script -client +client|setname +client|id"
).split()
# Read back from the server: without these the user could see or empty what is not its own.
FORBIDDEN = frozenset({"-flushall", "-flushdb", "-keys", "-scan", "-randomkey", "-swapdb", "-select"})


class RedisCaches:
    """One ACL user and key prefix per environment, named `w<id>`."""

    def __init__(self, socket: Path, vault: SealedVault) -> None:
        self.socket, self.vault = socket, vault
        self._weighing = Weighing()

    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Cache:
        """The environment's user, read back to be sure: a refused rule would leave it with other rights than meant."""
        user = f"w{environment.id}"
        password = self.vault.reveal(secrets.scope, "REDIS_PASSWORD")
        async with self._admin() as server:
            rules = ["reset", "on", f">{password}", f"~{user}:*", f"&{user}:*", *RIGHTS]
            await _say(server, "ACL SETUSER", user, *rules)
            await self._read_back(server, user)
            await _say(server, "ACL SAVE")
        return Cache(user=user, prefix=f"{user}:")

    async def remove(self, environment_id: str) -> None:
        """The user, its connections, and its keys."""
        user = f"w{environment_id}"
        async with self._admin() as server:
            if await _say(server, "ACL DELUSER", user):
                await _say(server, "ACL SAVE")
            async for key in server.scan_iter(match=f"{user}:*", count=1000):
                await server.unlink(key)

    async def existing(self) -> set[str]:
        """Environments with a user. Keys without one are swept with the user, so users are enough."""
        async with self._admin() as server:
            users: list[str] = await _say(server, "ACL USERS")
        return {user[1:] for user in users if user.startswith("w") and len(user) == 13}

    async def sizes(self) -> Mapping[str, int]:
        """Bytes of each environment's keys as of the last time all were seen. A call looks at some thousand keys more."""
        async with self._admin() as server:
            await self._weighing.go_on(server)
        return self._weighing.known

    async def _read_back(self, server: "redis.Redis", user: str) -> None:
        held = await _say(server, "ACL GETUSER", user)
        meant = (
            held["keys"] == [f"~{user}:*"] and held["channels"] == [f"&{user}:*"] and "on" in held["flags"]
        )
        if not meant or "-@all" not in held["categories"] or not set(held["commands"]) >= FORBIDDEN:
            raise CloudRefused(f"Redis gave {user} other rights than were meant; nothing uses them.")

    @asynccontextmanager
    async def _admin(self) -> AsyncIterator["redis.Redis"]:
        password = self.vault.reveal("platform", "redis-admin")
        server = redis.Redis(
            unix_socket_path=str(self.socket),
            username=ADMIN,
            password=password,
            decode_responses=True,
            socket_timeout=5,
        )
        try:
            yield server
        except (RedisUnreachable, RedisSlow) as error:
            raise CloudBusy("Redis is not answering just now.") from error
        except RedisError as error:
            raise CloudRefused(f"Redis refused: {type(error).__name__}") from error
        finally:
            await server.aclose()


async def _say(server: "redis.Redis", *words: str) -> Any:
    return await server.execute_command(*words)  # type: ignore[no-untyped-call]
