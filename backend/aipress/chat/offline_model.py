"""The offline engine as a pydantic-ai model: the same agent and the same tools run on it as on any language model.

It understands the latest message in its thread (`offline/`), calls tools one after the other, then puts their results in words.
"""

import json
import re
from collections.abc import AsyncIterator, Sequence

from pydantic_ai.messages import (
    ModelMessage,
    ModelRequest,
    ModelResponse,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from aipress.chat.callers import Caller
from aipress.chat.offline import decide, replies
from aipress.chat.offline.directory import Site
from aipress.chat.offline.outcome import Ask, Decline, Outcome, Wish
from aipress.plans.actions import ACTIONS

Call = tuple[str, dict[str, object]]
MOST_OFFERED = 50
OFFLINE = "offline"
THANKS = re.compile(
    r"\W*(thanks|thank you|thx|cheers|ta|great|perfect|awesome|lovely|nice)\b[^?]{0,30}", re.IGNORECASE
)


class OfflineModel(FunctionModel):
    """Answers one person. Deterministic, without a network."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        super().__init__(self._answer, stream_function=self._stream, model_name=OFFLINE)

    @property
    def system(self) -> str:
        return "aipress"

    async def _answer(self, messages: list[ModelMessage], _: AgentInfo) -> ModelResponse:
        step = self._next(messages)
        return ModelResponse(parts=[TextPart(step) if isinstance(step, str) else ToolCallPart(*step)])

    async def _stream(
        self, messages: list[ModelMessage], _: AgentInfo
    ) -> AsyncIterator[str | DeltaToolCalls]:
        step = self._next(messages)
        if isinstance(step, str):
            for words in re.findall(r"\S+\s*", step):
                yield words
        else:
            yield {0: DeltaToolCall(step[0], json.dumps(step[1]))}

    def _next(self, messages: Sequence[ModelMessage]) -> str | Call:
        """The next tool to call, or, when all have answered, the reply."""
        *thread, text = _said_by_person(messages)
        outcomes = decide.understand(text, self._person(), thread)
        returned = self._returned_since_prompt(messages)
        answered: list[tuple[Outcome, replies.Result | None]] = []
        for outcome in outcomes:
            call = _call(outcome)
            if call is None:
                answered.append((outcome, None))
            elif returned:
                answered.append((outcome, returned.pop(0)))
            else:
                return call
        if THANKS.fullmatch(text.strip()) and all(isinstance(outcome, Decline) for outcome in outcomes):
            return replies.WELCOME
        return replies.reply(answered)

    def _returned_since_prompt(self, messages: Sequence[ModelMessage]) -> list[replies.Result | None]:
        """What the tools of this turn answered, whole and in order; None for one that could not be used."""
        results: list[replies.Result | None] = []
        for message in messages:
            for part in message.parts if isinstance(message, ModelRequest) else ():
                if isinstance(part, UserPromptPart):
                    results = []
                elif isinstance(part, ToolReturnPart):
                    results.append(self._usable(part))
                elif isinstance(part, RetryPromptPart):
                    # Asking for the same again would fail the same way.
                    results.append(None)
        return results

    def _usable(self, part: ToolReturnPart) -> replies.Result | None:
        found = self._caller.results.get(part.tool_call_id, part.content)
        return found if part.outcome == "success" and isinstance(found, dict) else None

    def _person(self) -> decide.Caller:
        sites = tuple(Site(site.slug, site.name) for site in self._caller.sites)
        return decide.Caller(sites, self._caller.role == "admin")


def _call(outcome: Outcome) -> Call | None:
    match outcome:
        case Wish(action=action, arguments=arguments) if ACTIONS[action].built:
            return ACTIONS[action].tool, dict(arguments)
        case Ask(argument="tenant", choices=choices) if len(choices) > 1:
            return "offer_choices", {
                "options": [{"label": slug, "text": slug} for slug in choices[:MOST_OFFERED]]
            }
        case Ask(argument="tier"):
            return "offer_choices", {
                "options": [{"label": tier, "text": tier} for tier in ("basic", "standard", "performance")]
            }
        case Ask(argument="to"):
            return "offer_choices", {
                "options": [
                    {"label": name, "text": f"to {name}"} for name in ("Google Cloud", "this machine")
                ]
            }
        case _:
            return None


def _said_by_person(messages: Sequence[ModelMessage]) -> list[str]:
    parts = (part for message in messages if isinstance(message, ModelRequest) for part in message.parts)
    return [
        part.content for part in parts if isinstance(part, UserPromptPart) and isinstance(part.content, str)
    ]
