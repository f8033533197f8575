"""What can be seen of an environment's surroundings at this moment, on every cloud: the machine, its database, its host names.

Nobody's name but the environment's own is in it: of its neighbours it says only what all of them together take.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from aipress.clouds.base import EnvironmentSpec


@dataclass(frozen=True)
class MachineState:
    """The place it runs on: bytes of disk free and in all, processors, and how many processes were ended for its memory limit."""

    disk_free: int
    disk_size: int
    processors: int
    memory_kills: int = 0


@dataclass(frozen=True)
class ConnectionsState:
    """Connections to its database that are open, and that it may have; the same of everybody's together."""

    open: int
    most: int
    all_open: int
    all_most: int


@dataclass(frozen=True)
class TableState:
    """One of its tables: about how many rows, its columns, and those of them that an index begins with."""

    name: str
    rows: int
    columns: frozenset[str]
    indexed: frozenset[str]


@dataclass(frozen=True)
class NameState:
    """One host name it answers to. `expected` is where it should lead, `found` where it does (None: not asked, or no answer).

    `certificate_ends` is of the certificate that visitors are shown; None where there is none, or none was asked for.
    """

    host: str
    expected: tuple[str, ...] = ()
    found: tuple[str, ...] | None = None
    certificate_ends: datetime | None = None


@dataclass(frozen=True)
class PageState:
    """Its front page as a stranger gets it: the names of cookies it sets, and what it says of keeping it."""

    status: int
    cookies: tuple[str, ...]
    cache_control: str


class Inspection(Protocol):
    async def machine(self, environment: "EnvironmentSpec") -> MachineState: ...

    async def connections(self, environment: "EnvironmentSpec") -> ConnectionsState: ...

    async def tables(self, environment: "EnvironmentSpec", names: Sequence[str]) -> list[TableState]:
        """Those of these tables that it has."""

    async def names(self, environment: "EnvironmentSpec") -> list[NameState]:
        """Every host name that leads to it, as a visitor finds it."""

    async def front_page(self, environment: "EnvironmentSpec") -> PageState | None:
        """Fetched now, which is a visit; None where nothing comes."""
