"""A world of two clouds with a site on each, and facets that don't answer."""

import asyncio
from dataclasses import dataclass, replace
from typing import Any

import pytest_asyncio

from aipress import clouds
from aipress.errors import CloudBusy
from tests.api.world import Json, World
from tests.fakes.cloud import FakeCloud
from tests.make import Headers

AWAY = CloudBusy("Nobody answers there.")


@dataclass(frozen=True)
class Home:
    """A site, and the cloud it is on."""

    cloud: FakeCloud
    site: Json

    @property
    def environment(self) -> str:
        return str(self.site["environments"][0]["id"])

    @property
    def path(self) -> str:
        return f"/tenants/{self.site['slug']}"


@dataclass(frozen=True)
class Both:
    """Two sites of one owner: the bakery on this machine, the café on Google Cloud."""

    world: World
    ada: Headers
    bakery: Home
    cafe: Home

    @property
    def homes(self) -> tuple[Home, Home]:
        return self.bakery, self.cafe

    async def read(self, path: str, who: Headers | None = None) -> Any:
        answer = await self.world.ask("GET", path, who or self.ada)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def without(self, **away: object) -> None:
        """These facets of Google Cloud don't answer from here on."""
        google = replace(self.cafe.cloud.as_cloud("gcp"), **away)  # type: ignore[arg-type]
        clouds.use(self.bakery.cloud.as_cloud("local"), google)


class Hanging:
    """A facet that never answers."""

    async def existing(self) -> set[str]:
        await asyncio.Event().wait()
        raise AssertionError


class Counting:
    """A facet that refuses, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    async def series(self, *_: object) -> None:
        self.asked += 1
        raise AWAY


class Silent:
    """A facet that answers nothing."""

    def __getattr__(self, name: str) -> Any:
        async def refuse(*_: Any, **__: Any) -> None:
            raise AWAY

        return refuse


@pytest_asyncio.fixture(loop_scope="module")
async def both(world: World) -> Both:
    google = FakeCloud()
    clouds.use(world.cloud.as_cloud("local"), google.as_cloud("gcp"))
    ada = await world.ada()
    bakery = Home(world.cloud, await world.site(ada, "Bakery"))
    return Both(world, ada, bakery, Home(google, await world.site(ada, "Cafe", cloud="gcp")))
