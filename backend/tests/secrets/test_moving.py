"""A site that is moved to another cloud has the same secrets there, under the same versions, and none changes on the way."""

import pytest
from sqlalchemy import select

from aipress.errors import Conflict
from aipress.secrets import delivery, service
from aipress.secrets.models import Secret
from aipress.secrets.moving import carry_secrets_too
from aipress.tenants import belongings
from tests.tenants.conftest import ADA, House
from tests.tenants.held import held
from tests.tenants.lasting import together
from tests.tenants.moved import Two, two_clouds

pytestmark = together


@pytest.fixture(autouse=True)
def carried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(belongings, "_carriers", {})
    carry_secrets_too()


async def put(two: Two, name: str, value: str) -> None:
    async with two.house.rows.transaction() as session:
        site = await service.site_of(session, ADA, "blog")
        await service.put(session, ADA, site, name, value)


async def take(two: Two, name: str) -> None:
    async with two.house.rows.transaction() as session:
        await service.remove(session, ADA, await service.site_of(session, ADA, "blog"), name)


async def test_secrets_arrive_with_their_versions(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    await put(two, "STRIPE", "old value")
    await put(two, "STRIPE", "sk_live_123")
    await put(two, "GONE", "soon gone")
    await take(two, "GONE")
    done = await two.move()
    arrived = done.environment_id
    assert two.there.vault.values == {(arrived, "STRIPE", 2): "sk_live_123"}
    assert two.there.runtime.variables[arrived] == {"STRIPE": "sk_live_123"}
    assert two.here.vault.values == {}
    async with house.session() as session:
        rows = {(one.environment_id, one.name, one.version) for one in await session.scalars(select(Secret))}
    assert rows == {(arrived, "STRIPE", 2), (arrived, "GONE", 2)}
    await put(two, "STRIPE", "sk_live_456")
    await delivery.deliver_all(house.rows)
    assert two.there.runtime.variables[arrived] == {"STRIPE": "sk_live_456"}


async def test_none_changes_on_the_way(house: House) -> None:
    two = two_clouds(house)
    await two.site()
    await put(two, "STRIPE", "sk_live_123")
    with held(two.there.databases, "load") as hold:
        begun = await two.begin()
        await hold.asked.wait()
        for change in (put(two, "STRIPE", "other"), take(two, "STRIPE")):
            with pytest.raises(Conflict, match="being moved to Google Cloud"):
                await change
    done = await house.ended(begun.id)
    assert two.there.runtime.variables[done.environment_id] == {"STRIPE": "sk_live_123"}


async def test_what_was_not_moved_keeps_them(house: House) -> None:
    two = two_clouds(house)
    here = await two.site()
    await put(two, "STRIPE", "sk_live_123")
    two.there.broken["keep secrets"] = [ZeroDivisionError("sk_live_123")]
    done = await two.move()
    assert done.state == "failed"
    assert "sk_live_123" not in str(done.error)
    assert two.here.runtime.variables[here] == {"STRIPE": "sk_live_123"}
    assert two.there.vault.values == {}
