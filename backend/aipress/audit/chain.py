"""What makes the audit log tell when somebody edits it: every entry is sealed with a key that is not in the database, over
itself and the seal before it, and the newest seal is written down outside the database, too.

An edited, moved, added or missing entry breaks the chain; a cut-off end falls short of the anchor.
"""

import hashlib
import hmac
import json
import os
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import event, select, text
from sqlalchemy.orm import Session as PlainSession

from aipress.audit.models import AuditEntry
from aipress.auth.keeping import keep_once
from aipress.kit import logs
from aipress.kit.db import Session

log = logs.get()
GENESIS = "0" * 64
LOCK = 0x41554449  # of PostgreSQL: whoever adds to the log waits for the one before
SEALED = "audit_sealed"
PAGE = 1000


@dataclass(frozen=True)
class Mark:
    """A place in the log: how many entries, and the seal of the last."""

    number: int
    seal: str


NOTHING = Mark(0, GENESIS)


@dataclass(frozen=True)
class Keeper:
    """The key, and the file in which the newest mark is kept."""

    key: bytes
    anchor: Path

    def seal(self, entry: AuditEntry, before: str) -> str:
        """HMAC-SHA256, in hex, over the seal before and everything the entry says."""
        said = [
            before, entry.number, entry.id, entry.at.isoformat(), entry.actor_kind, entry.actor_id, entry.actor_email,
            entry.action, entry.subject, entry.detail,
        ]  # fmt: skip
        whole = json.dumps(said, sort_keys=True, separators=(",", ":")).encode()
        return hmac.new(self.key, whole, hashlib.sha256).hexdigest()

    def write_down(self, mark: Mark) -> None:
        """Keep the mark, unless a later one is kept already."""
        if mark.number <= self.anchored().number:
            return
        draft = self.anchor.with_name(f".{self.anchor.name}")
        draft.write_text(json.dumps({"number": mark.number, "seal": mark.seal}) + "\n")
        os.replace(draft, self.anchor)

    def anchored(self) -> Mark:
        """The mark that is kept; the beginning, where none is."""
        try:
            told = json.loads(self.anchor.read_text())
            return Mark(int(told["number"]), str(told["seal"]))
        except FileNotFoundError:
            return NOTHING


_keeper: list[Keeper] = []


def use(directory: Path) -> None:
    """Seal with the key in this directory, made at the first start, and keep the anchor beside it."""
    directory.mkdir(parents=True, exist_ok=True)
    key = keep_once(directory / "audit.key", lambda: secrets.token_hex(32).encode())
    _keeper[:] = [Keeper(key, directory / "audit.anchor")]


def keeper() -> Keeper:
    """The keeper in use. A LookupError means that start-up forgot `use`."""
    if not _keeper:
        raise LookupError("no audit key chosen: call chain.use() at start")
    return _keeper[0]


@dataclass(frozen=True)
class Verdict:
    """Whether the log is as it was written: how many entries hold, and the first thing wrong."""

    intact: bool
    entries: int
    wrong: str = ""


async def verify(session: Session) -> Verdict:
    """Walk the whole chain, and hold its end against the anchor."""
    keeping, last = keeper(), NOTHING
    anchored = keeping.anchored()
    async for entry in _in_order(session):
        expected = keeping.seal(entry, last.seal)
        if entry.number != last.number + 1 or not hmac.compare_digest(expected, entry.seal):
            return Verdict(False, last.number, f"entry {last.number + 1} is not what was written")
        last = Mark(entry.number, entry.seal)
        if last.number == anchored.number and last.seal != anchored.seal:
            return Verdict(False, last.number, f"entry {last.number} is not the one that was anchored")
    if last.number < anchored.number:
        return Verdict(False, last.number, f"{anchored.number - last.number} entries are missing at the end")
    return Verdict(True, last.number)


async def _in_order(session: Session) -> AsyncIterator[AuditEntry]:
    after = 0
    while True:
        page = await session.scalars(
            select(AuditEntry).where(AuditEntry.number > after).order_by(AuditEntry.number).limit(PAGE)
        )
        rows = page.all()
        for row in rows:
            yield row
        if len(rows) < PAGE:
            return
        after = rows[-1].number


@event.listens_for(PlainSession, "before_flush")
def _chain(session: PlainSession, _context: object, _instances: object) -> None:
    """Number and seal what is about to be written, one transaction after the other."""
    fresh = [row for row in session.new if isinstance(row, AuditEntry) and row.seal is None]
    if not fresh:
        return
    with session.no_autoflush:
        mark = _end_of(session)
    for entry in sorted(fresh, key=lambda entry: entry.id):
        entry.number = mark.number + 1
        entry.detail = entry.detail or {}
        entry.seal = keeper().seal(entry, mark.seal)
        mark = Mark(entry.number, entry.seal)
    session.info[SEALED] = mark


def _end_of(session: PlainSession) -> Mark:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK})
    last = session.execute(
        select(AuditEntry.number, AuditEntry.seal).order_by(AuditEntry.number.desc()).limit(1)
    ).one_or_none()
    return Mark(last.number, last.seal) if last else NOTHING


@event.listens_for(PlainSession, "after_commit")
def _anchor(session: PlainSession) -> None:
    """Only once it is sure. That it could not be kept is no reason to fail what was done."""
    mark = session.info.pop(SEALED, None)
    if mark is not None:
        try:
            keeper().write_down(mark)
        except OSError as error:
            log.error("the audit log's anchor could not be written", reason=str(error))


@event.listens_for(PlainSession, "after_rollback")
def _forget(session: PlainSession) -> None:
    session.info.pop(SEALED, None)
