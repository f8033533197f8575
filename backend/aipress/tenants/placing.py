"""Where each environment is on Google Cloud, as rows: chosen among the platform's shards, in turns, so that none is overfilled."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import delete, func, select
from sqlalchemy.exc import IntegrityError

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import shards
from aipress.clouds.gcp.names import own_instance_name, service_name
from aipress.clouds.gcp.placements import Placed
from aipress.clouds.gcp.platform import Platform, Standing
from aipress.clouds.gcp.shards import Candidates, Shard, SqlInstance
from aipress.clouds.gcp.sizes import size_for, size_of
from aipress.clouds.options import Options
from aipress.errors import CloudBusy, CloudRefused, NoRoom
from aipress.kit.db import Database, Session
from aipress.tenants.models import Placement
from aipress.tenants.tiers import FREE

Where = tuple[str, str, str]  # project, region, instance
Held = tuple[int, int]  # how many environments, and the connections they may hold together
NOBODY: Held = (0, 0)


class PlacementsInRows:
    """Keeps `clouds.gcp.placements.Placements`. Whoever asks from within a transaction of its own only reads here."""

    def __init__(self, rows: Database, platform: Platform) -> None:
        self._rows, self._platform = rows, platform
        self._candidates = Candidates([one.region for one in platform.shards])

    async def of(self, environment: EnvironmentSpec) -> Placed:
        """Where it is; chosen and durable when this returns, if it was nowhere yet. Its tier counts from now on.

        Raises NoRoom, also where it is there and its database has no room for so many connections more, and CloudBusy while the site that had its address before is not wholly gone.
        """
        found = await self.find(environment.id)
        if found is not None and (found.tier, found.options) == (environment.tier, environment.options):
            return found
        try:
            async with self._rows.transaction() as session:
                await session.take_turns("placements")
                return _placed(await self._place(session, environment))
        except IntegrityError as error:
            raise CloudBusy(
                f"The address of environment {environment.id} is still another one's; it is free in a moment."
            ) from error

    async def find(self, environment_id: str) -> Placed | None:
        """Where it is, or None."""
        async with self._rows.reading() as session:
            row = await session.get(Placement, environment_id)
            return _placed(row) if row else None

    async def renamed(self, environment_id: str) -> Placed:
        """With another name for its own instance. Raises CloudRefused where it is nowhere."""
        async with self._rows.transaction() as session:
            row = await session.get(Placement, environment_id)
            if row is None:
                raise CloudRefused(f"Environment {environment_id} is placed nowhere; nothing was changed.")
            row.instance = own_instance_name(environment_id)
            return _placed(row)

    async def forget(self, environment_id: str) -> None:
        """It is nowhere any more; its room is free."""
        found = await self.find(environment_id)
        if found is None:
            return
        async with self._rows.transaction() as session:
            await session.execute(delete(Placement).where(Placement.environment_id == environment_id))
        self._has_room_again(found.placement)

    async def all(self) -> Sequence[Placed]:
        """Everybody's."""
        async with self._rows.reading() as session:
            rows = await session.scalars(select(Placement).order_by(Placement.environment_id))
            return [_placed(row) for row in rows]

    async def check_room(self) -> None:
        """Raises NoRoom where a basic environment would find no place."""
        async with self._rows.reading() as session:
            await self._chosen(session, size_of(FREE).connections)

    async def _place(self, session: Session, environment: EnvironmentSpec) -> Placement:
        row, needed = await session.get(Placement, environment.id), size_for(environment).connections
        if row is not None:
            await self._check_growth(session, row, needed - row.connections)
            row.tier, row.options, row.connections = environment.tier, environment.options.chosen, needed
            self._has_room_again(shards.Placement(row.project, row.region, row.instance))
            return row
        chosen = await self._chosen_for(session, environment)
        row = Placement(
            environment_id=environment.id,
            tenant=environment.tenant,
            service=service_name(environment),
            tier=environment.tier,
            project=chosen.project,
            region=chosen.region,
            instance=chosen.instance,
            options=environment.options.chosen,
            connections=needed,
        )
        session.add(row)
        await session.flush()
        return row

    async def _check_growth(self, session: Session, row: Placement, more: int) -> None:
        """Raises NoRoom where its instance can't let it have so many connections more."""
        if more <= 0:
            return
        here = shards.Placement(row.project, row.region, row.instance)
        standing = self._platform.standing(here)
        shard = _as_full(standing, await _counted(session, standing))
        held = next((one for one in shard.instances if one.name == row.instance), None)
        if held is not None and held.connections + more > held.usable_connections:
            raise NoRoom(
                f"{row.instance} of {row.project} in {row.region}, where the site's database is, has {held.connections} of "
                f"{held.usable_connections} connections given away, and this needs {more} more. Nothing was changed; choose "
                "fewer instances or a smaller tier."
            )

    async def _chosen_for(self, session: Session, environment: EnvironmentSpec) -> shards.Placement:
        """On a shared instance, or on one of its own, which takes no room of others'."""
        if environment.options.database == "shared":
            return await self._chosen(session, size_for(environment).connections, environment.options.region)
        counted = await _counted(session)
        everywhere = [_as_full(shard, counted) for shard in self._platform.shards]
        return shards.place_alone(everywhere, own_instance_name(environment.id), environment.options.region)

    async def _chosen(self, session: Session, connections: int, region: str = "") -> shards.Placement:
        """The first shard with room. One that was full is not read again until somebody leaves it, but before anybody is refused."""
        while (at := self._candidates.first(connections, region)) is not None:
            standing = self._platform.shards[at]
            shard = _as_full(standing, await _counted(session, standing))
            if instance := shard.instance_for(connections):
                return shards.Placement(shard.project, shard.region, instance)
            self._candidates.is_full(at, connections, region)
        counted = await _counted(session)
        full = [_as_full(shard, counted) for shard in self._platform.shards]
        return shards.place(full, connections, region)

    def _has_room_again(self, placement: shards.Placement) -> None:
        for at, one in enumerate(self._platform.shards):
            if (one.project, one.region) == (placement.project, placement.region):
                self._candidates.has_room_again(at)


async def _counted(session: Session, shard: Standing | None = None) -> Mapping[Where, Held]:
    """How many environments are where, and what they may hold: in one shard, or in all."""
    where = (Placement.project, Placement.region, Placement.instance)
    asked = select(*where, func.count(), func.sum(Placement.connections)).group_by(*where)
    if shard is not None:
        asked = asked.where(Placement.project == shard.project, Placement.region == shard.region)
    found = await session.execute(asked)
    return {
        (project, region, instance): (count, int(connections))
        for project, region, instance, count, connections in found
    }


def _as_full(shard: Standing, counted: Mapping[Where, Held]) -> Shard:
    """A shard with what is there; an instance that the platform has no more still counts among its services."""
    here = (shard.project, shard.region)
    services = sum(count for where, (count, _) in counted.items() if where[:2] == here)
    instances = (
        _with(SqlInstance(one.name, one.max_connections), counted.get((*here, one.name), NOBODY))
        for one in shard.instances
    )
    return Shard(*here, services, tuple(instances))


def _with(instance: SqlInstance, held: Held) -> SqlInstance:
    count, connections = held
    return replace(instance, tables=shards.TABLES * count, connections=connections)


def _placed(row: Placement) -> Placed:
    where = shards.Placement(row.project, row.region, row.instance)
    return Placed(row.environment_id, row.tenant, row.service, row.tier, where, Options(**row.options))
