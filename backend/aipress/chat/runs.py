"""Answers being given: each a run of the agent apart from the request that asked for it, written into a log that others read.

A closed browser ends nothing. What was said is kept by the control plane: the question before the run, the answer after it, and
the answer so far every two seconds and whenever a card was added, so that a crash of this service loses no card and few words.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from pydantic_ai import Agent, CancellationToken
from pydantic_ai.exceptions import RunCancelled
from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter, ToolReturnPart
from pydantic_ai.run import AgentRunResult
from pydantic_ai.ui.vercel_ai.response_types import DataChunk, DoneChunk

from aipress.chat.agent import LONGEST_RUN_SECONDS, assistant
from aipress.chat.budget import Spending, begin_spending, end_spending
from aipress.chat.callers import Caller
from aipress.chat.engines import Closable, Engine
from aipress.chat.gate import Gate
from aipress.chat.log import Log, compacted
from aipress.chat.stream import SDK_VERSION, AnswerStream, as_json, masked
from aipress.errors import AIPressError, Conflict
from aipress.kit import ids, logs
from aipress.threads.schemas import MessageWrite

log = logs.get()
MOST_REMEMBERED = 500
SAVE_EVERY_SECONDS = 2.0
SAVE_AGAIN_SECONDS = (0.2, 1.0, 5.0, 15.0)
SAVED_IN_TIME_SECONDS = 10.0
ENDS = ("finish", "abort", "error")


@dataclass
class Run:
    """One answer to one question of one person. `engine`: another one than the service's."""

    conversation_id: str
    question_id: str
    prompt: str
    caller: Caller
    past: Sequence[ModelMessage]
    engine: Engine | None = None
    log: Log = field(default_factory=lambda: Log(ids.new("m")))
    token: CancellationToken = field(default_factory=CancellationToken)
    said: list[Any] | None = None
    spending: Spending = field(default_factory=Spending)
    task: "asyncio.Task[None] | None" = None
    saving: asyncio.Lock = field(default_factory=asyncio.Lock)
    saved: asyncio.Event = field(default_factory=asyncio.Event)


class Runs:
    """The answers of this process by conversation: those being given, and the latest that ended. Each turn gets a gate of its own."""

    def __init__(
        self, engine: Engine, agent: Agent[Caller, str] | None = None, new_gate: Callable[[], Gate] = Gate
    ) -> None:
        self._engine = engine
        self._agent = agent or assistant()
        self.new_gate = new_gate
        self._latest: OrderedDict[str, Run] = OrderedDict()

    def of(self, conversation_id: str) -> Run | None:
        """The latest answer in a conversation, as far as this process gave it."""
        return self._latest.get(conversation_id)

    async def free(self, conversation_id: str) -> None:
        """Return when a new answer may begin. Raises Conflict while another is being given."""
        run = self.of(conversation_id)
        if run is None:
            return
        if run.log.active:
            raise Conflict("An answer is still being given in this conversation. Stop it, or wait for it.")
        async with asyncio.timeout(SAVED_IN_TIME_SECONDS):
            await run.saved.wait()

    def begin(self, run: Run) -> None:
        """Start answering."""
        self._latest[run.conversation_id] = run
        self._latest.move_to_end(run.conversation_id)
        while len(self._latest) > MOST_REMEMBERED and not next(iter(self._latest.values())).log.active:
            self._latest.popitem(last=False)
        run.task = asyncio.create_task(self._answer(run))

    async def stop(self, conversation_id: str) -> None:
        """Stop the answer being given, if there is one."""
        run = self.of(conversation_id)
        if run is not None and run.log.active:
            run.token.cancel()

    async def forget(self, conversation_id: str) -> None:
        """Stop, and remember nothing of the conversation."""
        run = self._latest.pop(conversation_id, None)
        if run is not None and run.task is not None:
            run.token.cancel()
            await asyncio.wait([run.task], timeout=SAVED_IN_TIME_SECONDS)

    async def close(self) -> None:
        """Break off every answer; each says so and is saved. Then hang up on the model."""
        tasks = [run.task for run in self._latest.values() if run.task is not None and not run.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if isinstance(self._engine, Closable):
            await self._engine.aclose()

    async def _answer(self, run: Run) -> None:
        try:
            async with _saved_meanwhile(run):
                await self._give(run)
        finally:
            await _save_in_the_end(run)
            await end_spending(run.caller, run.spending)
            run.saved.set()

    async def _give(self, run: Run) -> None:
        """The answer to its end, which readers hear of before the last of it is saved."""
        try:
            await _speak(run, self._agent, run.engine or self._engine)
        except asyncio.CancelledError as error:
            _fail(run, error)
            raise
        except Exception as error:  # noqa: BLE001 - whatever it was, the person is told and it is logged
            _fail(run, error)
        finally:
            run.log.end()


async def _speak(run: Run, agent: Agent[Caller, str], engine: Engine) -> None:
    """Run the agent, and log each chunk until one says that it is the last."""
    model = engine(run.caller)
    run.spending = await begin_spending(run.caller, model)
    stream = AnswerStream(sdk_version=SDK_VERSION, server_message_id=run.log.id)
    async with agent.run_stream_events(
        run.prompt,
        message_history=run.past,
        model=model,
        deps=run.caller,
        usage=run.caller.gate.usage,
        usage_limits=run.spending.limits,
        cancellation_token=run.token,
        timeout=LONGEST_RUN_SECONDS,
    ) as events:

        async def keep(result: AgentRunResult[str]) -> None:
            run.said = _dumped(result.new_messages())

        async def keep_part(cancelled: RunCancelled) -> None:
            run.said = _dumped(cancelled.new_messages())

        async for chunk in stream.transform_stream(events, on_complete=keep, on_cancel=keep_part):
            if isinstance(chunk, DoneChunk) or _has_ended(run):
                continue
            run.log.append(as_json(chunk))
            if isinstance(chunk, DataChunk):
                await _save_once(run)


def _has_ended(run: Run) -> bool:
    return bool(run.log.chunks) and run.log.chunks[-1]["type"] in ENDS


def _fail(run: Run, error: BaseException) -> None:
    if not _has_ended(run):
        run.log.append(as_json(masked(error)))


def _dumped(messages: Sequence[ModelMessage]) -> list[Any]:
    """The turn as it is told to a model later on: without what tools said to the screen only."""
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolReturnPart):
                part.metadata = None
    dumped: list[Any] = ModelMessagesTypeAdapter.dump_python(list(messages), mode="json")
    return dumped


@asynccontextmanager
async def _saved_meanwhile(run: Run) -> AsyncIterator[None]:
    """While the answer is being given, keep what there is of it, every two seconds in which there was more."""
    is_over = asyncio.Event()
    saving = asyncio.create_task(_save_now_and_then(run, is_over))
    try:
        yield
    finally:
        is_over.set()
        await saving  # never broken off: what it has sent may not arrive behind the whole answer


async def _save_now_and_then(run: Run, is_over: asyncio.Event) -> None:
    kept = 0
    while not is_over.is_set():
        with suppress(TimeoutError):
            async with asyncio.timeout(SAVE_EVERY_SECONDS):
                await is_over.wait()
        if len(run.log.chunks) > kept and not is_over.is_set():
            kept = len(run.log.chunks)
            await _save_once(run)


async def _save_once(run: Run) -> bool:
    """Whether the answer so far was kept. That it was not is no reason to stop giving it."""
    async with run.saving:
        written = MessageWrite(
            role="assistant", chunks=compacted(run.log.chunks), history=run.said, active=run.log.active
        )
        try:
            await run.caller.control_plane.write_message(run.conversation_id, run.log.id, written)
        except AIPressError as error:
            log.warning("an answer is not saved yet", conversation=run.conversation_id, why=str(error))
            return False
        return True


async def _save_in_the_end(run: Run) -> None:
    for pause in (*SAVE_AGAIN_SECONDS, None):
        if await _save_once(run):
            return
        if pause is not None:
            await asyncio.sleep(pause)
    log.error("an answer is lost", conversation=run.conversation_id, answer=run.log.id)
