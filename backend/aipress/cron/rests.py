"""Whose runs fail again and again is left alone for ever longer, so that it does not keep the machine busy."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from aipress.clouds.cron import Run

FIRST, LONGEST = timedelta(seconds=30), timedelta(hours=1)
AFTER_A_LONG_RUN, LONG_MS = timedelta(minutes=5), 60_000


@dataclass(frozen=True)
class Rest:
    """Not before `until`; the next one would be twice as long."""

    until: datetime
    length: timedelta


class Rests:
    """The rests of those whose last run failed."""

    def __init__(self) -> None:
        self._rests: dict[str, Rest] = {}

    def is_over(self, environment_id: str, now: datetime) -> bool:
        """Whether it may run, as far as its failures go."""
        rest = self._rests.get(environment_id)
        return rest is None or now >= rest.until

    def remember(self, environment_id: str, run: Run, now: datetime) -> None:
        """Rest after a failure, and longest after one that took its time; forget all once it went well."""
        if run.outcome == "done":
            self.forget(environment_id)
        elif run.outcome == "failed":
            last = self._rests.get(environment_id)
            length = min(last.length * 2, LONGEST) if last else FIRST
            if run.duration_ms >= LONG_MS:
                length = max(length, AFTER_A_LONG_RUN)
            self._rests[environment_id] = Rest(now + length, length)

    def forget(self, environment_id: str) -> None:
        self._rests.pop(environment_id, None)
