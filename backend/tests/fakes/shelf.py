"""What all facets of the fake cloud share."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.fakes.cloud import FakeCloud


class Shelf:
    """What all fake facets share: things by environment, and an ear for orders to fail."""

    def __init__(self, cloud: "FakeCloud", noun: str) -> None:
        self.cloud, self.noun = cloud, noun
        self.things: set[str] = set()

    async def hear(self, verb: str) -> None:
        await self.cloud.hear(f"{verb} {self.noun}")

    async def remove(self, environment_id: str) -> None:
        await self.hear("remove")
        self.things.discard(environment_id)

    async def existing(self) -> set[str]:
        return set(self.things)
