"""Which environment stands where, and the way from it to the place builders need.

A placement is chosen once, written down before anything is made, and kept until everything is gone: without it nobody would know
where to look. Who writes it down is the control plane's; here is what is asked of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.platform import Platform
from aipress.clouds.gcp.shards import Placement
from aipress.clouds.options import DEFAULTS, Options
from aipress.errors import CloudRefused


@dataclass(frozen=True)
class Placed:
    """An environment and where it is. `service` is its Cloud Run service's name, `tenant` whom it is billed to."""

    environment_id: str
    tenant: str
    service: str
    tier: str
    placement: Placement
    options: Options = DEFAULTS


class Placements(Protocol):
    async def of(self, environment: EnvironmentSpec) -> Placed:
        """Where it is; chosen among the shards, of the region it asks for, and durable when this returns, if it was nowhere yet.

        What it may hold there from now on is what its tier and options say. Raises NoRoom.
        """

    async def find(self, environment_id: str) -> Placed | None:
        """Where it is, or None."""

    async def renamed(self, environment_id: str) -> Placed:
        """With another name for its own Cloud SQL instance, durable when this returns: what has gone leaves its name taken for a week."""

    async def forget(self, environment_id: str) -> None:
        """It is nowhere any more; its room is free."""

    async def all(self) -> Sequence[Placed]:
        """Everybody's."""

    async def check_room(self) -> None:
        """Raises NoRoom where a basic environment would find no place."""


@dataclass(frozen=True)
class Found:
    """A placed environment with its place."""

    placed: Placed
    place: Place

    @property
    def service(self) -> str:
        """What its Cloud Run service is called."""
        return self.placed.service

    @property
    def service_name(self) -> str:
        """The same in full."""
        return f"{self.place.parent}/services/{self.placed.service}"

    @property
    def environment(self) -> EnvironmentSpec:
        """The environment as far as its placement knows it: what labels and names need, but neither number nor slug."""
        placed = self.placed
        return EnvironmentSpec(
            placed.environment_id, 0, placed.tenant, "", tier=placed.tier, options=placed.options
        )


class Where:
    """Placements on a platform."""

    def __init__(self, platform: Platform, placements: Placements) -> None:
        self.platform, self.placements = platform, placements

    async def of(self, environment: EnvironmentSpec) -> Place:
        """Its place; chosen now where it had none."""
        return self.platform.place((await self.placements.of(environment)).placement)

    async def find(self, environment_id: str) -> Found | None:
        """None where it was never placed, or everything of it is gone."""
        placed = await self.placements.find(environment_id)
        return Found(placed, self.platform.place(placed.placement)) if placed else None

    async def standing(self, environment_id: str) -> Found:
        """The same of one that has to be somewhere. Raises CloudRefused."""
        found = await self.find(environment_id)
        if found is None:
            raise CloudRefused("The environment is nowhere yet; nothing was changed.")
        return found

    @property
    def projects(self) -> list[str]:
        """Every project of the platform once."""
        return list(dict.fromkeys(shard.project for shard in self.platform.shards))

    async def all(self) -> list[Found]:
        """Everybody."""
        return [Found(one, self.platform.place(one.placement)) for one in await self.placements.all()]
