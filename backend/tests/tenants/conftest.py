"""A house to live in: real rows and the real workflow engine on each database, and a cloud in a dict."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from aipress import clouds, durable
from aipress.auth.principal import Principal, Role
from aipress.kit.db import Database, Session
from aipress.operations.models import Operation
from aipress.tenants import ledger, service
from aipress.tenants.schemas import TenantCreate
from tests.fakes.cloud import FakeCloud
from tests.waiting import until

ADA = Principal("user", "usr_ada", "ada@example.com", "Ada", Role.TENANT)
BOB = Principal("user", "usr_bob", "bob@example.com", "Bob", Role.TENANT)


@dataclass
class House:
    """Everything a tenant needs, and the two verbs tests say most."""

    rows: Database
    cloud: FakeCloud

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


@pytest.fixture
async def house(rows: Database, workflows_url: str) -> AsyncIterator[House]:
    cloud = FakeCloud()
    clouds.use(cloud.as_cloud())
    ledger.use(rows)
    durable.launch(workflows_url)
    yield House(rows, cloud)
    durable.shut_down()
