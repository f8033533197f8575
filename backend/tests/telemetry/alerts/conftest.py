"""Alerts are tested on the whole control plane; what is posted is kept, and mail is what its outbox caught."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from typing import Any

import pytest_asyncio

from aipress.telemetry.alerts import deliveries
from aipress.telemetry.alerts.webhooks import NotDelivered, Poster
from tests.api.wire import wire
from tests.api.world import World, running, world
from tests.events.conftest import hub
from tests.tenants.lasting import lasting_url

__all__ = ["hub", "lasting_url", "running", "wire", "world"]


@dataclass(frozen=True)
class Posted(Poster):
    """Keeps what would be posted; fails as often as it is told."""

    kept: list[tuple[str, bytes, str, str]] = field(default_factory=list)
    fails: list[str] = field(default_factory=list)

    async def post(self, url: str, body: bytes, delivery_id: str, secret: str) -> None:
        if self.fails:
            raise NotDelivered(self.fails.pop(0))
        self.kept.append((url, body, delivery_id, secret))


@pytest_asyncio.fixture(loop_scope="module")
async def posted(world: World) -> AsyncIterator[Posted]:
    before, kept = deliveries.carriers(), Posted()
    deliveries.use(replace(before, poster=kept))
    yield kept
    deliveries.use(before)


async def mails(world: World, to: str) -> list[dict[str, Any]]:
    """What this person was sent, newest first."""
    caught = await deliveries.carriers().outbox.caught(200)
    return [{"subject": one.subject, "text": one.text, "id": one.id} for one in caught[0] if one.to == to]
