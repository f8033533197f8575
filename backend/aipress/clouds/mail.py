"""Mail as every cloud has it: what sites want sent waits until somebody saw to it, and what was sent or caught is kept a while."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

Outcome = Literal["caught", "sending", "sent", "refused"]


@dataclass(frozen=True)
class Waiting:
    """A message as a site handed it over. `name` is its own among that environment's; no content where it is too large."""

    environment: str
    name: str
    size: int
    content: bytes | None


@dataclass(frozen=True)
class Kept:
    """What became of a message. `id` sorts by time; `why` says why it was refused."""

    id: str
    name: str
    time: datetime
    outcome: Outcome
    sender: str
    recipients: tuple[str, ...]
    subject: str
    size: int
    why: str = ""


class Mail(Protocol):
    async def waiting(self, done: Mapping[str, Sequence[str]]) -> Sequence[Waiting]:
        """The next few messages of all sites, `done` ones (names by environment) thrown away first. Others are told again."""

    async def keep(self, environment_id: str, kept: Kept, content: bytes) -> None:
        """Keep it, in place of what was kept under this id. Durable when this returns; the oldest make room."""

    async def kept(self, environment_id: str, limit: int, before: str = "") -> list[Kept]:
        """Newest first, those before an id."""

    async def named(self, environment_id: str, name: str) -> Kept | None:
        """What became of the message that waited under this name."""

    async def read(self, environment_id: str, id: str) -> tuple[Kept, bytes] | None:
        """A message that is kept, with its content."""

    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...
