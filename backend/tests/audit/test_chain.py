"""Whoever edits the audit log behind our back is found out: any change of any entry, any gap, any cut-off end."""

import asyncio
import hashlib
import os
import random
from collections.abc import Callable

import pytest
from sqlalchemy import text

from aipress.audit import chain
from aipress.audit.models import record
from aipress.auth.principal import Principal, Role
from aipress.kit.db import Database, Session
from tests.figures import keep

ADA = Principal("user", "usr_ada", "ada@example.com", "Ada", Role.ADMIN)
ENTRIES = 40
FULL = bool(os.environ.get("AIPRESS_PROVE"))
TRIES = 10_000 if FULL else 300
Tampering = Callable[[random.Random], list[tuple[str, dict[str, object]]]]


async def write(rows: Database, number: int, action: str = "CREATE_SITE") -> None:
    async with rows.transaction() as session:
        record(session, ADA, action, f"ten_{number}", name=f"Site {number}")


@pytest.fixture
async def log(rows: Database) -> Database:
    for number in range(ENTRIES):
        await write(rows, number, random.Random(number).choice(["CREATE_SITE", "RENAME_SITE"]))  # noqa: S311
    return rows


async def verdict(rows: Database) -> chain.Verdict:
    async with rows.reading() as session:
        return await chain.verify(session)


async def test_what_was_written_is_intact_and_counts_from_one(log: Database) -> None:
    assert await verdict(log) == chain.Verdict(True, ENTRIES)
    assert chain.keeper().anchored().number == ENTRIES


async def test_many_at_once_make_one_chain(rows: Database) -> None:
    await asyncio.gather(*(write(rows, number) for number in range(30)))
    assert await verdict(rows) == chain.Verdict(True, 30)


async def test_what_was_undone_leaves_no_gap(log: Database) -> None:
    async with log.writing() as session:
        record(session, ADA, "DELETE_SITE", "ten_1")
        await session.flush()
        await session.rollback()
    await write(log, ENTRIES)
    assert await verdict(log) == chain.Verdict(True, ENTRIES + 1)


def edit(chance: random.Random) -> list[tuple[str, dict[str, object]]]:
    column = chance.choice(["action", "subject", "actor_id", "actor_email", "actor_kind", "seal", "id"])
    value = "".join(chance.choices("abcdef0123456789", k=12))
    return [(f"UPDATE audit SET {column} = :v WHERE number = :n", {"v": value, "n": _any(chance)})]  # noqa: S608


def change_detail(chance: random.Random) -> list[tuple[str, dict[str, object]]]:
    forged = f'{{"name": "Forged {chance.random()}"}}'
    return [("UPDATE audit SET detail = :v WHERE number = :n", {"v": forged, "n": _any(chance)})]


def delete(chance: random.Random) -> list[tuple[str, dict[str, object]]]:
    return [("DELETE FROM audit WHERE number = :n", {"n": _any(chance)})]


def delete_and_close_the_gap(chance: random.Random) -> list[tuple[str, dict[str, object]]]:
    gap = chance.randint(1, ENTRIES - 1)
    moves = [
        ("UPDATE audit SET number = :to WHERE number = :n", {"to": number - 1, "n": number})
        for number in range(gap + 1, ENTRIES + 1)
    ]
    return [("DELETE FROM audit WHERE number = :n", {"n": gap}), *moves]


def reorder(chance: random.Random) -> list[tuple[str, dict[str, object]]]:
    one, other = chance.sample(range(1, ENTRIES + 1), 2)
    swap = [(one, -1), (other, one), (-1, other)]
    return [("UPDATE audit SET number = :to WHERE number = :n", {"to": to, "n": n}) for n, to in swap]


def truncate(chance: random.Random) -> list[tuple[str, dict[str, object]]]:
    return [("DELETE FROM audit WHERE number > :n", {"n": chance.randint(0, ENTRIES - 1)})]


def double(chance: random.Random) -> list[tuple[str, dict[str, object]]]:
    copied = "actor_kind, actor_id, actor_email, action, subject, detail"
    insert = f"INSERT INTO audit (id, number, seal, at, {copied}) SELECT 'aud_forged', :to, seal, at, {copied} FROM audit"  # noqa: S608
    return [(f"{insert} WHERE number = :n", {"to": ENTRIES + 1, "n": _any(chance)})]


TAMPERINGS: list[Tampering] = [
    edit,
    change_detail,
    delete,
    delete_and_close_the_gap,
    reorder,
    truncate,
    double,
]


def _any(chance: random.Random) -> int:
    return chance.randint(1, ENTRIES)


async def after(session: Session, statements: list[tuple[str, dict[str, object]]]) -> chain.Verdict:
    """What is found once this was done; then it is undone."""
    for statement, values in statements:
        await session.execute(text(statement), values)
    found = await chain.verify(session)
    await session.rollback()
    return found


@pytest.mark.timeout(1800)
async def test_every_tampering_is_found(log: Database) -> None:
    chance = random.Random(7)  # noqa: S311 - a choice, not a secret
    missed: list[str] = []
    for number in range(TRIES):
        tampering = TAMPERINGS[number % len(TAMPERINGS)]
        async with log.writing() as session:
            found = await after(session, tampering(chance))
        missed += [] if not found.intact and found.wrong else [tampering.__name__]
    engine = log.engine.dialect.name
    keep("chain", **{f"tamperings on {engine}": TRIES, f"not found on {engine}": len(missed)})
    print(f"\n{TRIES} tamperings of the audit log, {len(missed)} not found")  # noqa: T201
    assert missed == []
    assert (await verdict(log)).intact


async def test_without_the_anchor_a_cut_off_end_would_pass(log: Database) -> None:
    chain.keeper().anchor.unlink()
    async with log.writing() as session:
        assert (await after(session, truncate(random.Random(1)))).intact  # noqa: S311


async def test_with_the_key_an_edited_entry_would_pass_so_the_key_is_not_in_the_database(
    log: Database,
) -> None:
    async with log.writing() as session:
        whole = [entry async for entry in chain._in_order(session)]
        last = whole[-1]
        last.subject = "ten_forged"
        last.seal = chain.keeper().seal(last, whole[-2].seal)
        chain.keeper().anchor.unlink()
        await session.flush()
        assert (await chain.verify(session)).intact
        guessed = chain.Keeper(hashlib.sha256(b"guess").digest(), chain.keeper().anchor)
        last.seal = guessed.seal(last, whole[-2].seal)
        await session.flush()
        assert not (await chain.verify(session)).intact
        await session.rollback()
