"""The assistant over HTTP: an answer is a stream of server-sent events, which can be left and taken up again."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request, Response
from starlette.convertors import StringConvertor, register_url_convertor

from aipress.chat import service
from aipress.chat.callers import agent_of
from aipress.chat.control_plane import ControlPlane
from aipress.chat.log import HEADERS, Log, place_in
from aipress.chat.runs import Runs
from aipress.chat.schemas import (
    ConversationId,
    Conversations,
    ConversationShown,
    ConversationSummary,
    Renaming,
    Suggestions,
    Turn,
)
from aipress.chat.suggestions import suggestions_for
from aipress.web.description import EventStream


class _NamedByItsId(StringConvertor):
    """A path of one conversation: not of what else has an address below `/chat`."""

    regex = r"(?!suggestions$)[^/]+"


register_url_convertor("conversation", _NamedByItsId())
router = APIRouter(prefix="/chat", tags=["chat"])
ONE = "/{conversation_id:conversation}"
ITS_ID = "x-conversation-id"
IN_ONE = {
    name: {"operationId": name, "parameters": {"conversation_id": f"$response.header.{ITS_ID}"}}
    for name in (
        "read_conversation",
        "resume_stream",
        "rename_conversation",
        "stop_answer",
        "forget_conversation",
    )
}
BEGUN: dict[int | str, dict[str, Any]] = {
    200: {"headers": {ITS_ID: {"schema": {"type": "string"}, "required": True}}, "links": IN_ONE}
}
NOTHING_MORE: dict[int | str, dict[str, Any]] = {204: {"description": "Nothing more comes"}}


async def _agent(request: Request) -> ControlPlane:
    return await agent_of(request, request.app.state.http, request.app.state.settings)


def _runs(request: Request) -> Runs:
    runs: Runs = request.app.state.runs
    return runs


Agent = Annotated[ControlPlane, Depends(_agent)]
Answers = Annotated[Runs, Depends(_runs)]


@router.post("", response_class=EventStream, responses=BEGUN)
async def say_something(turn: Turn, agent: Agent, runs: Answers) -> EventStream:
    """Say something, or try an answer again. Answers with the Vercel AI UI message stream.

    The conversation's id is in the header `x-conversation-id`. The answer goes on when the connection is cut.
    """
    conversation_id, log = await service.say(runs, agent, turn)
    return _streamed(log, conversation_id)


@router.get("")
async def list_conversations(agent: Agent, cursor: str | None = None) -> Conversations:
    """Your conversations, newest first."""
    return await service.listed(agent, cursor)


@router.get("/suggestions")
async def suggest(agent: Agent) -> Suggestions:
    """What you might say next, from how your sites and plans are now."""
    return Suggestions(items=await suggestions_for(agent))


@router.get(ONE)
async def read_conversation(
    conversation_id: ConversationId, agent: Agent, runs: Answers
) -> ConversationShown:
    """One conversation, whole."""
    return await service.look_back(runs, agent, conversation_id)


@router.patch(ONE)
async def rename_conversation(
    conversation_id: ConversationId, wish: Renaming, agent: Agent
) -> ConversationSummary:
    """Give a conversation another title."""
    return await service.rename(agent, conversation_id, wish.title)


@router.get("/{conversation_id}/stream", response_class=EventStream, responses=NOTHING_MORE)
async def resume_stream(
    conversation_id: ConversationId,
    agent: Agent,
    runs: Answers,
    last_event_id: Annotated[str | None, Header()] = None,
) -> Response:
    """Take up the latest answer again, behind `Last-Event-ID`; without one, all of it while it is being given. 204: nothing more."""
    log = await service.follow(runs, agent, conversation_id)
    after = place_in(log.id, last_event_id) if log else None
    if log is None or (after is None and (last_event_id or not log.active)):
        return Response(status_code=204)
    return _streamed(log, conversation_id, after or 0)


@router.post("/{conversation_id}/cancel", status_code=202, response_class=Response)
async def stop_answer(conversation_id: ConversationId, agent: Agent, runs: Answers) -> Response:
    """Stop the answer being given."""
    await service.stop(runs, agent, conversation_id)
    return Response(status_code=202)


@router.delete(ONE, status_code=204)
async def forget_conversation(conversation_id: ConversationId, agent: Agent, runs: Answers) -> Response:
    """Forget a conversation."""
    await service.forget(runs, agent, conversation_id)
    return Response(status_code=204)


def _streamed(log: Log, conversation_id: ConversationId, after: int = 0) -> EventStream:
    headers = {**HEADERS, ITS_ID: conversation_id}
    return EventStream(log.frames(after), headers=headers)
