"""Mail that stays on this machine: each message is caught in a directory only its owner can read."""

import asyncio
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from aipress.kit import clock, ids

KEPT = 500  # messages; older ones are thrown away


@dataclass(frozen=True)
class Mail:
    to: str
    subject: str
    text: str


@dataclass(frozen=True)
class CaughtMail:
    id: str
    to: str
    subject: str
    text: str
    sent_at: datetime


class Outbox:
    """A directory of caught mail: per message an `.eml` for mail programs and a `.json` for us, mode 0600."""

    def __init__(self, directory: Path, sender: str, kept: int = KEPT) -> None:
        self.directory, self.sender, self.kept = directory, sender, kept

    async def send(self, mail: Mail, mail_id: str | None = None) -> CaughtMail:
        """Catch a message. It is whole on disk when this returns. The same id again is the same message. Raises OSError when it
        can't be."""
        return await asyncio.to_thread(self._send, mail, mail_id or ids.new("mail"))

    async def caught(self, limit: int, cursor: str | None = None) -> tuple[list[CaughtMail], str | None]:
        """The newest messages, those before `cursor` if given, and the cursor of the next page."""
        return await asyncio.to_thread(self._caught, limit, cursor)

    def _send(self, mail: Mail, mail_id: str) -> CaughtMail:
        caught = CaughtMail(mail_id, mail.to, mail.subject, mail.text, clock.now())
        self.directory.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._write(f"{caught.id}.eml", self._as_message(caught).as_bytes())
        self._write(f"{caught.id}.json", json.dumps(asdict(caught), default=datetime.isoformat).encode())
        self._forget_the_oldest()
        return caught

    def _as_message(self, caught: CaughtMail) -> EmailMessage:
        message = EmailMessage(SMTP)
        message["From"], message["To"], message["Subject"] = self.sender, caught.to, caught.subject
        message["Date"] = format_datetime(caught.sent_at)
        message["Message-ID"] = f"<{caught.id}@{self.sender.rpartition('@')[2]}>"
        message.set_content(caught.text)
        return message

    def _write(self, name: str, content: bytes) -> None:
        draft = self.directory / f".{name}"
        with open(draft, "wb", opener=_private) as file:
            file.write(content)
        draft.rename(self.directory / name)

    def _caught(self, limit: int, cursor: str | None) -> tuple[list[CaughtMail], str | None]:
        before = sorted((path for path in self.directory.glob("mail_*.json")), reverse=True)
        wanted = [path for path in before if cursor is None or path.stem < cursor][: limit + 1]
        page = [mail for mail in map(_read, wanted[:limit]) if mail]
        return page, wanted[limit - 1].stem if len(wanted) > limit else None

    def _forget_the_oldest(self) -> None:
        for path in sorted(self.directory.glob("mail_*.json"), reverse=True)[self.kept :]:
            path.with_suffix(".eml").unlink(missing_ok=True)
            path.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _read(path: Path) -> CaughtMail | None:
    """The message, unless it was thrown away meanwhile."""
    try:
        caught = json.loads(path.read_bytes())
    except FileNotFoundError:
        return None
    return CaughtMail(**{**caught, "sent_at": datetime.fromisoformat(caught["sent_at"])})
