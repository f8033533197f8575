"""An inspection that sees what it was told to."""

from collections.abc import Sequence
from typing import TypeVar

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.inspection import ConnectionsState, MachineState, NameState, PageState, TableState

T = TypeVar("T")
GIB = 2**30


class FakeInspection:
    """A machine with room, a database with connections to spare, and names that lead here; `away` is raised instead."""

    def __init__(self) -> None:
        self.seen_machine = MachineState(disk_free=60 * GIB, disk_size=100 * GIB, processors=2)
        self.seen_connections = ConnectionsState(open=1, most=20, all_open=9, all_most=500)
        self.seen_tables: list[TableState] = []
        self.seen_names: list[NameState] = []
        self.seen_page = PageState(200, (), "")
        self.away: Exception | None = None

    async def machine(self, environment: EnvironmentSpec) -> MachineState:
        return self._told(self.seen_machine)

    async def connections(self, environment: EnvironmentSpec) -> ConnectionsState:
        return self._told(self.seen_connections)

    async def tables(self, environment: EnvironmentSpec, names: Sequence[str]) -> list[TableState]:
        return self._told([one for one in self.seen_tables if one.name in names])

    async def names(self, environment: EnvironmentSpec) -> list[NameState]:
        return self._told(self.seen_names)

    async def front_page(self, environment: EnvironmentSpec) -> PageState | None:
        return self._told(self.seen_page)

    def _told(self, state: T) -> T:
        if self.away:
            raise self.away
        return state
