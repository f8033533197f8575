"""How much of a Redis or Valkey each environment's keys take: all keys are weighed, some at a time, so that nobody waits for it."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from redis import asyncio as redis

AT_ONCE, MOST_KEYS = 500, 20_000  # keys a question, and keys a call


class Weighing:
    """A walk over all keys that goes on where it stopped. `known` is what the last whole walk found."""

    def __init__(self) -> None:
        self.known: Mapping[str, int] = {}
        self._cursor, self._found = 0, Counter[str]()

    async def go_on(self, server: "redis.Redis") -> None:
        """Weigh some more keys. A key that came or went since it was passed is right in the next walk."""
        for _ in range(MOST_KEYS // AT_ONCE):
            found: tuple[int, list[Any]] = await server.scan(self._cursor, match="w*:*", count=AT_ONCE)
            self._cursor, keys = found
            self._found.update(await _weighed(server, keys))
            if self._cursor == 0:
                self.known, self._found = dict(self._found), Counter()
                return


async def _weighed(server: "redis.Redis", keys: list[str]) -> Counter[str]:
    together: Any = server.pipeline(transaction=False)
    for key in keys:
        together.memory_usage(key, samples=5)
    found: Counter[str] = Counter()
    for key, size in zip(keys, await together.execute(), strict=True):
        found[key.partition(":")[0][1:]] += size or 0
    return found
