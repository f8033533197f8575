"""The simulator's own time: it stands still until somebody moves it, so that nothing depends on how quick a machine is."""

import datetime


class Clock:
    """Begins at a fixed moment; `pass_time` moves it. `ticks` counts every look, so that no two times are equal."""

    def __init__(self, start: float = 1_790_000_000.0) -> None:
        self._now = start
        self._looks = 0

    def now(self) -> float:
        """Seconds since 1970."""
        return self._now

    def pass_time(self, seconds: float) -> None:
        """Let time go by: long-running operations end, deleted things are forgotten."""
        self._now += seconds

    def stamp(self, later: float = 0.0) -> str:
        """Now (or later) as Google writes it, to the microsecond."""
        self._looks += 1
        moment = datetime.datetime.fromtimestamp(self._now + later, datetime.UTC)
        return moment.strftime("%Y-%m-%dT%H:%M:%S.") + f"{self._looks % 1_000_000:06d}Z"
