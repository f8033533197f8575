"""What somebody who follows lines was told already, so that asking again for a little more than is new tells nothing twice.

Entries are asked for by when Google received them, since that only grows, while a line's own time may be long ago.
"""

from datetime import datetime, timedelta

from aipress.clouds.gcp.entries import Part
from aipress.clouds.gcp.logs import stamp
from aipress.clouds.logs import LogLine

LATE = timedelta(seconds=30)  # how long after it was received an entry may stay unseen
BEFORE = timedelta(minutes=1)  # how far before the line somebody goes on from is looked for what they know


class Seen:
    """`first` is when the first look began: whatever is older and was there by the end of that look is known."""

    def __init__(self, first: datetime) -> None:
        self._first = first
        self._there: datetime | None = None
        self._newest: datetime | None = None
        self._received: dict[str, datetime] = {}

    @property
    def since(self) -> str:
        """From when on to ask for what was received (RFC 3339); '' while nothing was seen."""
        return stamp(self._newest - LATE) if self._newest else ""

    def fresh(self, part: Part) -> list[LogLine]:
        """Its lines that were not seen yet, oldest first."""
        fresh = [
            line for line in part.lines if line.id not in self._received and not self._is_known(line, part)
        ]
        for id, received in part.received.items():
            self._received[id] = received
            self._newest = max(received, self._newest or received)
        return sorted(fresh, key=lambda line: line.id)

    def end_look(self) -> None:
        """Forget what will not be told again anyway."""
        self._there = self._there or self._newest
        if self._newest:
            oldest = self._newest - LATE
            self._received = {id: time for id, time in self._received.items() if time >= oldest}

    def _is_known(self, line: LogLine, part: Part) -> bool:
        return bool(self._there and line.time < self._first and part.received[line.id] <= self._there)
