"""Two clouds of one platform: each site is made, kept, mended and taken down on its own, and the other is not asked."""

import asyncio

import pytest
from sqlalchemy import select

from aipress import clouds
from aipress.errors import CloudBusy, CloudRefused, Invalid
from aipress.operations.models import Operation
from aipress.tenants import purging, reconciler, routes, service, strays
from aipress.tenants.models import Environment, Tenant
from aipress.tenants.reconciler import Findings
from tests.fakes.cloud import FakeCloud, FakeVault
from tests.tenants.conftest import ADA, House
from tests.tenants.lasting import quiet, together
from tests.waiting import until

pytestmark = together


@pytest.fixture
def google(house: House) -> FakeCloud:
    """A second cloud, beside that of new sites."""
    google = FakeCloud()
    clouds.use(house.cloud.as_cloud("local"), google.as_cloud("gcp"))
    return google


async def mended(house: House) -> Findings:
    findings = Findings()
    await reconciler.reconcile(house.rows, findings)
    await quiet()
    return findings


async def site(house: House, slug: str) -> Tenant:
    async with house.session() as session:
        return (await session.scalars(select(Tenant).where(Tenant.slug == slug))).one()


async def test_a_site_is_made_and_removed_on_the_cloud_it_is_wished_on(
    house: House, google: FakeCloud
) -> None:
    assert (await house.create("Blog", cloud="gcp")).state == "succeeded"
    there = await site(house, "blog")
    assert (there.cloud, there.live.cloud) == ("gcp", "gcp")
    assert (house.cloud.said, house.cloud.is_empty()) == ([], True)
    assert (await house.remove("blog")).state == "succeeded"
    assert (house.cloud.said, google.is_empty()) == ([], True)


async def test_without_a_wish_it_is_made_where_new_sites_are(house: House, google: FakeCloud) -> None:
    assert (await house.create("Blog")).state == "succeeded"
    assert ((await site(house, "blog")).cloud, google.said) == ("local", [])


async def test_a_cloud_the_platform_has_not_is_refused_by_name(house: House) -> None:
    with pytest.raises(Invalid, match=r"no cloud “gcp”\. A site can be made on: local\."):
        await house.create("Blog", cloud="gcp")
    assert house.cloud.said == []


async def test_a_failed_site_is_taken_down_where_it_was(house: House, google: FakeCloud) -> None:
    google.broken["ensure runtime"] = [CloudRefused("no room")]
    assert (await house.create("Blog", cloud="gcp")).state == "failed"
    assert (google.is_empty(), house.cloud.said) == (True, [])


async def test_what_is_asked_of_a_site_is_asked_of_its_own_cloud(house: House, google: FakeCloud) -> None:
    await house.create("Blog", cloud="gcp")
    async with house.rows.transaction() as session:
        tenant = await service.find(session, ADA, "blog")
        await service.login_link(session, ADA, tenant)
        await purging.purge(session, ADA, tenant, None)
    assert len(google.databases.tickets) == len(google.edge.purged) == 1
    assert house.cloud.said == []


async def test_in_a_house_of_two_clouds_in_order_nothing_is_done(house: House, google: FakeCloud) -> None:
    await house.create("Blog", cloud="gcp")
    await house.create("Shop")
    before = [*house.cloud.said], [*google.said]
    assert await mended(house) == Findings()
    assert (house.cloud.said, google.said) == before


async def test_what_sites_lost_is_made_again_on_their_own_clouds(house: House, google: FakeCloud) -> None:
    await house.create("Blog", cloud="gcp")
    await house.create("Shop")
    for cloud in (house.cloud, google):
        cloud.caches.things.clear()
    assert (await mended(house)).lost == []
    assert house.cloud.caches.things == {(await site(house, "shop")).live.id}
    assert google.caches.things == {(await site(house, "blog")).live.id}


async def test_data_that_is_lost_is_named_for_each_cloud(house: House, google: FakeCloud) -> None:
    await house.create("Blog", cloud="gcp")
    await house.create("Shop")
    google.databases.things.clear()
    assert (await mended(house)).lost == [f"databases of {(await site(house, 'blog')).live.id}"]


async def test_strays_are_found_and_cleared_on_each_cloud(house: House, google: FakeCloud) -> None:
    house.cloud.buckets.things.add("feedfeedfeed")
    google.vault.things.add("feedfeedfeed")
    found = await strays.strays(house.rows)
    assert [(one.kind, one.cloud) for one in found] == [("buckets", "local"), ("vault", "gcp")]
    await mended(house)
    assert (house.cloud.is_empty(), google.is_empty()) == (True, True)


async def test_what_is_on_another_cloud_than_its_site_is_cleared_there_alone(
    house: House, google: FakeCloud
) -> None:
    await house.create("Blog", cloud="gcp")
    environment = (await site(house, "blog")).live.id
    for shelf in house.cloud.shelves():
        shelf.things.add(environment)
    assert {one.why for one in await strays.strays(house.rows)} == {"its environment is on “gcp”"}
    before = [*google.said]
    assert (await mended(house)).lost == []
    assert (house.cloud.is_empty(), google.said) == (True, before)


async def test_what_an_operation_is_at_work_on_may_lack_anything(house: House, google: FakeCloud) -> None:
    operation = await house.create("Blog", cloud="gcp")
    google.caches.things.clear()
    async with house.rows.transaction() as session:
        (await session.get_one(Operation, operation.id)).state = "running"
    assert await reconciler.mend_losses(house.rows, clouds.named("gcp")) == []
    await quiet()
    assert google.caches.things == set()
    async with house.rows.transaction() as session:
        (await session.get_one(Operation, operation.id)).state = "succeeded"
    await mended(house)
    assert google.caches.things == {(await site(house, "blog")).live.id}


async def test_a_cloud_that_does_not_answer_keeps_the_other_from_nothing(
    house: House, google: FakeCloud
) -> None:
    await house.create("Blog", cloud="gcp")
    await house.create("Shop")
    house.cloud.caches.things.clear()
    house.cloud.buckets.things.add("feedfeedfeed")
    down = Down(google, "secrets")
    google.vault = down  # type: ignore[assignment]
    clouds.use(house.cloud.as_cloud("local"), google.as_cloud("gcp"))
    await mended(house)
    assert house.cloud.caches.things == {(await site(house, "shop")).live.id}
    assert "feedfeedfeed" not in house.cloud.buckets.things
    assert (await site(house, "blog")).state == "live"


async def test_who_waits_for_one_cloud_does_not_wait_with_the_other(house: House, google: FakeCloud) -> None:
    await house.create("Shop")
    house.cloud.caches.things.clear()
    house.cloud.buckets.things.add("feedfeedfeed")
    google.vault = slow = Slow(google, "secrets")
    clouds.use(house.cloud.as_cloud("local"), google.as_cloud("gcp"))
    round = asyncio.create_task(reconciler.reconcile(house.rows, Findings()))
    try:
        await until(lambda: is_mended(house))
        assert not round.done()
    finally:
        slow.answers.set()
        await round
    await quiet()


async def is_mended(house: House) -> bool:
    return bool(house.cloud.caches.things) and "feedfeedfeed" not in house.cloud.buckets.things


async def test_environments_of_a_cloud_that_is_not_there_are_left_alone(
    house: House, google: FakeCloud
) -> None:
    operation = await house.create("Blog", cloud="gcp")
    async with house.rows.transaction() as session:
        tenant = await service.find(session, ADA, "blog")
        started = await service.remove(session, ADA, tenant, "blog")
        session.info.pop("after_commit")
    environment = (await site(house, "blog")).live.id
    house.cloud.buckets.things.add(environment)
    clouds.use(house.cloud.as_cloud("local"))
    before = [*google.said]
    assert await mended(house) == Findings()
    assert (house.cloud.said, house.cloud.buckets.things, google.said) == ([], {environment}, before)
    assert (await routes.shown(ADA, await site(house, "blog"))).url == "", "and the others are shown"
    clouds.use(house.cloud.as_cloud("local"), google.as_cloud("gcp"))
    await reconciler.reconcile(house.rows, Findings())
    assert (await house.ended(started.id)).state == "succeeded"
    await until(lambda: empty(google))
    assert operation.state == "succeeded"


async def test_the_pool_is_of_the_cloud_of_new_sites(house: House, google: FakeCloud) -> None:
    async with house.rows.transaction() as session:
        session.add(Environment(id="feedfeedfeed", cloud="gcp", state="pooled"))
    await house.create("Blog")
    assert (await site(house, "blog")).live.id != "feedfeedfeed"


async def empty(cloud: FakeCloud) -> bool:
    return cloud.is_empty()


class Down:
    """A shelf that can't be seen into just now."""

    def __init__(self, cloud: FakeCloud, noun: str) -> None:
        self.cloud, self.noun = cloud, noun

    async def existing(self) -> set[str]:
        raise CloudBusy(f"{self.noun} can't be reached")


class Slow(FakeVault):
    """A vault that answers when it is told to."""

    def __init__(self, cloud: FakeCloud, noun: str) -> None:
        super().__init__(cloud, noun)
        self.answers = asyncio.Event()

    async def existing(self) -> set[str]:
        await self.answers.wait()
        return await super().existing()
