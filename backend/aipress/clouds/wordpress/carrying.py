"""How a site's database is carried, wherever its server is: frozen, dumped, loaded, held against its copy, readdressed."""

from collections.abc import AsyncIterable, AsyncIterator

from aipress.clouds.base import Address
from aipress.errors import CloudRefused

NOT_YET = "Databases of this cloud can't be carried yet. Nothing was changed."


class Carried:
    """The verbs of `CarriedDatabases` that both clouds' databases have."""

    async def freeze(self, environment_id: str) -> None:
        raise CloudRefused(NOT_YET)

    async def thaw(self, environment_id: str) -> None:
        raise CloudRefused(NOT_YET)

    async def dump(self, environment_id: str) -> AsyncIterator[bytes]:
        raise CloudRefused(NOT_YET)
        yield b""

    async def load(self, environment_id: str, dump: AsyncIterable[bytes]) -> None:
        raise CloudRefused(NOT_YET)

    async def digest(self, environment_id: str) -> str:
        raise CloudRefused(NOT_YET)

    async def readdress(self, environment_id: str, old: Address, new: Address) -> None:
        raise CloudRefused(NOT_YET)
