"""One answer as an append-only log of chunks: written once by its run, read by any number of streams, from any place."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence

from aipress.chat.schemas import Chunk

HEADERS = {
    "x-vercel-ai-ui-message-stream": "v1",
    "cache-control": "no-cache, no-transform",
    "x-accel-buffering": "no",
}
SILENCE_SECONDS = 10.0
END = "data: [DONE]\n\n"
KEEP_ALIVE = ": keep-alive\n\n"
JOINED = {"text-delta": "delta", "reasoning-delta": "delta"}
DROPPED = {"tool-input-start", "tool-input-delta"}


class Log:
    """The chunks of one answer. `active` until its run has said the last of them."""

    def __init__(self, answer_id: str, chunks: Sequence[Chunk] = ()) -> None:
        self.id = answer_id
        self.chunks = list(chunks)
        self.active = True
        self._news = asyncio.Event()

    def append(self, chunk: Chunk) -> None:
        self.chunks.append(chunk)
        self._tell()

    def end(self) -> None:
        self.active = False
        self._tell()

    def _tell(self) -> None:
        news, self._news = self._news, asyncio.Event()
        news.set()

    async def frames(self, after: int = 0) -> AsyncIterator[str]:
        """Server-sent events from the chunk behind `after`, waited for while the answer is being given.

        Each has the id `<answer>:<number>`; a client that lost its connection names the last one it saw.
        """
        place = after
        while True:
            news = self._news
            while place < len(self.chunks):
                place += 1
                yield f"id: {self.id}:{place}\ndata: {json.dumps(self.chunks[place - 1])}\n\n"
            if not self.active:
                yield END
                return
            try:
                async with asyncio.timeout(SILENCE_SECONDS):
                    await news.wait()
            except TimeoutError:
                yield KEEP_ALIVE


def place_in(answer_id: str, last_event_id: str | None) -> int | None:
    """How many chunks of this answer the reader has seen; None when they speak of another answer, or of none."""
    named, _, place = (last_event_id or "").rpartition(":")
    return int(place) if named == answer_id and place.isdecimal() else None


def compacted(chunks: Sequence[Chunk]) -> list[Chunk]:
    """The same answer in fewer chunks: deltas joined, a card only as it was last, what only a live reader needs left out."""
    kept: list[Chunk] = []
    places: dict[tuple[str, str], int] = {}
    for chunk in chunks:
        kind, key = chunk["type"], (chunk["type"], str(chunk.get("id", "")))
        if kind in DROPPED:
            continue
        if key in places and kind in JOINED:
            earlier = kept[places[key]]
            kept[places[key]] = {**earlier, "delta": earlier["delta"] + chunk["delta"]}
        elif key in places and kind.startswith("data-"):
            kept[places[key]] = chunk
        else:
            if kind in JOINED or (kind.startswith("data-") and chunk.get("id")):
                places[key] = len(kept)
            kept.append(chunk)
    return kept
