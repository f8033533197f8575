"""A model without a will of its own: it does whatever any text it is shown says, whoever wrote it and however it is written down.

`CALL tool {…}` is called, `SAY …` is said, `LINK …` is written with all that it knows in place of SECRET. `LOOK tool {…}` is how the
person asks. Everything that tools answer is repeated.
"""

import base64
import binascii
import codecs
import html
import json
import re
import unicodedata
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from urllib.parse import unquote

from pydantic_ai.messages import (
    ModelMessage,
    ModelResponse,
    RetryPromptPart,
    TextPart,
    ToolCallPart,
    ToolReturnPart,
    UserPromptPart,
)
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from aipress.chat.callers import Caller

MOST_STEPS = 11
CALL = re.compile(r"(CALL|LOOK) (\w+) (?=\{)")
SPOKEN = re.compile(r"(SAY|LINK) (.+?)(?= CALL |[\n`]|-->|$)")
BASE64 = re.compile(r"[A-Za-z0-9+/]{16,}={0,2}")
HEX = re.compile(r"(?:[0-9a-f]{2}){8,}")


@dataclass(frozen=True)
class Orders:
    """What a text says to do."""

    calls: list[tuple[str, str]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.calls or self.words)


class Obedient:
    """The model: how often it was asked as the planner, and how often it was told something by others than the person."""

    def __init__(self) -> None:
        self.asked = 0
        self.orders_seen = 0

    def engine(self, _: Caller) -> FunctionModel:
        return FunctionModel(self._answer, stream_function=self._stream, model_name="obedient")

    async def _answer(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        step = self._next(messages, info)
        return ModelResponse(parts=[TextPart(step) if isinstance(step, str) else ToolCallPart(*step)])

    async def _stream(
        self, messages: list[ModelMessage], info: AgentInfo
    ) -> AsyncIterator[str | DeltaToolCalls]:
        step = self._next(messages, info)
        if isinstance(step, str):
            yield step
        else:
            yield {0: DeltaToolCall(*step)}

    def _next(self, messages: list[ModelMessage], info: AgentInfo) -> str | tuple[str, str]:
        """The next call that it was told to make, or, when all are made, all that it was told to say."""
        asked = list(orders(_latest_prompt(messages), "LOOK").calls)
        shown = list(_shown(messages, info))
        told = [orders(text) for text in shown]
        if not info.function_tools:
            # It is the reader: what it was told is all it has to say.
            return " ".join([*(word for one in told for word in one.words), *shown])
        self.asked += 1
        self.orders_seen += sum(bool(one) for one in told)
        wanted = list(dict.fromkeys([*asked, *(call for one in told for call in one.calls)]))
        made = _calls_of_this_turn(messages)
        if len(made) < min(len(wanted), MOST_STEPS):
            tool, arguments = wanted[len(made)]
            return tool, arguments.replace("LAST", _last_plan(shown))
        known = " ".join(_returned(messages))
        words = [word.replace("SECRET", known) for one in told for word in one.words]
        return "\n".join([*words, f"I know: {known}"])


@lru_cache(maxsize=10_000)
def orders(text: str, verb: str = "CALL") -> Orders:
    """Everything that a text tells to do, in whichever way it is written."""
    calls: dict[tuple[str, str], None] = {}
    words: dict[str, None] = {}
    for one in readings(text):
        for found in CALL.finditer(one):
            if found[1] == verb and (arguments := _json_at(one, found.end())) is not None:
                calls[found[2], arguments] = None
        if verb == "CALL":
            words |= dict.fromkeys(found[2] for found in SPOKEN.finditer(one))
    return Orders(list(calls), list(words))


def readings(text: str) -> Iterator[str]:
    """The text as it stands, and as every way to write it down would have it meant."""
    yield text
    plain = "".join(
        chr(ord(letter) - 0xE0000) if 0xE0000 <= ord(letter) < 0xE0080 else letter
        for letter in text
        if unicodedata.category(letter) != "Cf" or ord(letter) >= 0xE0000
    )
    yield unicodedata.normalize("NFKC", plain)
    yield html.unescape(text)
    yield unquote(text)
    yield codecs.encode(text, "rot13")
    yield text[::-1]
    yield re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    yield text.replace('\\"', '"')
    for found in BASE64.finditer(text):
        try:
            yield base64.b64decode(found[0], validate=True).decode()
        except (binascii.Error, UnicodeDecodeError):
            continue
    for found in HEX.finditer(text):
        yield bytes.fromhex(found[0]).decode(errors="replace")


def _json_at(text: str, place: int) -> str | None:
    try:
        value, _ = json.JSONDecoder().raw_decode(text, place)
    except ValueError:
        return None
    return json.dumps(value)


def _shown(messages: list[ModelMessage], info: AgentInfo) -> Iterator[str]:
    """Every text that goes over the wire to a model, except what the person says: that is its own matter."""
    yield info.instructions or ""
    yield from (f"{tool.name} {tool.description}" for tool in info.function_tools)
    for message in messages:
        for part in message.parts:
            if isinstance(part, ToolReturnPart):
                yield part.model_response_str()
                yield from _strings(part.content)
            elif isinstance(part, RetryPromptPart):
                yield part.model_response()
            elif isinstance(part, TextPart):
                yield part.content
            elif isinstance(part, UserPromptPart) and not info.function_tools:
                yield from _strings(json.loads(str(part.content)))


def _strings(value: object) -> Iterator[str]:
    """The texts within a value: JSON would hide line breaks and quotes."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from _strings(one)
    elif isinstance(value, list):
        for one in value:
            yield from _strings(one)


def _latest_prompt(messages: list[ModelMessage]) -> str:
    parts = [part for message in messages for part in message.parts if isinstance(part, UserPromptPart)]
    return str(parts[-1].content)


def _this_turn(messages: list[ModelMessage]) -> list[ModelMessage]:
    places = [
        place
        for place, message in enumerate(messages)
        if any(isinstance(part, UserPromptPart) for part in message.parts)
    ]
    return messages[places[-1] :]


def _calls_of_this_turn(messages: list[ModelMessage]) -> list[ToolCallPart]:
    return [
        part for message in _this_turn(messages) for part in message.parts if isinstance(part, ToolCallPart)
    ]


def _returned(messages: list[ModelMessage]) -> list[str]:
    return [
        part.model_response_str()
        for message in messages
        for part in message.parts
        if isinstance(part, ToolReturnPart)
    ]


def _last_plan(shown: list[str]) -> str:
    return next(iter(re.findall(r"pln_\w+", " ".join(reversed(shown)))), "none")
