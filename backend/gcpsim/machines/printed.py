"""What a container printed, as its runtime keeps it: `TIME stream F text`, a long line in parts (P)."""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path

LONGEST = 256 * 1024
"""Characters of an entry; Cloud Logging takes no longer one."""


@dataclass(frozen=True)
class Printed:
    """One line."""

    time: str
    stream: str
    text: str


@dataclass
class Reader:
    """Reads a container's log as it grows."""

    log: Path
    _at: int = 0
    _parts: dict[str, str] = field(default_factory=dict)
    _turn: threading.Lock = field(default_factory=threading.Lock)

    def read(self) -> list[Printed]:
        """The lines that became whole since this was last asked."""
        with self._turn:
            return self._read()

    def _read(self) -> list[Printed]:
        try:
            with self.log.open("rb") as file:
                if file.seek(0, os.SEEK_END) < self._at:  # it began anew
                    self._at = 0
                file.seek(self._at)
                whole, newline, _ = file.read().rpartition(b"\n")
        except FileNotFoundError:
            return []
        self._at += len(whole) + len(newline)
        told = whole.decode("utf-8", "replace").split("\n") if newline else []
        return [line for one in told if (line := self._line(one))]

    def _line(self, told: str) -> Printed | None:
        time, stream, flag, text = (told.split(" ", 3) + ["", "", ""])[:4]
        text = (self._parts.pop(stream, "") + text)[:LONGEST]
        if flag == "F":
            return Printed(time, stream, text)
        self._parts[stream] = text
        return None
