"""A house with two clouds, and a site in it that has something of everything."""

from dataclasses import dataclass

from sqlalchemy import select

from aipress import clouds
from aipress.auth.principal import Principal
from aipress.operations.models import Operation
from aipress.tenants import moving, service
from aipress.tenants.models import Environment, Tenant
from tests.fakes.cloud import FakeCloud
from tests.fakes.mail import caught
from tests.tenants.conftest import ADA, House

HERE, THERE = "http://blog.fake.test", "http://blog.there.test"
FILES = {"uploads/2026/11/a.jpg": b"picture", "plugins/tiny/tiny.php": b"<?php // tiny", "empty.txt": b""}
ROWS = {"post 1": f"Look at {HERE}/a", "blogname": "Blog", "home": HERE}


@dataclass
class Two:
    """`here` is where sites are made, `there` the other cloud."""

    house: House
    here: FakeCloud
    there: FakeCloud

    def use(self) -> None:
        """Be the platform's clouds."""
        clouds.use(self.here.as_cloud("local"), self.there.as_cloud("gcp"))

    async def site(self) -> str:
        """A site with files, rows, a comment and mail; its environment's id."""
        made = await self.house.create("Blog")
        id = made.environment_id
        self.here.buckets.contents[id].update(FILES)
        self.here.databases.rows[id].update(ROWS)
        await self.here.mail.keep(id, *caught())
        return id

    async def begin(self, to: str = "gcp", who: Principal = ADA) -> Operation:
        """Ask for the move, and don't wait."""
        async with self.house.rows.transaction() as session:
            tenant = await service.find(session, who, "blog")
            return await moving.move(session, who, tenant, to)

    async def move(self, to: str = "gcp", who: Principal = ADA) -> Operation:
        """Ask for the move, and wait for how it ends."""
        return await self.house.ended((await self.begin(to, who)).id)

    async def tenant(self) -> Tenant:
        async with self.house.session() as session:
            return (await session.scalars(select(Tenant))).one()

    async def environments(self) -> dict[str, tuple[str, str, str]]:
        """Kind, state and cloud of every environment there is, by id."""
        async with self.house.session() as session:
            found = await session.scalars(select(Environment))
            return {one.id: (one.kind, one.state, one.cloud) for one in found}


def two_clouds(house: House) -> Two:
    """The house with another cloud beside its own."""
    there = FakeCloud()
    there.edge.domain = "there.test"
    two = Two(house, house.cloud, there)
    two.use()
    return two


def is_whole(cloud: FakeCloud, environment_id: str, url: str) -> bool:
    """Whether the site of `Two.site` is there with all it has, and can be written to."""
    rows = {name: value.replace(HERE, url) for name, value in ROWS.items()}
    return (
        cloud.buckets.contents.get(environment_id) == FILES
        and cloud.databases.rows.get(environment_id) == rows
        and cloud.databases.is_writable(environment_id)
        and list(cloud.edge.published) == [environment_id]
        and [kept.subject for kept in [one[0] for one in cloud.mail.boxes[environment_id].values()]]
        == ["Hello"]
    )
