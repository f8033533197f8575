"""Cron as every cloud has it: what WordPress wanted done at a certain time, and the one way to let it be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

LONGEST_RUN = 120  # seconds; then PHP is ended, and what it had not begun is still due


@dataclass(frozen=True)
class Due:
    """Something a WordPress wanted done by now: the action it would call, and since when."""

    hook: str
    since: datetime


@dataclass(frozen=True)
class Run:
    """How letting it be done ended. `busy`: an earlier run goes on, and nothing was done. `why` says what went wrong."""

    outcome: Literal["done", "failed", "busy"]
    duration_ms: float
    why: str = ""


class Cron(Protocol):
    async def due(self, environment_ids: Sequence[str], now: datetime) -> Mapping[str, Sequence[Due]]:
        """What is due in these, oldest first; those with nothing due are left out. No PHP starts for the question."""

    async def run(self, environment_id: str, host: str, request_id: str) -> Run:
        """Let the WordPress at `host` do what is due, in its own PHP; what it logs carries this request id (32 hex digits)."""

    def lag(self) -> Mapping[str, float]:
        """Seconds by which the oldest thing due was late when `due` was last asked, by environment; 0 where nothing was."""
