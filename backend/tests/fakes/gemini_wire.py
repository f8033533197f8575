"""What may be asked of Gemini's generateContent and streamGenerateContent, held against what Google publishes.

Shapes are google-genai's own types, which forbid unknown fields, and take camel case or the proto's own names as the API does.
Rules between them are from the API's reference: who speaks after whom, answers to function calls, thought signatures
(https://ai.google.dev/gemini-api/docs/thought-signatures), labels
(https://cloud.google.com/vertex-ai/generative-ai/docs/multimodal/add-labels-to-api-calls).
"""

import json
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from google.genai import types
from jsonschema import Draft202012Validator
from pydantic import BaseModel, ValidationError

FIELDS: dict[str, type[BaseModel]] = {
    "contents": types.Content,
    "systemInstruction": types.Content,
    "tools": types.Tool,
    "toolConfig": types.ToolConfig,
    "safetySettings": types.SafetySetting,
    "generationConfig": types.GenerationConfig,
}
LISTS = ("contents", "tools", "safetySettings")
TOOL_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.-]{0,63}")
LABEL_KEY, LABEL_VALUE = re.compile(r"[a-z][a-z0-9_-]{0,62}"), re.compile(r"[a-z0-9_-]{0,63}")
OURS_ON_EVERY_REQUEST = {"aipress-tenant-id", "aipress-user-id"}
OF_ANOTHER_MODEL = b"skip_thought_signature_validator"  # documented, for calls that Gemini itself never made
CONTENT_OF_PARTS = ("text", "function_call", "function_response", "inline_data", "file_data")


@dataclass
class Asked:
    """One request as it arrived. `problems` are what Google would object to."""

    path: str
    is_vertex: bool
    body: dict[str, Any]
    contents: list[types.Content] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    @property
    def labels(self) -> dict[str, str]:
        labels: dict[str, str] = self.body.get("labels", {})
        return labels

    @property
    def instructions(self) -> str:
        told = self.body.get("systemInstruction", {}).get("parts", [])
        return "\n".join(part.get("text", "") for part in told)

    @property
    def tools(self) -> dict[str, dict[str, Any]]:
        """Function declarations by name."""
        declared = [
            one for tool in self.body.get("tools", []) for one in tool.get("functionDeclarations", [])
        ]
        return {one["name"]: one for one in declared}

    @property
    def prompt(self) -> str:
        """The latest thing the person said; what the agent says to the model meanwhile stands in `<system>`."""
        said = [
            part.text for one in self.contents if one.role == "user" for part in one.parts or [] if part.text
        ]
        return next(text.strip() for text in reversed(said) if not text.startswith("<system>"))

    @property
    def returned(self) -> list[types.FunctionResponse]:
        """What tools answered in the latest step, if it was theirs."""
        latest = self.contents[-1].parts or []
        return [part.function_response for part in latest if part.function_response]


def read(path: str, is_vertex: bool, raw: bytes, issued: dict[bytes, types.Part]) -> Asked:
    """The request, with every problem it has. `issued` are the parts given out so far, by their signatures."""
    asked = Asked(path, is_vertex, json.loads(raw))
    asked.problems += _shape(asked.body)
    if not asked.problems:
        asked.contents = [types.Content.model_validate(one) for one in asked.body["contents"]]
        for rule in (_turns, _calls_and_answers):
            asked.problems += rule(asked.contents)
        asked.problems += [*_tools(asked), *_labels(asked), *_signatures(asked.contents, issued)]
        if not asked.instructions.strip():
            asked.problems.append("there is no system instruction")
    return asked


def _shape(body: dict[str, Any]) -> Iterator[str]:
    unknown = set(body) - set(FIELDS) - {"labels", "cachedContent"}
    if unknown or "contents" not in body:
        yield f"unknown fields {sorted(unknown)}, or no contents"
    for name, kind in FIELDS.items():
        for one in body.get(name, []) if name in LISTS else [body[name]] if name in body else []:
            yield from _of_kind(name, kind, one)


def _of_kind(name: str, kind: type[BaseModel], value: Any) -> Iterator[str]:
    try:
        with warnings.catch_warnings(action="error"):  # of a word that is none of an enumeration's
            kind.model_validate(value)
    except ValidationError as error:
        yield f"{name}: {error.errors(include_url=False)[:3]}"
    except UserWarning as warning:
        yield f"{name}: {warning}"


def _turns(contents: list[types.Content]) -> Iterator[str]:
    roles = [one.role for one in contents]
    if not roles or roles[0] != "user" or roles[-1] != "user":
        yield f"the first and the last to speak has to be the user: {roles}"
    if any(one == other == "model" for one, other in pairwise(roles)):
        yield f"the model speaks twice in a row: {roles}"
    for place, one in enumerate(contents):
        if not one.parts:
            yield f"contents[{place}] has no parts"
        for part in one.parts or []:
            said = [name for name in CONTENT_OF_PARTS if getattr(part, name) is not None]
            if len(said) != 1 and not (part.thought_signature and not said):
                yield f"contents[{place}] has a part with {said or 'nothing in it'}"


def _calls_and_answers(contents: list[types.Content]) -> Iterator[str]:
    """Every call is answered, in its order, by the next content; nothing else is."""
    called: list[types.FunctionCall] = []
    for place, one in enumerate(contents):
        parts = one.parts or []
        answers = [part.function_response for part in parts if part.function_response]
        if [(it.name, it.id) for it in called] != [(it.name, it.id) for it in answers]:
            yield f"contents[{place}] answers {[it.name for it in answers]} to {[it.name for it in called]}"
        if answers and one.role != "user":
            yield f"contents[{place}]: a {one.role} answers a function call"
        called = [part.function_call for part in parts if part.function_call]
        if called and one.role != "model":
            yield f"contents[{place}]: a {one.role} calls a function"


def _signatures(contents: list[types.Content], issued: dict[bytes, types.Part]) -> Iterator[str]:
    """What was signed comes back as it was; the first call of each step since the latest question has to be signed."""
    for place, one in enumerate(contents):
        calls = [part for part in one.parts or [] if part.function_call]
        for part in one.parts or []:
            signature = part.thought_signature
            if signature is None or signature == OF_ANOTHER_MODEL:
                continue
            if signature not in issued:
                yield f"contents[{place}] has a signature nobody gave: {signature[:40]!r}"
            elif not _is_the_same(part, issued[signature]):
                yield f"contents[{place}] has the signature of another part"
        if calls and place > _latest_question(contents) and not calls[0].thought_signature:
            call = calls[0].function_call
            yield f"Function call `{call and call.name}` in the {place}. content block is missing a thought_signature."


def _is_the_same(part: types.Part, given: types.Part) -> bool:
    if part.function_call and given.function_call:
        mine, theirs = part.function_call, given.function_call
        # Where Gemini gave no id, whoever keeps the history may give one.
        return (mine.name, mine.args) == (theirs.name, theirs.args) and theirs.id in (None, mine.id)
    return bool(part.text and given.text is not None and part.text.endswith(given.text)) or part == given


def _latest_question(contents: list[types.Content]) -> int:
    return max(
        place
        for place, one in enumerate(contents)
        if one.role == "user" and any(part.text for part in one.parts or [])
    )


def _tools(asked: Asked) -> Iterator[str]:
    declared = [one for tool in asked.body.get("tools", []) for one in tool.get("functionDeclarations", [])]
    names = [one.get("name", "") for one in declared]
    if len(set(names)) != len(names):
        yield f"a tool is declared twice: {names}"
    for one in declared:
        if not TOOL_NAME.fullmatch(one.get("name", "")) or not one.get("description"):
            yield f"a tool needs a name and a description: {one}"
        yield from _parameters(
            one["name"], one.get("parametersJsonSchema", one.get("parameters_json_schema"))
        )


def _parameters(name: str, schema: dict[str, Any] | None) -> Iterator[str]:
    if schema is None:
        return
    try:
        Draft202012Validator.check_schema(schema)
    except Exception as error:  # noqa: BLE001 - whatever is wrong with it is what we want to hear
        yield f"{name}: its parameters are no JSON Schema: {error}"
    if schema.get("type") != "object":
        yield f"{name}: its parameters are no object"
    for ref in re.findall(r'"\$ref": "#/\$defs/([^"]+)"', json.dumps(schema)):
        if ref not in schema.get("$defs", {}):
            yield f"{name}: {ref} is not defined"


def _labels(asked: Asked) -> Iterator[str]:
    labels = asked.labels
    if not asked.is_vertex:
        if labels:
            yield "labels are for the enterprise endpoint only"
        return
    if missing := OURS_ON_EVERY_REQUEST - set(labels):
        yield f"the labels {sorted(missing)} are missing"
    for key, value in labels.items():
        if not LABEL_KEY.fullmatch(key) or not LABEL_VALUE.fullmatch(value):
            yield f"{key}={value} is no label"
