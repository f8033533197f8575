"""Each real server has a folder and a loopback address of its own, both by a number: 127.77.0.2 is number 2."""

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

FIRST, LAST = 2, 254
NOTE = "resource.json"


class Numbers:
    """Who has which number is noted in the numbers' folders, and stays so as long as the resource lives."""

    def __init__(self, root: Path, net: int) -> None:
        self._root, self._net = root, net
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o711)

    def give(self, key: str) -> int:
        """The number of a resource: its own, or the lowest nobody has."""
        had = {key: number for number, key in self}
        if key in had:
            return had[key]
        free = [number for number in range(FIRST, LAST + 1) if not self.folder(number).exists()]
        if not free:
            raise ValueError("there is no loopback address left for one more server")
        self.folder(free[0]).mkdir()
        self.folder(free[0]).chmod(0o711)
        (self.folder(free[0]) / NOTE).write_text(json.dumps({"key": key}))
        return free[0]

    def take_back(self, key: str) -> None:
        """Nobody's number any more, and nothing left in its folder."""
        for number, owner in list(self):
            if owner == key:
                shutil.rmtree(self.folder(number))

    def folder(self, number: int) -> Path:
        """All that a server keeps."""
        return self._root / str(number)

    def address(self, number: int) -> str:
        """Where it answers."""
        return f"127.{self._net}.0.{number}"

    def __iter__(self) -> Iterator[tuple[int, str]]:
        """All numbers that are somebody's, with their resources' keys."""
        for place in sorted(self._root.iterdir()):
            note = place / NOTE
            if place.name.isdigit() and note.exists():
                yield int(place.name), str(json.loads(note.read_text())["key"])
