"""Notes of this machine: a journal for each source, from which the shipper takes lines to their sites (docs/logs.md)."""

import asyncio
from pathlib import Path

from aipress.clouds.notes import Note
from aipress.kit.journal import Journal

LONGEST = 8000  # characters of a message


class JournalNotes:
    """Files in the directory where only the platform's services write."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory

    async def add(self, note: Note) -> None:
        line = {
            **note.fields,
            "environment": note.environment,
            "source": note.source,
            "level": note.level,
            "message": " ".join(note.message[:LONGEST].split()),
            "request_id": note.request_id,
        }
        await asyncio.to_thread(Journal(self.directory / f"{note.source}.log").write, line)
