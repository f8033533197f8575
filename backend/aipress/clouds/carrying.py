"""How what a site is made of is carried from one cloud to another: read whole there, written whole here, held against each other.

Whoever carries says each verb again after a failure. None of them leaves a half that passes for a whole.
"""

from collections.abc import AsyncIterable, AsyncIterator
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aipress.clouds.base import Address


class CarriedDatabases(Protocol):
    """Verbs raise CloudRefused where the environment has no database here."""

    async def freeze(self, environment_id: str) -> None:
        """From when this returns until `thaw` its WordPress only reads: the database itself refuses writes, from pages and cron that
        were already running too. Visitors go on reading; what would write is told to come back soon (503)."""

    async def thaw(self, environment_id: str) -> None:
        """Its WordPress writes again. What isn't frozen stays as it is."""

    def dump(self, environment_id: str) -> AsyncIterator[bytes]:
        """The database at one moment, as SQL that MariaDB and MySQL understand; said as the environment's own user.

        Raises CloudRefused, before the first bytes, where there is something in it that can't be carried.
        """

    async def load(self, environment_id: str, dump: AsyncIterable[bytes]) -> None:
        """A dump in place of whatever is in the database, said as the environment's own user; not frozen, whatever it was there.

        Raises CloudRefused, with nothing changed, where this server lacks what the dump needs. When anything else fails, what is in
        it is worth nothing until it was loaded again, whole.
        """

    async def digest(self, environment_id: str) -> str:
        """SHA-256, as hex, of every row of every table: the same on every cloud for the same rows, frozen or not."""

    async def readdress(self, environment_id: str, old: "Address", new: "Address") -> None:
        """Every URL below the old address leads to the new one, inside PHP's serialised values too."""
