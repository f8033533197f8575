"""A run of the agent as chunks of the UI message stream. What goes wrong leaves as a code and a reference, never as its text."""

import json
import secrets
from collections.abc import AsyncIterator
from typing import Literal

from pydantic_ai.exceptions import RunCancelled, RunTimedOut
from pydantic_ai.ui.vercel_ai import VercelAIEventStream
from pydantic_ai.ui.vercel_ai.response_types import BaseChunk, DataChunk, ErrorChunk

from aipress.chat.callers import Caller
from aipress.chat.failures import failure_of
from aipress.chat.schemas import Chunk
from aipress.kit import logs

log = logs.get()
SDK_VERSION: Literal[7] = 7


class AnswerStream(VercelAIEventStream[Caller, str]):
    """pydantic-ai's own translation, with failures masked and a stop said in a way that survives a reload."""

    async def on_error(self, error: Exception) -> AsyncIterator[BaseChunk]:
        async for chunk in super().on_error(error):
            yield masked(error) if isinstance(chunk, ErrorChunk) else chunk

    async def on_cancelled(self, cancelled: RunCancelled) -> AsyncIterator[BaseChunk]:
        if isinstance(cancelled, RunTimedOut):
            yield masked(cancelled)
            return
        yield DataChunk(type="data-run", id="run", data={"state": "cancelled"})
        async for chunk in super().on_cancelled(cancelled):
            yield chunk


def masked(error: BaseException) -> ErrorChunk:
    """What the browser is told of a failure; all of it is in the log, under the same reference."""
    ref, failure = secrets.token_hex(4), failure_of(error)
    log.error("an answer failed", ref=ref, code=failure.code, exc_info=error)
    told = {"code": failure.code, "ref": ref, "detail": failure.said, "offline": failure.is_the_models}
    return ErrorChunk(error_text=json.dumps(told))


def as_json(chunk: BaseChunk) -> Chunk:
    """The chunk as it is logged and sent."""
    encoded: Chunk = json.loads(chunk.encode(SDK_VERSION))
    return encoded
