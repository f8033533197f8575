"""A language model understanding sentences: the assistant itself with its own tools, which are noted instead of called."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

import httpx
from pydantic_ai import DeferredToolRequests
from pydantic_ai.exceptions import ModelAPIError, UnexpectedModelBehavior, UsageLimitExceeded
from pydantic_ai.messages import ModelMessage, ModelRequest, ModelResponse, TextPart, UserPromptPart
from pydantic_ai.models import Model
from pydantic_ai.run import AgentRunResult
from pydantic_ai.toolsets import ExternalToolset

from aipress.chat.agent import LIMITS, assistant
from aipress.chat.callers import Caller
from aipress.chat.control_plane import ControlPlane
from aipress.chat.engines import engine_for
from aipress.chat.tools import tools
from aipress.chat.understanding import Explained, Sentence, Understanding
from aipress.config import Settings
from aipress.errors import CloudBusy
from aipress.plans.actions import ACTIONS
from aipress.tenants.schemas import OwnerRead, TenantRead

ASKED_FOR = {
    "name": ("called", "name"),
    "domain": ("domain",),
    "tier": ("tier", "plan"),
    "backup": ("backup",),
    "to": ("cloud", "machine"),
    "bundle": ("bundle",),
    "metric": ("metric", "figure"),
}


def rehearse(settings: Settings) -> Understanding:
    """Understanding by the model of these settings. Raises Invalid when it is not configured."""
    engine = engine_for(settings)

    def understand(sentences: Sequence[Sentence]) -> Iterable[Explained]:
        callers = [caller_of(sentence) for sentence in sentences]
        return asyncio.run(_in_turn([(engine(caller), caller) for caller in callers], sentences))

    return understand


async def _in_turn(heard: Sequence[tuple[Model, Caller]], sentences: Sequence[Sentence]) -> list[Explained]:
    pairs = zip(heard, sentences, strict=True)
    return [await rehearsed(model, caller, sentence) for (model, caller), sentence in pairs]


async def rehearsed(model: Model, caller: Caller, sentence: Sentence) -> Explained:
    """What the model would do with one sentence: the tools it would call first, or what its words amount to.

    Garbage is its own fault and counts as nothing understood. Raises CloudBusy when it can't be asked at all.
    """
    noted: ExternalToolset[Caller] = ExternalToolset([tool.tool_def for tool in tools()])
    try:
        with assistant().override(model=model, tools=[], toolsets=[noted]):
            done: AgentRunResult[str | DeferredToolRequests] = await assistant().run(
                sentence.text,
                output_type=[str, DeferredToolRequests],
                message_history=_said_before(sentence.thread),
                deps=caller,
                usage_limits=LIMITS,
            )
    except (UnexpectedModelBehavior, UsageLimitExceeded) as error:
        return {"failed": str(error)}
    except ModelAPIError as error:
        raise CloudBusy(f"The model could not be asked: {error}") from error
    return _explained(done.output)


def _explained(output: str | DeferredToolRequests) -> Explained:
    if isinstance(output, str):
        return {"ask": _asked_for(output)} if "?" in output else {"decline": True}
    by_tool = {action.tool: action.id for action in ACTIONS.values()}
    first, *later = (
        {"action": by_tool[call.tool_name], "arguments": _without_blanks(call.args_as_dict())}
        if call.tool_name in by_tool
        else {"ask": "tenant"}
        for call in output.calls
    )
    return {**first, "then": later} if later else first


def _without_blanks(arguments: dict[str, object]) -> dict[str, object]:
    return {name: value for name, value in arguments.items() if value is not None}


def _asked_for(words: str) -> str:
    """The argument a question is about, by its words; the site when no other is spoken of."""
    said = words.lower()
    return next((name for name, cues in ASKED_FOR.items() if any(cue in said for cue in cues)), "tenant")


def _said_before(thread: Sequence[str]) -> list[ModelMessage]:
    """Earlier messages, answered with nothing: what was said back then is not part of a sentence."""
    return [
        message
        for text in thread
        for message in (
            ModelRequest([UserPromptPart(text)]),
            ModelResponse([TextPart("All right.")]),
        )
    ]


def caller_of(sentence: Sentence) -> Caller:
    """Somebody with these sites; no tool runs, so their control plane is nobody's."""
    sites = [_site(slug) for slug in sentence.sites]
    nobody = ControlPlane(httpx.AsyncClient(transport=httpx.MockTransport(_refuse)), {})
    return Caller(nobody, role="admin" if sentence.is_admin else "tenant", sites=sites)


def _site(slug: str) -> TenantRead:
    return TenantRead(
        id=slug,
        name=slug.replace("-", " ").title(),
        slug=slug,
        owner=OwnerRead(id="rehearsing", email="rehearsing@localhost"),
        access="owner",
        tier="basic",
        cloud="local",
        state="live",
        url=f"http://{slug}.localhost",
        environments=[],
        created_at=datetime(2026, 1, 1, tzinfo=UTC),
    )


def _refuse(_: httpx.Request) -> httpx.Response:
    return httpx.Response(503)
