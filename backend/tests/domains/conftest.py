"""Domains are tested over HTTP on the whole control plane, with a name server on loopback."""

from collections.abc import Iterator

import pytest
import pytest_asyncio

from aipress.domains import checking
from aipress.kit.resolving import Names
from tests.api.world import World, running
from tests.api.world import world as fresh_world
from tests.fakes.name_server import NameServer, name_server
from tests.tenants.conftest import built, house
from tests.tenants.lasting import lasting_url

__all__ = ["built", "fresh_world", "house", "lasting_url", "running", "world", "zone"]


@pytest.fixture
def zone() -> Iterator[NameServer]:
    """What the DNS says."""
    with name_server() as one:
        yield one


@pytest_asyncio.fixture(loop_scope="module")
async def world(fresh_world: World, zone: NameServer) -> World:
    """The control plane, which asks that name server."""
    checking.use(Names(zone.address))
    return fresh_world
