"""The vault: Secret Manager holds an environment's keys and passwords, and its owner's secrets, a secret for each name.

Of the platform's secrets version 1 counts, for ever: a service pins it. Of an owner's each version of ours is one of Google's, which
counts 1, 2, 3; an alias of the secret's says which.
"""

import secrets as chance
import time
from collections.abc import Iterable
from collections.abc import Set as AbstractSet

from aipress.clouds.base import SECRET_NAMES, EnvironmentSpec, Secrets
from aipress.clouds.gcp.answers import Gone, Taken
from aipress.clouds.gcp.belongings import anything_stands
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import ENVIRONMENT, environment_of
from aipress.clouds.gcp.names import ID, own_name, owners_secret_id, secret_id
from aipress.clouds.gcp.newest import on_newest
from aipress.clouds.gcp.placements import Found, Where
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json
from aipress.clouds.gcp.secrets import destroyed, numbered, numbers_of, opened, secret, version
from aipress.clouds.gcp.services import PLATFORM_SECRETS
from aipress.clouds.gcp.together import together
from aipress.errors import CloudRefused

REMEMBERED = 10.0  # seconds a value that was opened is known here
RANDOM_BYTES = 48  # 64 characters, A-Z a-z 0-9 _ -
API = "secretmanager"


class SecretManagerVault:
    """Random secrets, made before they are used anywhere, so that a repeated step finds the same ones."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where = google, where
        self._open: dict[tuple[str, str], tuple[float, str]] = {}

    async def ensure(self, environment: EnvironmentSpec) -> Secrets:
        """The environment's secrets; those that exist stay as they are."""
        place = await self.where.of(environment)
        await together(self._sealed(environment, place, name) for name in PLATFORM_SECRETS)
        return Secrets(scope=environment.id, names=SECRET_NAMES)

    async def reveal(self, scope: str, name: str) -> str:
        """One of the platform's secrets, for a facet that has to hand it to its server. Raises CloudRefused when there is none."""
        known = self._open.get((scope, name))
        if known and known[0] > time.monotonic():
            return known[1]
        found = await self._placed(scope)
        path = f"{_path(found.place, secret_id(scope, name))}/versions/1:access"
        try:
            value = opened(await self.google.read(API, path), name)
        except Gone:
            raise CloudRefused(f"The vault has no {name} of {scope}.") from None
        self._remember(scope, name, value)
        return value

    async def keep(self, environment_id: str, name: str, version: int, value: str) -> None:
        """As Google's next version, and then under our number of it; before that nobody finds it."""
        found = await self._placed(environment_id)
        id = owners_secret_id(environment_id, name)
        if not await self._is_there(found.place, secret_id(environment_id, PLATFORM_SECRETS[0])):
            raise CloudRefused("The environment has no part of the vault; nothing was changed.")
        await self._made(found.environment, found.place, id)
        await self._add(found.place, id, version, value)

    async def kept(self, environment_id: str) -> set[tuple[str, int]]:
        found = await self.where.find(environment_id)
        if found is None:
            return set()
        own = await self._owners(found)
        return {(name, ours) for name, one in own.items() for ours in numbers_of(one)}

    async def value(self, environment_id: str, name: str, version: int) -> str:
        found = await self._placed(environment_id)
        number = (await self.numbers(environment_id, [(name, version)]))[name]
        path = f"{_path(found.place, owners_secret_id(environment_id, name))}/versions/{number}:access"
        return opened(await self.google.read(API, path), name)

    async def numbers(self, environment_id: str, wanted: Iterable[tuple[str, int]]) -> dict[str, int]:
        """Google's number of each of these, by name, for a service to pin. Raises CloudRefused for one that isn't kept."""
        found = await self._placed(environment_id)

        async def number(name: str, ours: int) -> tuple[str, int]:
            one = await self._read(found.place, owners_secret_id(environment_id, name))
            known = numbers_of(one or {})
            if ours not in known:
                raise CloudRefused(f"The vault keeps no version {ours} of {name}; nothing was changed.")
            return name, known[ours]

        return dict(await together(number(name, ours) for name, ours in wanted))

    async def retain(self, environment_id: str, wanted: AbstractSet[tuple[str, int]]) -> None:
        found = await self.where.find(environment_id)
        if found is None:
            return
        for name, one in (await self._owners(found)).items():
            versions = {ours for known, ours in wanted if known == name}
            if versions & numbers_of(one).keys():
                await self._only(str(one["name"]), versions)
            else:
                await self.google.delete(API, f"/v1/{one['name']}")

    async def remove(self, environment_id: str) -> None:
        """The owner's first: as long as any of it is there, `existing` tells of the environment. Then nobody has to find it any more."""
        found = await self.where.find(environment_id)
        if found is None:
            return
        owners = [str(one["name"]) for one in (await self._owners(found)).values()]
        await together(self.google.delete(API, f"/v1/{name}") for name in owners)
        ids = [secret_id(environment_id, name) for name in PLATFORM_SECRETS]
        await together(self.google.delete(API, _path(found.place, id)) for id in ids)
        self._open = {key: known for key, known in self._open.items() if key[0] != environment_id}
        if not await anything_stands(self.google, found):
            await self.where.placements.forget(environment_id)

    async def existing(self) -> set[str]:
        """By the platform's part alone: without it an environment has lost its vault, whatever its owner kept there."""
        found = [one for project in self.where.projects for one in await self._labelled(project, "*")]
        ids = {str(one["name"]).rsplit("/", 1)[-1]: environment_of(one) for one in found}
        return {
            environment
            for id, environment in ids.items()
            if id.startswith(f"{own_name(environment)}-")
            and not id.startswith(owners_secret_id(environment, ""))
        }

    async def _sealed(self, environment: EnvironmentSpec, place: Place, name: str) -> None:
        """The secret with its first version, which only comes to be where there is none."""
        id = secret_id(environment.id, name)
        is_new = await self._made(environment, place, id)
        if not is_new and await self._is_there(place, f"{id}/versions/1"):
            return
        await self.google.ask(version(place, id, chance.token_urlsafe(RANDOM_BYTES).encode()))

    async def _made(self, environment: EnvironmentSpec, place: Place, id: str) -> bool:
        """Whether the secret came to be just now."""
        try:
            await self.google.ask(secret(environment, place, id))
        except Taken:
            return False
        return True

    async def _add(self, place: Place, id: str, ours: int, value: str) -> None:
        if ours in numbers_of(await self._read(place, id) or {}):
            return
        made = await self.google.ask(version(place, id, value.encode()))
        number = int(str(made["name"]).rsplit("/", 1)[-1])

        async def name_it() -> None:
            one = await self.google.read(API, _path(place, id))
            await self.google.ask(numbered(one, {**numbers_of(one), ours: number}))

        await on_newest(name_it)

    async def _only(self, name: str, versions: set[int]) -> None:
        """No other versions of a secret: first nobody finds them, then their values are gone."""

        async def forget_others() -> set[int]:
            one = await self.google.read(API, f"/v1/{name}")
            known = numbers_of(one)
            left = {ours: number for ours, number in known.items() if ours in versions}
            if left != known:
                await self.google.ask(numbered(one, left))
            return set(left.values())

        left = await on_newest(forget_others)
        for one in await self.google.read_all(API, f"/v1/{name}/versions", "versions"):
            number = int(str(one["name"]).rsplit("/", 1)[-1])
            if number not in left and one.get("state") != "DESTROYED":
                await self._destroy(str(one["name"]))

    async def _destroy(self, name: str) -> None:
        try:
            await self.google.ask(destroyed(name))
        except CloudRefused:
            if (await self.google.read(API, f"/v1/{name}")).get("state") != "DESTROYED":
                raise

    async def _owners(self, found: Found) -> dict[str, Json]:
        """The owner's secrets as they are, by name."""
        id = found.placed.environment_id
        start = f"/secrets/{owners_secret_id(id, '')}"
        listed = await self._labelled(found.place.project, id)
        return {str(one["name"]).split(start, 1)[1]: one for one in listed if start in str(one["name"])}

    async def _labelled(self, project: str, environment_id: str) -> list[Json]:
        query = {"filter": f"labels.{ENVIRONMENT}:{environment_id}", "pageSize": "5000"}
        found = await self.google.read_all(API, f"/v1/projects/{project}/secrets", "secrets", query)
        ours = [one for one in found if ID.fullmatch(environment_of(one))]
        return [one for one in ours if environment_id in ("*", environment_of(one))]

    async def _is_there(self, place: Place, id: str) -> bool:
        return await self._read(place, id) is not None

    async def _read(self, place: Place, id: str) -> Json | None:
        try:
            return await self.google.read(API, _path(place, id))
        except Gone:
            return None

    async def _placed(self, environment_id: str) -> Found:
        found = await self.where.find(environment_id)
        if found is None:
            raise CloudRefused("The environment has no part of the vault; nothing was changed.")
        return found

    def _remember(self, scope: str, name: str, value: str) -> None:
        now = time.monotonic()
        self._open = {key: known for key, known in self._open.items() if known[0] > now}
        self._open[scope, name] = now + REMEMBERED, value


def _path(place: Place, id: str) -> str:
    return f"/v1/projects/{place.project}/secrets/{id}"
