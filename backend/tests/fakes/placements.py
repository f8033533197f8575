"""Placements in a dict, chosen as the control plane chooses them: the first shard with room."""

from collections.abc import Sequence
from dataclasses import replace
from functools import reduce

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.names import own_instance_name, service_name
from aipress.clouds.gcp.placements import Placed
from aipress.clouds.gcp.platform import Platform
from aipress.clouds.gcp.shards import Placement, Shard, SqlInstance, place, place_alone, with_one_more
from aipress.clouds.gcp.sizes import size_for, size_of


class FakePlacements:
    """`by_environment` is all there is to it."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform
        self.by_environment: dict[str, Placed] = {}

    async def of(self, environment: EnvironmentSpec) -> Placed:
        found, options = self.by_environment.get(environment.id), environment.options
        if found is None:
            found = Placed(
                environment.id,
                environment.tenant,
                service_name(environment),
                environment.tier,
                self._chosen(environment),
            )
        self.by_environment[environment.id] = replace(found, tier=environment.tier, options=options)
        return self.by_environment[environment.id]

    async def renamed(self, environment_id: str) -> Placed:
        placed = self.by_environment[environment_id]
        where = replace(placed.placement, instance=own_instance_name(environment_id))
        self.by_environment[environment_id] = replace(placed, placement=where)
        return self.by_environment[environment_id]

    async def find(self, environment_id: str) -> Placed | None:
        return self.by_environment.get(environment_id)

    async def forget(self, environment_id: str) -> None:
        self.by_environment.pop(environment_id, None)

    async def all(self) -> Sequence[Placed]:
        return list(self.by_environment.values())

    async def check_room(self) -> None:
        place(self.shards(), size_of("basic").connections)

    def _chosen(self, environment: EnvironmentSpec) -> Placement:
        if environment.options.database == "own":
            return place_alone(self.shards(), own_instance_name(environment.id), environment.options.region)
        return place(self.shards(), size_for(environment).connections, environment.options.region)

    def shards(self) -> list[Shard]:
        """The platform's, as full as they are."""
        return [
            reduce(
                lambda shard, placed: with_one_more(shard, placed.placement.instance, _connections(placed)),
                (one for one in self.by_environment.values() if _is_in(one, empty)),
                empty,
            )
            for empty in (
                Shard(
                    one.project,
                    one.region,
                    instances=tuple(SqlInstance(i.name, i.max_connections) for i in one.instances),
                )
                for one in self.platform.shards
            )
        ]


def _connections(placed: Placed) -> int:
    spec = EnvironmentSpec(
        placed.environment_id, 0, placed.tenant, "", tier=placed.tier, options=placed.options
    )
    return size_for(spec).connections


def _is_in(placed: Placed, shard: Shard) -> bool:
    return (placed.placement.project, placed.placement.region) == (shard.project, shard.region)
