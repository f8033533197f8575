"""An installation that ends and begins again, over what lasts: its databases and its cloud."""

from aipress import clouds, durable
from aipress.kit.db import Database, Row
from aipress.tenants import ledger
from tests.fakes.cloud import FakeCloud
from tests.tenants.conftest import House


class Lives:
    """One installation after another on the same databases and the same cloud; each has an event loop of its own."""

    def __init__(self, database_url: str, workflows_url: str) -> None:
        self.database_url, self.workflows_url, self.cloud = database_url, workflows_url, FakeCloud()

    async def begin(self) -> House:
        rows = Database(self.database_url)
        async with rows.engine.begin() as connection:
            await connection.run_sync(Row.metadata.create_all)
        clouds.use(self.cloud.as_cloud())
        ledger.use(rows)
        durable.launch(self.workflows_url)
        return House(rows, self.cloud)

    async def end(self, house: House) -> None:
        durable.shut_down()
        await house.rows.close()
