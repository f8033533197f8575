"""The vault: an environment's keys and passwords, and its owner's secrets, sealed on disk. hostd opens them when it starts a
WordPress."""

import asyncio
from collections.abc import Set as AbstractSet

from aipress.clouds.base import SECRET_NAMES, EnvironmentSpec, Secrets
from aipress.clouds.local import own_secrets
from aipress.errors import CloudBusy, CloudRefused
from aipress.kit.sealed import SealedError, SealedStore


class SealedVault:
    """Random secrets, made before they are used anywhere, so that a repeated step finds the same ones."""

    def __init__(self, store: SealedStore) -> None:
        self.store = store

    async def ensure(self, environment: EnvironmentSpec) -> Secrets:
        """The environment's secrets; those that exist stay as they are."""
        await asyncio.to_thread(self.store.generate, environment.id, SECRET_NAMES)
        return Secrets(scope=environment.id, names=SECRET_NAMES)

    def reveal(self, scope: str, name: str) -> str:
        """A secret, for a facet that has to hand it to its server. Raises CloudRefused when it can't be opened."""
        try:
            return self.store.get(scope, name)
        except SealedError as error:
            raise CloudRefused(f"The vault can't open {name} of {scope}: {error}") from error

    async def keep(self, environment_id: str, name: str, version: int, value: str) -> None:
        """In a scope and under a data key of their own, apart from the platform's."""
        scope, sealed = own_secrets.scope_of(environment_id), own_secrets.sealed_name(name, version)
        if not await asyncio.to_thread(self.store.names, environment_id):
            raise CloudRefused("The environment has no part of the vault; nothing was changed.")
        try:
            await asyncio.to_thread(self.store.put, scope, sealed, value)
        except (SealedError, OSError) as error:
            raise CloudBusy(f"The vault could not keep {name}; nothing was changed.") from error

    async def kept(self, environment_id: str) -> set[tuple[str, int]]:
        found = await asyncio.to_thread(self.store.names, own_secrets.scope_of(environment_id))
        return {own_secrets.told_apart(sealed) for sealed in found}

    async def value(self, environment_id: str, name: str, version: int) -> str:
        scope, sealed = own_secrets.scope_of(environment_id), own_secrets.sealed_name(name, version)
        return await asyncio.to_thread(self.reveal, scope, sealed)

    async def retain(self, environment_id: str, wanted: AbstractSet[tuple[str, int]]) -> None:
        scope = own_secrets.scope_of(environment_id)
        for name, version in await self.kept(environment_id) - wanted:
            await asyncio.to_thread(self.store.remove, scope, own_secrets.sealed_name(name, version))

    async def remove(self, environment_id: str) -> None:
        """The owner's first: as long as any of it is there, `existing` tells of the environment."""
        for scope in (own_secrets.scope_of(environment_id), environment_id):
            await asyncio.to_thread(self.store.remove_scope, scope)

    async def existing(self) -> set[str]:
        """By the platform's part alone: without it an environment has lost its vault, whatever its owner kept there."""
        scopes = await asyncio.to_thread(self.store.scopes)
        return {scope for scope in scopes if len(scope) == 12}
