"""What a person can ask of the assistant: say something, try again, read on, look back, rename, stop, forget."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from weakref import WeakValueDictionary

from pydantic_ai.messages import ModelMessage, ModelMessagesTypeAdapter, ModelResponse, TextPart

from aipress.chat.callers import Caller, look_up
from aipress.chat.control_plane import ControlPlane
from aipress.chat.engines import WITHOUT_A_MODEL
from aipress.chat.labels import tenant_named_in
from aipress.chat.log import Log, compacted
from aipress.chat.offline_model import OFFLINE
from aipress.chat.runs import ENDS, Run, Runs
from aipress.chat.schemas import (
    LONGEST_TITLE,
    AnswerShown,
    Chunk,
    Conversations,
    ConversationShown,
    ConversationSummary,
    QuestionShown,
    Turn,
)
from aipress.errors import NotFound
from aipress.threads.schemas import MessageRead, MessageWrite, Question, ThreadRead, ThreadSummary

TURNS_REMEMBERED = 30
ANSWERED = "(answered; what was said is on the person's screen)"
INTERRUPTED: Chunk = {"type": "error", "errorText": json.dumps({"code": "run_failed"})}
_one_at_a_time: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()


async def say(runs: Runs, agent: ControlPlane, turn: Turn) -> tuple[str, Log]:
    """Take a message and begin to answer it; the conversation's id, and the answer's log.

    A message that was taken before is not asked twice: its answer is given again. Raises Conflict while another answer is
    being given, NotFound for a conversation that is not this person's.
    """
    caller = Caller(agent, gate=runs.new_gate())
    await look_up(caller)
    async with _one_at_a_time.setdefault(caller.id, asyncio.Lock()):
        thread = await _thread_of(agent, turn)
        question_id = turn.message.id if turn.message else str(turn.retry)
        if known := await _answer_to(runs, thread, question_id):
            return thread.id, known
        await runs.free(thread.id)
        prompt = await _ask(agent, thread, turn)
        past = _past_before(await agent.thread(thread.id), question_id) if turn.conversation_id else []
        caller.turn, caller.about = question_id, tenant_named_in(prompt, caller.sites)
        run = Run(thread.id, question_id, prompt, caller, past, WITHOUT_A_MODEL if turn.engine else None)
        await agent.write_message(
            thread.id, run.log.id, MessageWrite(role="assistant", chunks=[], active=True)
        )
        runs.begin(run)
        return thread.id, run.log


async def follow(runs: Runs, agent: ControlPlane, conversation_id: str) -> Log | None:
    """The log of the latest answer, if this process has it. Raises NotFound for a conversation that is not theirs."""
    await agent.thread(conversation_id)
    run = runs.of(conversation_id)
    return run.log if run else None


async def look_back(runs: Runs, agent: ControlPlane, conversation_id: str) -> ConversationShown:
    """The conversation so far."""
    thread = await agent.thread(conversation_id)
    return ConversationShown(
        id=thread.id,
        title=thread.title[:LONGEST_TITLE],
        shared_at=thread.shared_at,
        messages=[_shown(message, runs.of(thread.id)) for message in thread.messages],
    )


async def listed(agent: ControlPlane, cursor: str | None) -> Conversations:
    """This person's conversations, newest first."""
    page = await agent.threads(cursor)
    items = await asyncio.gather(*(_summary(agent, thread) for thread in page.items))
    return Conversations(items=items, next_cursor=page.next_cursor)


async def rename(agent: ControlPlane, conversation_id: str, title: str) -> ConversationSummary:
    """Call the conversation `title`. Raises NotFound for one that is not theirs."""
    return await _summary(agent, await agent.rename_thread(conversation_id, title))


async def stop(runs: Runs, agent: ControlPlane, conversation_id: str) -> None:
    """Stop the answer being given. Safe to say twice, or when there is none."""
    await agent.thread(conversation_id)
    await runs.stop(conversation_id)


async def forget(runs: Runs, agent: ControlPlane, conversation_id: str) -> None:
    """The conversation, gone."""
    await agent.thread(conversation_id)
    await runs.forget(conversation_id)
    await agent.forget_thread(conversation_id)


async def _thread_of(agent: ControlPlane, turn: Turn) -> ThreadRead:
    if turn.conversation_id is not None:
        return await agent.thread(turn.conversation_id)
    title = turn.message.text[:LONGEST_TITLE] if turn.message else ""
    return await agent.begin_thread(title, turn.message.id if turn.message else "")


async def _answer_to(runs: Runs, thread: ThreadRead, question_id: str) -> Log | None:
    """The answer that this question has already, being given or whole; None when it has none, or one that failed."""
    run = runs.of(thread.id)
    if run and run.question_id == question_id and (run.log.active or not has_failed(run.log.chunks)):
        return run.log
    asked = [place for place, one in enumerate(thread.messages) if one.id == question_id]
    answers = [one for one in thread.messages[asked[0] + 1 :] if one.role == "assistant"] if asked else []
    for answer in answers[:1]:
        if answer.chunks and not answer.active and not has_failed(answer.chunks):
            log = Log(answer.id, answer.chunks)
            log.end()
            return log
    return None


async def _ask(agent: ControlPlane, thread: ThreadRead, turn: Turn) -> str:
    """Write the question down, before anything is done about it. Raises NotFound when there is none to retry."""
    if turn.message is not None:
        written = MessageWrite(role="user", text=turn.message.text)
        await agent.write_message(thread.id, turn.message.id, written)
        return turn.message.text
    for message in thread.messages:
        if message.id == turn.retry and message.role == "user" and message.text:
            return message.text
    raise NotFound("There is no such message in this conversation.")


def _past_before(thread: ThreadRead, question_id: str) -> list[ModelMessage]:
    """What the model knows of the conversation: the turns before this question, the latest of them."""
    turns: list[Sequence[ModelMessage]] = []
    for message in thread.messages:
        if message.id == question_id:
            break
        if message.history:
            turns.append(ModelMessagesTypeAdapter.validate_python(message.history))
    return [_retold(message) for turn in turns[-TURNS_REMEMBERED:] for message in turn]


def _retold(message: ModelMessage) -> ModelMessage:
    """An answer of the offline engine quotes names and refusals that others may have written: no other model is told its words."""
    if not isinstance(message, ModelResponse) or message.model_name != OFFLINE:
        return message
    parts = [TextPart(ANSWERED) if isinstance(part, TextPart) else part for part in message.parts]
    return replace(message, parts=parts)


def _shown(message: MessageRead, run: Run | None) -> QuestionShown | AnswerShown:
    if message.role == "user":
        return QuestionShown(id=message.id, text=message.text or "", created_at=message.created_at)
    if run and run.log.id == message.id:
        return AnswerShown(id=message.id, active=run.log.active, chunks=compacted(run.log.chunks))
    chunks = message.chunks or []
    if message.active:
        # It was being given when this service ended: nobody goes on with it.
        chunks = [*(chunks or [{"type": "start", "messageId": message.id}]), INTERRUPTED]
    return AnswerShown(id=message.id, active=False, chunks=chunks)


def has_failed(chunks: Sequence[Chunk]) -> bool:
    """Whether an answer that has ended did not come to its own end."""
    return not any(chunk["type"] in ENDS and chunk["type"] != "error" for chunk in chunks)


async def _summary(agent: ControlPlane, thread: ThreadSummary) -> ConversationSummary:
    return ConversationSummary(
        id=thread.id,
        title=thread.title[:LONGEST_TITLE],
        updated_at=thread.updated_at,
        shared_at=thread.shared_at,
        needs_you=await _needs_you(agent, thread.asks),
    )


async def _needs_you(agent: ControlPlane, asks: Sequence[Question]) -> bool:
    plans = [one.plan_id for one in asks if one.plan_id]
    states = await asyncio.gather(*(_state_of(agent, plan_id) for plan_id in plans))
    return any(one.kind == "choice" for one in asks) or "proposed" in states


async def _state_of(agent: ControlPlane, plan_id: str) -> str:
    try:
        return (await agent.plan(plan_id)).state
    except NotFound:
        return "gone"
