"""The facet of costs where Google's bill is written up to whatever moment a suite meters: the simulator counts what there is in it."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from datetime import date, datetime
from pathlib import Path

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.costs import CostLine, Costs, Window
from aipress.clouds.pricing import PriceSheet
from gcpsim.machines.billing.biller import Biller
from gcpsim.machines.warehouse import Duck
from tests.clouds.gcp.simulated import BILLING_TABLE, Simulated


class Billed:
    """Its warehouse begins with the first bill."""

    def __init__(self, costs: Costs, on: Simulated, folder: Path) -> None:
        self.costs, self.on, self.folder = costs, on, folder
        self.ending = ExitStack()
        self.has_begun = False

    async def meter(self, environments: Sequence[EnvironmentSpec], now: datetime) -> None:
        world = self.on.simulator.world
        with world.turn:
            self._begin()
            world.clock.pass_time(max(0.0, now.timestamp() - world.clock.now()))
            world.bill({"table": BILLING_TABLE, "until": now.isoformat()})
        await self.costs.meter(environments, now)

    async def lines(self, query: str, window: Window) -> list[CostLine]:
        return await self.costs.lines(query, window)

    async def shares(self, day: date) -> Mapping[str, Mapping[str, int]]:
        return await self.costs.shares(day)

    def prices(self) -> PriceSheet:
        return self.costs.prices()

    def _begin(self) -> None:
        if not self.has_begun:
            world, self.has_begun = self.on.simulator.world, True
            world.warehouse = duck = Duck(self.folder)
            self.ending.callback(duck.close)
            biller = Biller(self.folder)
            biller.begin(world)
            self.ending.callback(biller.end)


@contextmanager
def billed(on: Simulated, folder: Path) -> Iterator[Billed]:
    """The cloud's costs; the bill is written no further when this is left."""
    made = Billed(on.cloud.costs, on, folder)
    with made.ending:
        yield made
