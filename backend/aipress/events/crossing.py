"""From one control plane to the others: PostgreSQL carries what changed in the transaction that changed it."""

import asyncio
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict

import psycopg
from sqlalchemy import func, select

from aipress.events import changes
from aipress.events.hub import Change, Hub
from aipress.kit import ids, logs
from aipress.kit.db import Database, Listener, Row, Session

log = logs.get()
CHANNEL = "aipress_events"
LONGEST = 7000  # bytes; a notification holds 8,000
AGAIN_SECONDS = 2.0
QUIET_SECONDS = 30.0  # after which the connection is tried


def begin(hub: Hub, rows: Database) -> str:
    """Let `hub` tell what is committed to `rows` from now on; the name this process has among others."""
    origin = ids.short()
    hub.open()
    rows.on_commit = _listener_of(hub, rows, origin)
    return origin


def _listener_of(hub: Hub, rows: Database, origin: str) -> Listener:
    """What `rows` says of a transaction to `hub`, and through PostgreSQL to the hubs of other processes."""
    crosses = is_shared(rows)

    async def hear(session: Session, written: Sequence[Row]) -> Callable[[], None] | None:
        told = await changes.with_members(session, changes.of(written))
        if not told:
            return None
        for packet in packets(origin, told) if crosses else ():
            await session.execute(select(func.pg_notify(CHANNEL, packet)))
        return lambda: hub.tell(told)

    return hear


async def keep_crossing(hub: Hub, rows: Database, origin: str) -> None:
    """Hear what other processes say, until cancelled. Whatever is missed while nobody hears makes everybody start anew."""
    while is_shared(rows):
        try:
            await _hear_others(hub, rows, origin)
        except (psycopg.Error, OSError) as error:
            log.warning("what other control planes say is not heard for now", why=type(error).__name__)
        await asyncio.sleep(AGAIN_SECONDS)


def is_shared(rows: Database) -> bool:
    """Whether other processes may write to these rows."""
    return rows.engine.dialect.name == "postgresql"


def packets(origin: str, told: Sequence[Change]) -> Iterator[str]:
    """The changes in as many notifications as they need; one that fits in none says only that something changed."""
    packed: list[str] = []
    for change in told:
        said = json.dumps({**asdict(change), "concerns": sorted(change.concerns)})
        if packed and len(said) + sum(map(len, packed)) > LONGEST:
            yield _packet(origin, packed)
            packed = []
        packed.append(said if len(said) <= LONGEST else "null")
    yield _packet(origin, packed)


def unpacked(packet: str) -> tuple[str, list[Change | None]]:
    """Whose notification it is, and its changes; None for one that did not fit."""
    said = json.loads(packet)
    return said["origin"], [
        Change(**{**one, "concerns": frozenset(one["concerns"])}) if one else None for one in said["changes"]
    ]


def _packet(origin: str, packed: list[str]) -> str:
    return f'{{"origin": {json.dumps(origin)}, "changes": [{", ".join(packed)}]}}'


async def _hear_others(hub: Hub, rows: Database, origin: str) -> None:
    address = rows.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        hub.start_anew()  # whatever was said before is not known here
        while True:
            async for said in connection.notifies(timeout=QUIET_SECONDS):
                _pass_on(hub, origin, said.payload)
            await connection.execute("SELECT 1")


def _pass_on(hub: Hub, origin: str, packet: str) -> None:
    teller, told = unpacked(packet)
    if teller == origin:
        return
    if None in told:
        hub.start_anew()
    else:
        hub.tell([change for change in told if change])
