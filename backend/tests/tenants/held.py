"""Orders to the fake cloud that do not come back until they are let go."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from tests.fakes.shelf import Shelf


@dataclass
class Hold:
    """`asked` is set when somebody waits; `go` lets them, and everybody after them, through."""

    asked: asyncio.Event = field(default_factory=asyncio.Event)
    go: asyncio.Event = field(default_factory=asyncio.Event)


@contextmanager
def held(shelf: Shelf, verb: str) -> Iterator[Hold]:
    """Every `verb` said to this shelf waits until it is let go, at the latest when this ends."""
    hold, hear = Hold(), shelf.hear

    async def wait(said: str) -> None:
        if said == verb:
            hold.asked.set()
            await hold.go.wait()
        await hear(said)

    shelf.hear = wait
    try:
        yield hold
    finally:
        shelf.hear = hear
        hold.go.set()
