"""The simulator's own time: it stands still until somebody moves it, so that nothing depends on how quick a machine is.

With `serve --clock real` it is the machine's, and can still be moved on.
"""

import datetime
import time


class Clock:
    """Begins at a fixed moment; `pass_time` moves it. `ticks` counts every look, so that no two times are equal."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self._now = start
        self._looks = 0

    def now(self) -> float:
        """Seconds since 1970."""
        return self._now

    @property
    def looks(self) -> int:
        """How often it was looked at."""
        return self._looks

    def bring_back(self, now: float, looks: int) -> None:
        """Go on where an earlier clock was."""
        self._now, self._looks = now, looks

    def pass_time(self, seconds: float) -> None:
        """Let time go by: long-running operations end, deleted things are forgotten."""
        self._now += seconds

    def stamp(self, later: float = 0.0) -> str:
        """Now (or later) as Google writes it, to the microsecond."""
        self._looks += 1
        moment = datetime.datetime.fromtimestamp(self._now + later, datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self._looks % 1_000_000:06d}Z"


class RealClock(Clock):
    """The machine's time, and what was passed of it beside."""

    def __init__(self) -> None:
        super().__init__(0.0)

    def now(self) -> float:
        """Seconds since 1970."""
        return time.time() + self._now

    def bring_back(self, now: float, looks: int) -> None:
        """Time went on by itself; it never goes back behind what was seen."""
        self._now, self._looks = max(0.0, now - time.time()), looks

    def stamp(self, later: float = 0.0) -> str:
        """Now as Google writes it, to the microsecond."""
        self._looks += 1
        moment = datetime.datetime.fromtimestamp(self.now() + later, datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
