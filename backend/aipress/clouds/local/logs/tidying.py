"""Packs full segments as Parquet and clears away what is older than is kept."""

import os
import time
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from aipress.clouds.local.logs import asking
from aipress.clouds.local.logs.logbook import Text
from aipress.clouds.local.logs.place import REFUSED, open_name, sealed_name, segments_in
from aipress.clouds.local.logs.writing import Writer
from aipress.errors import CloudError
from aipress.kit import logs

log = logs.get()
OLDEST_TEXT = timedelta(days=1)  # then it is packed, however short


def pack_full(writer: Writer) -> None:
    """Pack what is full. One that can't be packed is tried again next time, and asked as it is until then."""
    waiting, writer.full_texts = writer.full_texts, []
    for text in waiting:
        try:
            _pack(writer, text)
        except (CloudError, OSError, ValueError) as error:
            log.error("a segment could not be packed", serial=text.serial, why=str(error))
            if _room(writer, text).is_dir():
                writer.full_texts.append(text)
            else:
                writer.logbook.forget_text(text.serial)


def clear_old(writer: Writer, keep: timedelta) -> None:
    """Remove what happened before, and pack texts of yesterday."""
    now = int(time.time() * 1_000_000)
    too_old = now - keep // timedelta(microseconds=1)
    for owner, text in list(writer.texts.items()):
        if text.begun < now - OLDEST_TEXT // timedelta(microseconds=1):
            writer.full_texts.append(writer.texts.pop(owner))
    with writer.lines.alone():
        for room in writer.lines.environments():
            for segment in segments_in(room):
                if not segment.is_open and segment.last < too_old:
                    writer.sizes[room.parent.name] -= segment.path.stat().st_size
                    segment.path.unlink()


def forget_empty(writer: Writer) -> None:
    """Remove the folders of tenants nothing is kept of any more."""
    with writer.lines.alone():
        for folder in writer.lines.tenants():
            if not writer.lines.segments(folder.name):
                for left in (REFUSED, f".{REFUSED}"):
                    (folder / left).unlink(missing_ok=True)
                with suppress(OSError):  # an environment's folder is still in it
                    folder.rmdir()


def count_sizes(writer: Writer) -> None:
    """Count what tenants' lines take anew: environments are removed by others."""
    found = dict.fromkeys(writer.sizes, 0)
    for room in writer.lines.environments():
        tenant = room.parent.name
        found[tenant] = found.get(tenant, 0) + sum(one.path.stat().st_size for one in segments_in(room))
    writer.sizes.clear()
    writer.sizes.update(found)


def _pack(writer: Writer, text: Text) -> None:
    room = _room(writer, text)
    source, draft = room / open_name(text.serial), room / f".packing-{text.serial:010}"
    with writer.lines.alone():
        asking.pack(source, draft)
        _sync_file(draft)
        draft.rename(room / sealed_name(text.serial, text.first, text.last))
        _sync_file(room)
        writer.logbook.forget_text(text.serial)
        source.unlink()
    packed = (room / sealed_name(text.serial, text.first, text.last)).stat().st_size
    writer.sizes[text.tenant] += packed - text.length


def _room(writer: Writer, text: Text) -> Path:
    return writer.lines.folder / text.tenant / text.environment


def _sync_file(path: Path) -> None:
    file = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)
