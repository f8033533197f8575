"""The whole control plane, running on a cloud in a dict: the fixtures of every room that is tested over HTTP."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

import httpx
import pytest
import pytest_asyncio
from fastapi import FastAPI

from aipress import clouds
from aipress.api.app import create_app
from aipress.config import Settings
from aipress.domains import checking
from aipress.kit.db import Database
from aipress.tenants.reconciler import Findings
from aipress.users.models import User
from tests import make
from tests.fakes.cloud import FakeCloud
from tests.fakes.name_server import Unasked
from tests.make import Client, Headers
from tests.tenants.lasting import emptied, quiet
from tests.waiting import until

Json = dict[str, Any]


@dataclass(frozen=True)
class World:
    """A running control plane, a client that shows nothing by itself, and what tests say most."""

    app: FastAPI
    client: Client
    rows: Database
    settings: Settings
    cloud: FakeCloud

    async def ada(self, **fields: Any) -> Headers:
        """What a new person shows who owns nothing yet."""
        return make.as_person(self.settings, await make.user(self.rows, **fields))

    async def grace(self) -> Headers:
        """What a new admin shows."""
        return make.as_person(self.settings, await make.admin(self.rows))

    def agent_of(self, person: User) -> Headers:
        return make.as_agent(self.settings, person)

    async def ask(self, method: str, path: str, headers: Headers, body: Any = None) -> httpx.Response:
        return await self.client.request(method, f"/api{path}", headers=headers, json=body)

    async def site(self, headers: Headers, name: str, **wish: str) -> Json:
        """A live site of this person's."""
        asked = await self.ask("POST", "/tenants", headers, {"name": name, **wish})
        assert asked.status_code == 202, asked.text
        operation = await self.ended(headers, asked.json()["id"])
        assert operation["state"] == "succeeded"
        return (await self.ask("GET", f"/tenants/{operation['tenant']['id']}", headers)).json()

    async def ended(self, headers: Headers, operation_id: str) -> Json:
        """The operation, once it has ended."""

        async def is_over() -> Json | None:
            found = (await self.ask("GET", f"/operations/{operation_id}", headers)).json()
            return found if found["state"] in ("succeeded", "failed") else None

        return await until(is_over)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(lasting_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """A control plane for a file of tests. Nothing happens by itself: no pool, and one round of the reconciler."""
    settings = Settings(
        data_dir=tmp_path_factory.mktemp("data"),
        database_url=lasting_url,
        pool_size=0,
        reconcile_seconds=3600,
        log_level="error",
    )
    cloud = FakeCloud()
    app = create_app(settings, cloud.as_cloud())
    async with app.router.lifespan_context(app), make.client_of(app) as client:
        yield World(app, client, app.state.rows, settings, cloud)
        await quiet()


@pytest_asyncio.fixture(loop_scope="module")
async def world(running: World) -> World:
    """The control plane as it is on its first day."""
    await emptied(running.rows)
    fresh = replace(running, cloud=FakeCloud())
    clouds.use(fresh.cloud.as_cloud())
    state = running.app.state
    state.rows, state.settings, state.findings = running.rows, running.settings, Findings()
    checking.use(Unasked())
    return fresh


def tolerant(world: World) -> Client:
    """A client that gets the answer to a crash, as over a wire, and not the crash."""
    transport = httpx.ASGITransport(world.app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url=world.settings.base_url)
