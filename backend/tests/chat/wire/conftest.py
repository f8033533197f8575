"""The assistant's service on a real socket, over a real control plane whose cloud is a dict, with a model that does as it is told."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
from fastapi import FastAPI
from pydantic_ai.messages import ModelMessage, ModelRequest, ToolReturnPart, UserPromptPart
from pydantic_ai.models.function import AgentInfo, DeltaToolCall, DeltaToolCalls, FunctionModel

from aipress.api.app import create_app as create_control_plane
from aipress.chat.app import create_app as create_assistant
from aipress.chat.callers import Caller
from aipress.chat.engines import Engine
from aipress.config import Settings
from aipress.users.models import User
from tests import make
from tests.fakes.cloud import FakeCloud
from tests.waiting import until

Chunk = dict[str, object]


class Puppet:
    """A model that obeys. "count N" says N words, one at each `go`, "pause" half of them before; "create NAME" and "delete SLUG" call tools; "crash" fails."""

    def __init__(self) -> None:
        self.seen: list[list[ModelMessage]] = []
        self.go = asyncio.Event()
        self.go.set()
        self.failures = 0

    def engine(self, _: Caller) -> FunctionModel:
        return FunctionModel(stream_function=self._speak, model_name="puppet")

    async def _speak(self, messages: list[ModelMessage], _: AgentInfo) -> AsyncIterator[str | DeltaToolCalls]:
        self.seen.append(messages)
        last = messages[-1]
        returned = [part for part in last.parts if isinstance(part, ToolReturnPart)]
        if returned:
            yield f"done: {json.dumps(returned[0].content)}"
            return
        verb, _, rest = _latest_prompt(messages).partition(" ")
        match verb:
            case "count":
                for number in range(int(rest)):
                    await self.go.wait()
                    yield f"word{number} "
            case "pause":
                yield "so far "
                await self.go.wait()
                yield "so good"
            case "create" | "delete":
                told = {"name" if verb == "create" else "tenant": rest}
                yield {0: DeltaToolCall(f"{verb}_site", json.dumps(told))}
            case "crash":
                yield "let me "
                if self.failures > 0:
                    self.failures -= 1
                    raise RuntimeError("boom password=hunter2")
                yield "finish"
            case _:
                yield "hello"


@dataclass
class Office:
    """One person at a desk with the assistant."""

    control: FastAPI
    settings: Settings
    puppet: Puppet
    socket: Path
    person: User
    assistant: FastAPI = field(repr=False)

    def client(self, person: User | None = None) -> httpx.AsyncClient:
        transport = httpx.AsyncHTTPTransport(uds=str(self.socket))
        headers = make.as_person(self.settings, person or self.person)
        return httpx.AsyncClient(
            transport=transport, base_url=self.settings.base_url, headers=headers, timeout=20
        )

    async def say(self, text: str, message_id: str = "q1", conversation: str | None = None) -> "Heard":
        """Say it, and listen to the end."""
        body: dict[str, object] = {"message": {"id": message_id, "text": text}}
        if conversation:
            body["conversation_id"] = conversation
        return await self.listen("POST", "/chat", body)

    async def listen(
        self,
        method: str,
        path: str,
        body: dict[str, object] | None = None,
        after: str = "",
        most: int | None = None,
    ) -> "Heard":
        """The frames of a stream, at most `most` of them before the connection is dropped."""
        headers = {"last-event-id": after} if after else {}
        heard = Heard()
        async with (
            self.client() as client,
            client.stream(method, path, json=body, headers=headers) as answer,
        ):
            heard.status = answer.status_code
            heard.conversation = answer.headers.get("x-conversation-id", "")
            if answer.status_code != 200:
                heard.problem = (await answer.aread()).decode()
                return heard
            async for line in answer.aiter_lines():
                heard.take(line)
                if most is not None and len(heard.chunks) >= most:
                    break
        return heard

    async def read(self, conversation: str) -> dict[str, list[dict[str, object]]]:
        async with self.client() as client:
            answer = await client.get(f"/chat/{conversation}")
        assert answer.status_code == 200, answer.text
        found: dict[str, list[dict[str, object]]] = answer.json()
        return found

    async def settled(self, conversation: str) -> None:
        """Return when no answer is being given."""

        async def is_quiet() -> bool:
            shown = await self.read(conversation)
            return not any(message.get("active") for message in shown["messages"])

        await until(is_quiet)


@dataclass
class Heard:
    """What came over one connection."""

    status: int = 0
    conversation: str = ""
    problem: str = ""
    chunks: list[Chunk] = field(default_factory=list)
    last_id: str = ""
    ended: bool = False

    def take(self, line: str) -> None:
        name, _, value = line.partition(": ")
        if name == "id":
            self.last_id = value
        elif name == "data" and value == "[DONE]":
            self.ended = True
        elif name == "data":
            self.chunks.append(json.loads(value))

    @property
    def text(self) -> str:
        return "".join(str(one["delta"]) for one in self.chunks if one["type"] == "text-delta")

    def of(self, kind: str) -> list[Chunk]:
        return [one for one in self.chunks if one["type"] == kind]


@pytest.fixture
async def control(settings: Settings, workflows_url: str) -> AsyncIterator[FastAPI]:
    """The whole control plane, alive."""
    control = create_control_plane(settings.model_copy(update={"pool_size": 0}), FakeCloud().as_cloud())
    settings.control_dir.mkdir(parents=True, exist_ok=True)
    async with control.router.lifespan_context(control):
        yield control


@pytest.fixture
async def office(control: FastAPI, settings: Settings, tmp_path: Path) -> AsyncIterator[Office]:
    puppet, person = Puppet(), await make.user(control.state.rows)
    async with assistant_at(tmp_path / "chat.sock", control, settings, puppet) as assistant:
        yield Office(control, settings, puppet, tmp_path / "chat.sock", person, assistant)


@asynccontextmanager
async def assistant_at(
    socket: Path, control: FastAPI, settings: Settings, puppet: Puppet, engine: Engine | None = None
) -> AsyncIterator[FastAPI]:
    """The assistant, serving on a Unix socket; ended the way a crash would end it, without a farewell."""
    app = create_assistant(settings, engine or puppet.engine)
    app.state.http = make.client_of(control)
    server = uvicorn.Server(uvicorn.Config(app, uds=str(socket), lifespan="off", log_config=None))
    serving = asyncio.create_task(server.serve())
    await until(lambda: _is(server.started))
    yield app
    puppet.go.set()
    server.should_exit = server.force_exit = True
    await serving
    await app.state.runs.close()
    await app.state.http.aclose()


async def _is(value: bool) -> bool:
    return value


def _latest_prompt(messages: list[ModelMessage]) -> str:
    prompts = [
        part.content
        for message in messages
        if isinstance(message, ModelRequest)
        for part in message.parts
        if isinstance(part, UserPromptPart) and isinstance(part.content, str)
    ]
    return re.sub(r"\s+", " ", prompts[-1])
