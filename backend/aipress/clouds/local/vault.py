"""The vault: an environment's keys and passwords, sealed on disk. hostd opens them when it starts a WordPress."""

import asyncio

from aipress.clouds.base import SECRET_NAMES, EnvironmentSpec, Secrets
from aipress.errors import CloudRefused
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

    async def remove(self, environment_id: str) -> None:
        await asyncio.to_thread(self.store.remove_scope, environment_id)

    async def existing(self) -> set[str]:
        scopes = await asyncio.to_thread(self.store.scopes)
        return {scope for scope in scopes if len(scope) == 12}
