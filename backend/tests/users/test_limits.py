"""How often somebody may ask."""

import asyncio

import pytest

from aipress.errors import TooMany
from aipress.kit import clock
from aipress.kit.db import Database
from aipress.users import limits
from aipress.users.limits import Pace
from aipress.users.models import Allowance
from aipress.users.sign_in import network_of
from tests.users.looking import count

PACE = Pace(burst=3, every=60)


async def used(rows: Database, key: str, pace: Pace = PACE) -> bool:
    try:
        async with rows.transaction() as session:
            await limits.use(session, key, pace)
    except TooMany:
        return False
    return True


async def let_pass(rows: Database, key: str, seconds: float) -> None:
    """As if so much time had passed."""
    async with rows.transaction() as session:
        (await session.get_one(Allowance, key)).free_at -= seconds


async def test_after_a_burst_one_more_is_free_each_time_the_pace_says(rows: Database) -> None:
    assert [await used(rows, "ada") for _ in range(4)] == [True, True, True, False]
    await let_pass(rows, "ada", 59)
    assert not await used(rows, "ada")
    await let_pass(rows, "ada", 2)
    assert [await used(rows, "ada") for _ in range(2)] == [True, False]


async def test_a_long_rest_is_worth_one_burst_and_no_more(rows: Database) -> None:
    assert await used(rows, "ada")
    await let_pass(rows, "ada", 1_000_000)
    assert [await used(rows, "ada") for _ in range(4)] == [True, True, True, False]


async def test_keys_do_not_share(rows: Database) -> None:
    assert [await used(rows, key) for key in ("ada", "ada", "ada", "bob")] == [True] * 4


async def test_of_fifty_at_once_exactly_the_burst_gets_through(rows: Database) -> None:
    assert sum(await asyncio.gather(*(used(rows, "ada") for _ in range(50)))) == 3


async def test_the_refusal_says_how_long_to_wait(rows: Database) -> None:
    async with rows.transaction() as session:
        await limits.use(session, "ada", Pace(1, 90))
        with pytest.raises(TooMany, match="in 2 minutes"):
            await limits.use(session, "ada", Pace(1, 90))


async def test_who_owes_nothing_is_forgotten(rows: Database) -> None:
    assert await used(rows, "ada")
    assert await used(rows, "bob")
    await let_pass(rows, "bob", 61)
    async with rows.transaction() as session:
        await limits.forget_paid_off(session)
        assert await session.get(Allowance, "bob") is None
        assert (await session.get_one(Allowance, "ada")).free_at > clock.now().timestamp()
    assert await count(rows, Allowance) == 1


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::", "2001:db8:1:2::/64"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_an_ipv6_customer_counts_as_one(client: str, network: str) -> None:
    assert network_of(client) == network
