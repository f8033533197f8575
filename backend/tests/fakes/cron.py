"""Cron and notes in lists: what is due is what a test said, and a run does all of it, unless it is told how to end."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime

from aipress.clouds.cron import Due, Run
from aipress.clouds.notes import Note


class FakeCron:
    """`agenda["0123456789ab"]` is what that site wants done, and when; `hangs` are those whose runs end when their event is set."""

    def __init__(self) -> None:
        self.agenda: dict[str, list[Due]] = {}
        self.endings: dict[str, list[Run | Exception]] = {}
        self.hangs: dict[str, asyncio.Event] = {}
        self.asked: list[str] = []
        self.ran: list[str] = []
        self.at_once: list[int] = []
        self._running: set[str] = set()
        self._late: dict[str, float] = {}

    async def due(self, environment_ids: Sequence[str], now: datetime) -> Mapping[str, Sequence[Due]]:
        self.asked += environment_ids
        found = {id: [one for one in self.agenda.get(id, []) if one.since <= now] for id in environment_ids}
        self._late |= {id: (now - due[0].since).total_seconds() if due else 0.0 for id, due in found.items()}
        return {id: due for id, due in found.items() if due}

    async def run(self, environment_id: str, host: str, request_id: str) -> Run:
        if environment_id in self._running:
            return Run("busy", 0.0)
        self.ran.append(environment_id)
        self._running.add(environment_id)
        self.at_once.append(len(self._running))
        try:
            await self.hangs[environment_id].wait() if environment_id in self.hangs else await asyncio.sleep(
                0
            )
        finally:
            self._running.discard(environment_id)
        ending = self.endings[environment_id].pop(0) if self.endings.get(environment_id) else Run("done", 1.0)
        if isinstance(ending, Exception):
            raise ending
        if ending.outcome == "done":
            self.agenda.pop(environment_id, None)
        return ending

    def lag(self) -> Mapping[str, float]:
        return dict(self._late)


class FakeNotes:
    def __init__(self) -> None:
        self.added: list[Note] = []

    async def add(self, note: Note) -> None:
        self.added.append(note)
