"""What of a site is carried from one environment to another: files, its database, mail that is kept, and what other rooms keep.

Everything may be said again: only what differs is written, and a database is loaded in place of whatever is there.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aipress import clouds
from aipress.clouds.base import EnvironmentSpec, Service
from aipress.errors import CloudBusy, CloudRefused
from aipress.kit.db import Session
from aipress.tenants.carrying_files import Side

PAGE = 100  # messages asked for at once


@dataclass(frozen=True)
class Move:
    """Where a site is, and where it is going."""

    source: EnvironmentSpec
    arriving: EnvironmentSpec


@dataclass(frozen=True)
class Carrier:
    """What a room above keeps of an environment: carried while nothing is written, handed over with the rows."""

    carry: Callable[[Move], Awaitable[None]]
    hand_over: Callable[[Session, Move], Awaitable[None]]


_carriers: dict[str, Carrier] = {}


def carry_too(what: str, carrier: Carrier) -> None:
    """Let a move carry this, too."""
    _carriers[what] = carrier


def sides(move: Move) -> tuple[Side, Side]:
    """Where its files are, and where they are to be."""
    source, arriving = move.source, move.arriving
    return Side(clouds.of(source).buckets, source.id), Side(clouds.of(arriving).buckets, arriving.id)


async def start_with_files(environment: EnvironmentSpec) -> Service:
    """Its WordPress, with the files that are there now."""
    cloud = clouds.of(environment)
    bucket = await cloud.buckets.ensure(environment)
    await cloud.buckets.settle(environment.id)
    return await cloud.runtime.ensure(environment, bucket)


async def database(move: Move) -> str:
    """Its database; the digest that is the same on both sides. Raises CloudRefused where it is not."""
    there, here = clouds.of(move.source).databases, clouds.of(move.arriving).databases
    await here.load(move.arriving.id, there.dump(move.source.id))
    left, arrived = await there.digest(move.source.id), await here.digest(move.arriving.id)
    if left != arrived:
        raise CloudRefused("The database did not arrive as it left: the digests of its rows differ.")
    return left


async def address(move: Move) -> None:
    """Every link to the old address becomes one to the new, where they differ."""
    old = await clouds.of(move.source).edge.address_of(move.source)
    new = await clouds.of(move.arriving).edge.address_of(move.arriving)
    if old != new:
        await clouds.of(move.arriving).databases.readdress(move.arriving.id, old, new)


async def forget_cached(environment: EnvironmentSpec) -> None:
    """Let its WordPress begin with an empty object cache: what is in there is of the database that was there before."""
    cloud = clouds.of(environment)
    await cloud.caches.remove(environment.id)
    await cloud.caches.ensure(environment, await cloud.vault.ensure(environment))


async def other_rooms(move: Move) -> None:
    """What rooms above keep."""
    for carrier in _carriers.values():
        await carrier.carry(move)


async def hand_over(session: Session, move: Move) -> None:
    """The rows of the rooms above, in the transaction that makes the new environment the live one."""
    for carrier in _carriers.values():
        await carrier.hand_over(session, move)


async def check_no_mail_waits(environment: EnvironmentSpec) -> None:
    """Raises CloudBusy while a message waits to be sent: with the environment it would be lost."""
    if any(one.environment == environment.id for one in await clouds.of(environment).mail.waiting({})):
        raise CloudBusy("Mail of this site still waits to be sent, and would be lost on the way.")


async def mail(move: Move) -> None:
    """The messages that are kept. Raises CloudBusy while one still waits at the source."""
    await check_no_mail_waits(move.source)
    there, here = clouds.of(move.source).mail, clouds.of(move.arriving).mail
    before = ""
    while kept := await there.kept(move.source.id, PAGE, before):
        for one in kept:
            if found := await there.read(move.source.id, one.id):
                await here.keep(move.arriving.id, *found)
        before = kept[-1].id
