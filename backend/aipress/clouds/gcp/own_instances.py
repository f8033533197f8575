"""Cloud SQL instances of environments' own: made with their administrator and replicas, found by their labels, and taken away.

Google takes minutes for each; whoever waits is told that it is at work, and asks again. What stands is found by its label
`aipress-environment-id`, so that nothing is lost whatever its name became.
"""

import asyncio
import secrets as chance
from contextlib import suppress
from dataclasses import replace

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import sql_instances, waiting
from aipress.clouds.gcp.answers import Gone, Taken
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import ENVIRONMENT, environment_of
from aipress.clouds.gcp.names import admin_secret, replica_name
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.places import Instance, Place
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.gcp.secrets import opened, secret, version
from aipress.errors import CloudAtWork, CloudBusy, CloudRefused

API, SECRETS = "sqladmin", "secretmanager"
RANDOM_BYTES = 32
READY, BEGUN, FAILED = "RUNNABLE", ("PENDING_CREATE", "MAINTENANCE"), "FAILED"


class OwnInstances:
    """Every verb is safe to say twice."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where = google, where

    async def ensure(self, environment: EnvironmentSpec, place: Place) -> Place:
        """Its instance with as many replicas as it is to have; the place with all their addresses."""
        sql_instances.check(environment)
        there = await self._primary(environment, place)
        for change in sql_instances.changes(environment, there, place.project):
            await self.google.make(change)
        await self._replicas(environment, place)
        return await self.addressed(place)

    async def addressed(self, place: Place) -> Place:
        """The place with the addresses of its instance and of those replicas that run."""
        there = await self._read(place, place.instance.name)
        if there is None:
            raise CloudRefused(
                f"There is no Cloud SQL instance {place.instance.name}; make the database first."
            )
        reads = [one for one in await self._following(place) if one.get("state") == READY]
        instance = Instance(
            place.instance.name, _address(there), reads=tuple(sorted(_address(one) for one in reads))
        )
        return replace(place, instance=instance)

    async def remove(self, environment_id: str, place: Place) -> None:
        """Replicas first, since a primary that is read from stays; the administrator's password last."""
        found = await self._of(environment_id, place.project)
        for one in sorted(found, key=lambda one: not one.get("masterInstanceName")):
            await self._delete(str(one["name"]), place.project)
        await self._forget_passwords(environment_id, place)

    async def existing(self) -> set[str]:
        """Environments with an instance of their own, or a replica."""
        listed = await asyncio.gather(*(self._all(project) for project in self.where.projects))
        return {id for part in listed for one in part if (id := environment_of(one))}

    async def _primary(self, environment: EnvironmentSpec, place: Place) -> Json:
        there = await self._read(place, place.instance.name)
        if there is None:
            password = await self._password(environment, place)
            wanted = sql_instances.with_password(sql_instances.primary(environment, place), password)
            there = await self._made(wanted, place)
        if there is None or there.get("state") == FAILED:
            await self._begin_again(environment, place)
        return there or {}

    async def _begin_again(self, environment: EnvironmentSpec, place: Place) -> None:
        """What failed has used its name up."""
        await self.remove(environment.id, place)
        placed = await self.where.placements.renamed(environment.id)
        raise CloudBusy(
            f"Google could not make Cloud SQL instance {place.instance.name}; ask again, for {placed.placement.instance}."
        )

    async def _replicas(self, environment: EnvironmentSpec, place: Place) -> None:
        found = await self._following(place)
        for one in [one for one in found if one.get("state") == FAILED]:
            await self._delete(str(one["name"]), place.project)
            found.remove(one)
        wanted = environment.options.replicas
        for one in found[wanted:]:
            await self._delete(str(one["name"]), place.project)
        for one in found[:wanted]:
            await self._settled(place, str(one["name"]))
            for change in sql_instances.changes(environment, one, place.project):
                await self.google.make(change)
        for _ in range(wanted - len(found)):
            name = replica_name(place.instance.name)
            if await self._made(sql_instances.replica(environment, place, name), place) is None:
                raise CloudBusy(f"Google could not make the replica {name}; ask again.")

    async def _made(self, wanted: Resource, place: Place) -> Json | None:
        """The instance once it runs or has failed; None where it is gone again."""
        with suppress(Taken):  # by us, whom nobody told; or the name is used up, and nothing is there
            await self.google.make(wanted)
        return await self._settled(place, wanted.name)

    async def _settled(self, place: Place, name: str) -> Json | None:
        loop = asyncio.get_running_loop()
        end, pause = loop.time() + waiting.LONGEST, waiting.FIRST_PAUSE
        while (there := await self._read(place, name)) is not None and there.get("state") in BEGUN:
            if loop.time() > end:
                raise CloudAtWork(f"Google is still at work on Cloud SQL instance {name}; ask again.")
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, waiting.LONGEST_PAUSE)
        return there

    async def _delete(self, name: str, project: str) -> None:
        """Protected as long as it is wanted."""
        try:
            await self.google.make(sql_instances.unprotected(name, project))
        except Gone:
            return
        except CloudRefused:  # one that could not be made takes no change: whether it goes, deleting says
            pass
        await self.google.delete(API, f"/v1/projects/{project}/instances/{name}")

    async def _password(self, environment: EnvironmentSpec, place: Place) -> str:
        """Kept before it is used anywhere, so that a repeated step finds the same one."""
        id = admin_secret(place.instance.name)
        path = f"/v1/projects/{place.project}/secrets/{id}"
        with suppress(Taken):
            await self.google.ask(secret(environment, place, id))
        if not await self.google.read_all(SECRETS, f"{path}/versions", "versions"):
            value = chance.token_urlsafe(RANDOM_BYTES)
            await self.google.ask(version(place, id, value.encode()))
        return opened(await self.google.read(SECRETS, f"{path}/versions/1:access"), id)

    async def _forget_passwords(self, environment_id: str, place: Place) -> None:
        query = {"filter": f"labels.{ENVIRONMENT}:{environment_id}", "pageSize": "5000"}
        path = f"/v1/projects/{place.project}/secrets"
        for one in await self.google.read_all(SECRETS, path, "secrets", query):
            name = str(one["name"])
            is_ours = name.rsplit("/", 1)[-1].startswith(admin_secret(""))
            if is_ours and environment_of(one) == environment_id:
                await self.google.delete(SECRETS, f"/v1/{name}")

    async def _following(self, place: Place) -> list[Json]:
        """Its replicas, by name."""
        found = [
            one
            for one in await self._all(place.project)
            if str(one.get("masterInstanceName", "")).rsplit(":", 1)[-1] == place.instance.name
        ]
        return sorted(found, key=lambda one: str(one["name"]))

    async def _of(self, environment_id: str, project: str) -> list[Json]:
        return [one for one in await self._all(project) if environment_of(one) == environment_id]

    async def _all(self, project: str) -> list[Json]:
        """Those that are an environment's."""
        found = await self.google.read_all(API, f"/v1/projects/{project}/instances", "items")
        return [one for one in found if environment_of(one)]

    async def _read(self, place: Place, name: str) -> Json | None:
        try:
            return await self.google.read(API, f"/v1/projects/{place.project}/instances/{name}")
        except Gone:
            return None


def _address(described: Json) -> str:
    told = described.get("ipAddresses")
    listed = [one for one in told if isinstance(one, dict)] if isinstance(told, list) else []
    found = next((str(one.get("ipAddress")) for one in listed if one.get("type") == "PRIVATE"), "")
    if not found:
        raise CloudBusy(f"Cloud SQL instance {described.get('name')} has no private address yet; ask again.")
    return found
