"""A file of one JSON object a line that many may append to: each line is one write, so none is torn."""

import json
import os
import stat
from collections.abc import Mapping
from pathlib import Path

from aipress.kit import clock

LONGEST = 1 << 16  # bytes of one line
MODE = 0o660  # whoever reads it gives back the room of what was read


class Journal:
    """Opened at the first line; a file that is gone is made again."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def write(self, line: Mapping[str, object]) -> None:
        """Append it, with the time unless it has one. What is longer than 64 KiB keeps only what says whose it is."""
        whole = {"time": clock.now().isoformat(), **line}
        written = json.dumps(whole, default=str).encode() + b"\n"
        if len(written) > LONGEST:
            short = {name: value for name, value in whole.items() if len(str(value)) < 200}
            written = json.dumps(short, default=str).encode() + b"\n"
        how = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        file = os.open(self.path, how, MODE)
        try:
            found = os.fstat(file)
            if found.st_uid == os.geteuid() and stat.S_IMODE(found.st_mode) != MODE:
                os.fchmod(file, MODE)
            os.write(file, written)
        finally:
            os.close(file)
