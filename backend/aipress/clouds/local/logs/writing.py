"""Writes lines into their tenants' segments, exactly once: bytes first, then the logbook, which alone says what counts.

Whoever is killed between the two leaves bytes that count for nothing: the next one cuts them off and reads their source again.
"""

import json
import os
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aipress.clouds.local.logs.logbook import Logbook, Mark, Text
from aipress.clouds.local.logs.place import REFUSED, Lines, open_name, segments_in
from aipress.clouds.logs import Level, Source, Value

FULL_TEXT = 2 << 20  # bytes: then a segment is packed
ROOM_AGAIN = 0.95  # of the quota
MOST_OPEN = 200  # files that wait to be on disk


@dataclass(frozen=True, slots=True)
class Entry:
    """A line on its way, and whose it is. `id` begins with its time, 14 hexadecimal digits of microseconds; then come the number
    of the file it was found in, and in the last ten digits where in it."""

    id: str
    tenant: str
    environment: str
    source: Source
    level: Level
    message: str
    request_id: str
    fields: Mapping[str, Value]

    @property
    def microseconds(self) -> int:
        return int(self.id[:14], 16)

    @property
    def found_in(self) -> int:
        return int(self.id[14:-10] or "0", 16)

    @property
    def found_at(self) -> int:
        return int(self.id[-10:], 16)

    def as_line(self) -> bytes:
        row = {
            "id": self.id,
            "time": self.microseconds,
            "environment": self.environment,
            "source": self.source,
            "level": self.level,
            "message": self.message,
            "request_id": self.request_id,
            "fields": self.fields,
        }
        return json.dumps(row, separators=(",", ":")).encode() + b"\n"


def _always(_environment: str) -> bool:
    return True


class Writer:
    """The one who writes in `lines`; a tenant's take at most `quota_bytes`. Whether an environment still is says `is_there`."""

    def __init__(
        self,
        lines: Lines,
        logbook: Logbook,
        quota_bytes: int,
        is_there: Callable[[str], bool] = _always,
    ) -> None:
        self.lines, self.logbook, self.quota_bytes, self.is_there = lines, logbook, quota_bytes, is_there
        self.refused = logbook.refusals()
        self.sizes: defaultdict[str, int] = defaultdict(int)
        self.texts: dict[tuple[str, str], Text] = {}
        self.full_texts: list[Text] = []
        self._fresh: list[int] = []

    def is_full(self, tenant: str) -> bool:
        """Whether nothing more of theirs is kept."""
        return self.refused.get(tenant, 0) > 0 and self.sizes[tenant] >= ROOM_AGAIN * self.quota_bytes

    def write(self, entries: Iterable[Entry], marks: Sequence[Mark], skipped: Mapping[str, int]) -> None:
        """Keep these and note how far their sources were read. `skipped` lines of a tenant were not even looked at."""
        refused_before = dict(self.refused)
        for tenant, count in skipped.items():
            self.refused[tenant] = self.refused.get(tenant, 0) + count
        with self.lines.alone():
            told: defaultdict[tuple[str, str], list[Entry]] = defaultdict(list)
            for entry in entries:
                told[entry.tenant, entry.environment].append(entry)
            parts = {owner: part for owner, part in told.items() if self._has_room(*owner)}
            changed = [text for owner, part in parts.items() if (text := self._append(owner, part))]
            _on_disk(self._fresh)
            news = {tenant: n for tenant, n in self.refused.items() if n != refused_before.get(tenant, 0)}
            self.logbook.write(marks, changed, news)
        for tenant, count in news.items():
            self._tell_refused(tenant, count)

    def _has_room(self, tenant: str, environment: str) -> bool:
        """What is removed gets no room again, however late its last lines come. Only with nobody removing meanwhile is that sure."""
        return (self.lines.folder / tenant / environment).is_dir() or self.is_there(environment)

    def _append(self, owner: tuple[str, str], entries: Sequence[Entry]) -> Text | None:
        kept = [(entry, line) for entry in entries if (line := self._admitted(entry))]
        if not kept:
            return None
        content = b"".join(line for _, line in kept)
        times = [entry.microseconds for entry, _ in kept]
        text = self._written(owner, content)
        text.length += len(content)
        text.first, text.last = min(text.first, *times), max(text.last, *times)
        if text.length >= FULL_TEXT:
            self.full_texts.append(self.texts.pop(owner))
        return text

    def _admitted(self, entry: Entry) -> bytes:
        """The line's bytes, or none when its tenant has no room; the first that is refused leaves its place to a word on it."""
        line, tenant = entry.as_line(), entry.tenant
        refused, size = self.refused.get(tenant, 0), self.sizes[tenant]
        if refused and size < ROOM_AGAIN * self.quota_bytes:
            self.refused[tenant] = refused = 0
        if refused or size + len(line) > self.quota_bytes:
            self.refused[tenant] = refused + 1
            line = b"" if refused else _full(entry, self.quota_bytes).as_line()
        self.sizes[tenant] += len(line)
        return line

    def _written(self, owner: tuple[str, str], content: bytes) -> Text:
        """The segment with `content` behind what counts, soon on disk. One that somebody removed is begun anew."""
        if len(self._fresh) >= MOST_OPEN:
            _on_disk(self._fresh)
        text = self.texts.get(owner)
        try:
            if text:
                self._fresh.append(_write_at(self._path(text), text.length, content, os.O_WRONLY))
                return text
        except FileNotFoundError:
            self.logbook.forget_text(self.texts.pop(owner).serial)
        now = int(time.time() * 1_000_000)
        fresh = Text(self.logbook.next_serial("segment"), *owner, 0, now, 0, now)
        room = self._path(fresh).parent
        if not room.is_dir():
            _make_room(room)
        self._fresh.append(_write_at(self._path(fresh), 0, content, os.O_WRONLY | os.O_CREAT | os.O_TRUNC))
        self._fresh.append(os.open(room, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC))
        self.texts[owner] = fresh
        return fresh

    def _path(self, text: Text) -> Path:
        return self.lines.folder / text.tenant / text.environment / open_name(text.serial)

    def _tell_refused(self, tenant: str, count: int) -> None:
        """For whoever asks how full it is; the logbook's word is the one that counts."""
        folder = self.lines.folder / tenant
        if folder.is_dir():
            draft = folder / f".{REFUSED}"
            draft.write_text(str(count))
            draft.rename(folder / REFUSED)


def recover(writer: Writer) -> None:
    """Put the segments in the state the logbook knows: what was written and not noted is cut off, and read again."""
    lines, logbook = writer.lines, writer.logbook
    with lines.alone():
        known = {text.serial: text for text in logbook.texts()}
        highest = 0
        for room in lines.environments():
            for segment in segments_in(room):
                highest = max(highest, segment.serial)
                text = known.get(segment.serial)
                if segment.is_open and text is None:
                    segment.path.unlink()
                elif not segment.is_open and text:
                    logbook.forget_text(known.pop(text.serial).serial)
                    (room / open_name(text.serial)).unlink(missing_ok=True)
        logbook.skip_serials("segment", highest)
        for text in known.values():
            _recover_text(writer, text)
    for room in lines.environments():
        writer.sizes[room.parent.name] += sum(one.path.stat().st_size for one in segments_in(room))


def _recover_text(writer: Writer, text: Text) -> None:
    path = writer.lines.folder / text.tenant / text.environment / open_name(text.serial)
    if not path.exists():
        writer.logbook.forget_text(text.serial)
        return
    if path.stat().st_size != text.length:
        content = path.read_bytes()[: text.length]
        content = content[: content.rfind(b"\n") + 1]
        # Another file in its place, and not this one shortened: somebody may be reading it.
        draft = path.with_name(f".{path.name}")
        _on_disk([_write_at(draft, 0, content, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)])
        draft.rename(path)
        _sync(path.parent)
        text = replace(text, length=len(content))
        writer.logbook.write((), (text,), {})
    owner = (text.tenant, text.environment)
    if owner in writer.texts:
        writer.full_texts.append(writer.texts.pop(owner))
    writer.texts[owner] = text


def _full(entry: Entry, quota_bytes: int) -> Entry:
    message = f"Logs have reached their quota of {quota_bytes / 1_000_000:,.0f} MB: new lines are not kept until there is room."
    return replace(
        entry,
        source="platform",
        level="warning",
        message=message,
        request_id="",
        fields={"action": "logs.full"},
    )


def _write_at(path: Path, position: int, content: bytes, how: int) -> int:
    """Write it, and give the open file to whoever sees to it that it is on disk."""
    file = os.open(path, how | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640)
    try:
        while content:
            written = os.pwrite(file, content, position)
            content, position = content[written:], position + written
    except OSError:
        os.close(file)
        raise
    return file


def _on_disk(files: list[int]) -> None:
    """Have all of them on disk, and close them. The first waits for the journal's commit, and so for all the others' too."""
    while files:
        file = files.pop()
        try:
            os.fdatasync(file)
        finally:
            os.close(file)


def _make_room(room: Path) -> None:
    """An environment's folder, durably. Its group may remove it: the control plane does."""
    for folder in (room.parent, room):
        if not folder.is_dir():
            folder.mkdir(0o770)
            _sync(folder.parent)


def _sync(folder: Path) -> None:
    file = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
