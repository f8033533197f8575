"""Notes: lines that the platform itself adds to a site's logs, in their one shape (`logs.py`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from aipress.clouds.logs import Level, Source, Value


@dataclass(frozen=True)
class Note:
    """One line about one environment. The fields are those `logs.py` names for its source."""

    environment: str
    source: Source
    level: Level
    message: str
    request_id: str = ""
    fields: Mapping[str, Value] = field(default_factory=dict)


class Notes(Protocol):
    async def add(self, note: Note) -> None:
        """It is in the site's logs soon, and not lost when this returns."""
