"""Who runs now: a few at once, each site once, and whoever takes long moves aside, so that others don't wait for it."""

import asyncio
from collections.abc import Awaitable, Callable

QUICK, SLOW = 2, 6  # at once
QUICK_SECONDS = 5.0


class Lanes:
    """Runs that are under way, by environment."""

    def __init__(self, quick: int = QUICK, slow: int = SLOW, quick_seconds: float = QUICK_SECONDS) -> None:
        self.quick, self.slow = asyncio.Semaphore(quick), asyncio.Semaphore(slow)
        self.quick_seconds = quick_seconds
        self.under_way: dict[str, asyncio.Task[None]] = {}
        self._slow_ones: set[str] = set()

    def begin(self, environment_id: str, run: Callable[[], Awaitable[None]]) -> bool:
        """Let it run when its turn comes; False, and nothing is begun, where it waits or runs already."""
        if environment_id in self.under_way:
            return False
        task = asyncio.create_task(self._in_turn(environment_id, run))
        self.under_way[environment_id] = task
        task.add_done_callback(lambda _: self.under_way.pop(environment_id, None))
        return True

    async def stop(self) -> None:
        """Begin nothing more, and wait for nothing: what PHP does, it goes on doing."""
        tasks = list(self.under_way.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _in_turn(self, environment_id: str, run: Callable[[], Awaitable[None]]) -> None:
        lane = self.slow if environment_id in self._slow_ones else self.quick
        await lane.acquire()
        running = asyncio.ensure_future(run())
        try:
            done, _ = await asyncio.wait([running], timeout=self.quick_seconds)
            (self._slow_ones.discard if done else self._slow_ones.add)(environment_id)
            if not done and lane is self.quick and not self.slow.locked():
                await self.slow.acquire()
                self.quick.release()
                lane = self.slow
            await running
        finally:
            running.cancel()
            lane.release()
