"""Mail in dicts: `spool` is what sites laid down, `boxes` what was kept."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from aipress.clouds.mail import Kept, Waiting


def caught(
    id: str = "1772625600000-a1B2c3D4e5F6", subject: str = "Hello", text: str = "Text."
) -> tuple[Kept, bytes]:
    """A message that is kept, with its content."""
    moment = datetime(2026, 3, 4, 12, tzinfo=UTC)
    sender, to = "wordpress@site.example.org", "ada@example.org"
    content = f"From: {sender}\r\nTo: {to}\r\nSubject: {subject}\r\n\r\n{text}\r\n".encode()
    return Kept(id, id[-12:], moment, "caught", sender, (to,), subject, len(content)), content


class FakeMail:
    def __init__(self) -> None:
        self.spool: dict[tuple[str, str], Waiting] = {}
        self.boxes: defaultdict[str, dict[str, tuple[Kept, bytes]]] = defaultdict(dict)

    def lay(self, environment: str, name: str, content: bytes | None) -> None:
        size = 99_999_999 if content is None else len(content)
        self.spool[environment, name] = Waiting(environment, name, size, content)

    async def waiting(self, done: Mapping[str, Sequence[str]]) -> Sequence[Waiting]:
        for environment, names in done.items():
            for name in names:
                self.spool.pop((environment, name), None)
        return list(self.spool.values())

    async def keep(self, environment_id: str, kept: Kept, content: bytes) -> None:
        self.boxes[environment_id][kept.id] = (kept, content)

    async def kept(self, environment_id: str, limit: int, before: str = "") -> list[Kept]:
        ids = sorted(self.boxes[environment_id], reverse=True)
        return [self.boxes[environment_id][id][0] for id in ids if not before or id < before][:limit]

    async def named(self, environment_id: str, name: str) -> Kept | None:
        found = [kept for kept, _ in self.boxes[environment_id].values() if kept.name == name]
        return found[0] if found else None

    async def read(self, environment_id: str, id: str) -> tuple[Kept, bytes] | None:
        return self.boxes[environment_id].get(id)

    async def remove(self, environment_id: str) -> None:
        self.boxes.pop(environment_id, None)

    async def existing(self) -> set[str]:
        return {id for id, box in self.boxes.items() if box}
