"""A site that is moved to another cloud takes its own domains along; what changes in the DNS is said."""

import pytest
from sqlalchemy import select

from aipress.config import Settings
from aipress.domains import checking, service
from aipress.domains.models import Domain
from aipress.domains.moving import MOVED, carry_domains_too
from aipress.errors import CloudRefused
from aipress.kit.resolving import Names
from aipress.tenants import belongings
from tests.domains.said import SHOP
from tests.fakes.name_server import NameServer
from tests.tenants.conftest import ADA, House
from tests.tenants.lasting import together
from tests.tenants.moved import Two, two_clouds

pytestmark = together


@pytest.fixture(autouse=True)
def carried(monkeypatch: pytest.MonkeyPatch, zone: NameServer) -> None:
    monkeypatch.setattr(belongings, "_carriers", {})
    checking.use(Names(zone.address))
    carry_domains_too()


async def proved(two: Two, zone: NameServer, settings: Settings, domain: str = SHOP) -> Domain:
    """A domain of the blog's that leads to it."""
    async with two.house.rows.transaction() as session:
        asker = await service.asker_for(session, ADA, "blog")
        row, _ = await service.add(asker, domain, settings)
    zone.put(f"_aipress.{domain}", "TXT", f"aipress-site={row.token}")
    await checking.check(two.house.rows, row.id)
    return await the_row(two)


async def the_row(two: Two) -> Domain:
    async with two.house.session() as session:
        return (await session.scalars(select(Domain))).one()


async def test_a_domain_leads_to_where_its_site_is_now_and_nowhere_else(
    house: House, zone: NameServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    two, settings = two_clouds(house), Settings(data_dir=tmp_path_factory.mktemp("data"))
    await two.site()
    assert (await proved(two, zone, settings)).state == "proved"
    done = await two.move()
    assert (done.state, done.error) == ("succeeded", None)
    assert two.there.domains.led == {SHOP: done.environment_id}
    assert two.here.domains.led == {}
    row = await the_row(two)
    assert (row.state, row.proved_at is not None) == ("proved", True)
    back = await two.move("local")
    assert (two.here.domains.led, two.there.domains.led) == ({SHOP: back.environment_id}, {})


async def test_a_domain_the_other_cloud_refuses_keeps_no_site_from_moving(
    house: House, zone: NameServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    two, settings = two_clouds(house), Settings(data_dir=tmp_path_factory.mktemp("data"))
    await two.site()
    await proved(two, zone, settings)
    two.there.broken["ensure domain"] = [CloudRefused("No domains here."), CloudRefused("No domains here.")]
    assert (await two.move()).state == "succeeded"
    row = await the_row(two)
    assert row.why in ("No domains here.", MOVED)
    await checking.check(house.rows, row.id)
    assert len(two.there.domains.led) == 1


async def test_a_site_that_stays_keeps_its_domain(
    house: House, zone: NameServer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    two, settings = two_clouds(house), Settings(data_dir=tmp_path_factory.mktemp("data"))
    here = await two.site()
    await proved(two, zone, settings)
    two.there.broken["load database"] = [CloudRefused("Broken.")]
    two.there.broken["ensure address"] = [CloudRefused("Broken.")] * 9
    assert (await two.move()).state == "failed"
    assert (two.here.domains.led, two.there.domains.led) == ({SHOP: here}, {})
