"""A house to live in: real rows and the real workflow engine on each database, and a cloud in a dict."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace

import pytest
import pytest_asyncio

from aipress import clouds, durable
from aipress.auth.principal import Principal, Role
from aipress.kit.db import Database, Row, Session
from aipress.operations.models import Operation
from aipress.tenants import ledger, service
from aipress.tenants.schemas import TenantCreate
from tests.fakes.cloud import FakeCloud
from tests.tenants.lasting import emptied, lasting_url, quiet
from tests.waiting import until

__all__ = ["lasting_url"]

ADA = Principal("user", "usr_ada", "ada@example.com", "Ada", Role.TENANT)
BOB = Principal("user", "usr_bob", "bob@example.com", "Bob", Role.TENANT)


@dataclass
class House:
    """Everything a tenant needs, and the two verbs tests say most."""

    rows: Database
    cloud: FakeCloud
    workflows_url: str = ""

    async def create(self, name: str, who: Principal = ADA, **wish: str) -> Operation:
        """Ask for a site, and wait for how it ends."""
        async with self.rows.transaction() as session:
            operation = await service.create(session, who, TenantCreate(name=name, **wish), quota=100)
        return await self.ended(operation.id)

    async def remove(self, slug: str, who: Principal = ADA) -> Operation:
        async with self.rows.transaction() as session:
            tenant = await service.find(session, who, slug)
            operation = await service.remove(session, who, tenant, slug)
        return await self.ended(operation.id)

    async def ended(self, operation_id: str) -> Operation:
        """The operation, once it has ended and its workflow too."""

        async def is_over() -> Operation | None:
            async with self.rows.reading() as session:
                operation = await session.get_one(Operation, operation_id)
            over = operation.is_final and await durable.state_of(operation.workflow_id) != "running"
            return operation if over else None

        return await until(is_over)

    def session(self) -> Session:
        return self.rows.reading()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def built(lasting_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A house for a file of tests, with its engine running."""
    rows, is_file = Database(lasting_url), lasting_url.startswith("sqlite")
    async with rows.engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    ledger.use(rows)
    url = f"sqlite:///{tmp_path_factory.mktemp('workflows')}/workflows.sqlite3" if is_file else lasting_url
    durable.launch(url)
    yield House(rows, FakeCloud(), url)
    await quiet()
    durable.shut_down()
    await rows.close()


@pytest_asyncio.fixture(loop_scope="module")
async def house(built: House) -> House:
    """The house, empty."""
    await emptied(built.rows)
    cloud = FakeCloud()
    clouds.use(cloud.as_cloud())
    return replace(built, cloud=cloud)
