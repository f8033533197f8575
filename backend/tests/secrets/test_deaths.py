"""The control plane dies between any two lines of a change: afterwards the site has what the rows say, and the vault no more."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import select

from aipress.secrets import delivery, service
from aipress.secrets.models import Secret
from tests.fakes.shelf import Shelf
from tests.tenants.conftest import ADA, House
from tests.tenants.lasting import together

pytestmark = together


class Death(BaseException):
    """Nothing catches it, as nothing runs on after SIGKILL."""


@contextmanager
def death(shelf: Shelf, verb: str, *, after: bool) -> Iterator[None]:
    """The control plane dies just before, or just after, it has said this to the cloud."""
    whole: Callable[..., Awaitable[object]] = getattr(shelf, verb)

    async def die(*said: object) -> object:
        if after:
            await whole(*said)
        raise Death

    setattr(shelf, verb, die)
    try:
        with pytest.raises(Death):
            yield
    finally:
        delattr(shelf, verb)


async def put(house: House, value: str, name: str = "KEY") -> None:
    async with house.rows.transaction() as session:
        site = await service.site_of(session, ADA, "bakery")
        await service.put(session, ADA, site, name, value)


async def remove(house: House) -> None:
    async with house.rows.transaction() as session:
        await service.remove(session, ADA, await service.site_of(session, ADA, "bakery"), "KEY")


async def counts(house: House) -> dict[str, int]:
    """What the rows say: the versions that count."""
    async with house.session() as session:
        found = await session.scalars(select(Secret).where(Secret.is_set))
        return {one.name: one.version for one in found}


def has(house: House) -> dict[str, str]:
    """What the site's WordPress has."""
    (id,) = house.cloud.runtime.things
    return house.cloud.runtime.variables.get(id, {})


def kept(house: House) -> dict[str, int]:
    """What the vault keeps: one version of each."""
    found = [(name, version) for _, name, version in house.cloud.vault.values]
    assert len(dict(found)) == len(found)
    return dict(found)


POINTS = [
    ("vault", "keep", False, "old"),
    ("vault", "keep", True, "old"),
    ("runtime", "supply", False, "new"),
    ("runtime", "supply", True, "new"),
    ("vault", "retain", False, "new"),
    ("vault", "retain", True, "new"),
]


@pytest.mark.parametrize(("shelf", "verb", "after", "value"), POINTS)
async def test_a_value_that_was_being_replaced(
    house: House, shelf: str, verb: str, after: bool, value: str
) -> None:
    await house.create("Bakery")
    await put(house, "old")
    with death(getattr(house.cloud, shelf), verb, after=after):
        await put(house, "new")
    await delivery.deliver_all(house.rows)
    assert await counts(house) == {"KEY": 1 if value == "old" else 2} == kept(house)
    assert has(house) == {"KEY": value}
    await put(house, "newest")
    assert has(house) == {"KEY": "newest"}
    assert kept(house) == await counts(house)


@pytest.mark.parametrize(("shelf", "verb", "after", "value"), POINTS)
async def test_the_first_value_of_all(house: House, shelf: str, verb: str, after: bool, value: str) -> None:
    await house.create("Bakery")
    with death(getattr(house.cloud, shelf), verb, after=after):
        await put(house, "new")
    await delivery.deliver_all(house.rows)
    assert await counts(house) == ({} if value == "old" else {"KEY": 1})
    assert has(house) == ({} if value == "old" else {"KEY": "new"})
    await put(house, "other", "OTHER")
    assert kept(house) == await counts(house)


@pytest.mark.parametrize(("shelf", "verb", "after", "value"), POINTS[2:])
async def test_a_secret_that_was_being_taken_away(
    house: House, shelf: str, verb: str, after: bool, value: str
) -> None:
    await house.create("Bakery")
    await put(house, value)
    with death(getattr(house.cloud, shelf), verb, after=after):
        await remove(house)
    await delivery.deliver_all(house.rows)
    assert (await counts(house), has(house), kept(house)) == ({}, {}, {})


async def test_a_runtime_that_was_lost_and_made_again_gets_its_secrets_back(house: House) -> None:
    await house.create("Bakery")
    await put(house, "value")
    (id,) = house.cloud.runtime.things
    await house.cloud.runtime.remove(id)
    await delivery.deliver_all(house.rows)
    assert house.cloud.runtime.variables == {}
    house.cloud.runtime.things.add(id)
    await delivery.deliver_all(house.rows)
    assert has(house) == {"KEY": "value"}


async def test_a_round_with_nothing_to_do_says_nothing_to_the_cloud(house: House) -> None:
    await house.create("Bakery")
    await put(house, "value")
    house.cloud.said.clear()
    await delivery.deliver_all(house.rows)
    assert house.cloud.said == []


async def test_a_telling_that_was_overtaken_changes_nothing(house: House) -> None:
    await house.create("Bakery")
    await put(house, "old")
    (id,) = house.cloud.runtime.things
    older = house.cloud.runtime.supplies[id]
    await put(house, "new")
    assert await house.cloud.runtime.supply(id, older) == 2
    assert has(house) == {"KEY": "new"}
