"""A language model for tests: speaks OpenAI's streaming protocol on a port of this machine, and does as it is told.

"count N" says N words, one each `pace` seconds; "stumble" answers 500 until it was asked often enough that no client's
own retries help, then says "steady again". What stands in wishes.py calls a tool, and then says what the tool answered; "… and count N"
says N words after it. "hold" says nothing until it is let go.
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar
from uuid import uuid4

from tests.fakes.wishes import call_for, told

STUMBLES = 3  # the OpenAI client asks three times by itself
Delta = dict[str, Any]


class ScriptedModel(BaseHTTPRequestHandler):
    """One request to `/chat/completions`."""

    pace: ClassVar[float] = 0.05
    stumbles: ClassVar[int] = 0
    go: ClassVar[threading.Event] = threading.Event()

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        prompt, _, number = _latest_prompt(asked).partition(" and count ")
        returned = _returned(asked)
        call = None if returned else call_for(prompt, _offered(asked))
        verb, _, rest = prompt.partition(" ")
        if verb == "stumble" and type(self).stumbles < STUMBLES:
            type(self).stumbles += 1
            self.send_error(500)
            return
        if verb == "hold":
            type(self).go.wait(60)
        with suppress(ConnectionError):  # whoever pressed Stop hangs up
            if call:
                self._stream([_tool_call(*call)], "tool_calls")
            elif returned:
                self._stream([{"content": told(returned[-1])}, *_counted(number)])
            else:
                self._stream(_counted(rest) if verb == "count" else [{"content": "steady again"}])

    def _stream(self, deltas: list[Delta], end: str = "stop") -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for delta in deltas:
            self._chunk(delta)
            time.sleep(self.pace)
        self._chunk({}, end)
        self.wfile.write(b"data: [DONE]\n\n")

    def _chunk(self, delta: Delta, end: str | None = None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": end}
        chunk = {
            "id": "c1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "scripted",
            "choices": [choice],
        }
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""


def _latest_prompt(asked: dict[str, Any]) -> str:
    said = next(one["content"] for one in reversed(asked["messages"]) if one["role"] == "user")
    return str(said if isinstance(said, str) else said[-1]["text"]).strip()


def _tool_call(tool: str, arguments: dict[str, str]) -> Delta:
    function = {"name": tool, "arguments": json.dumps(arguments)}
    return {
        "tool_calls": [{"index": 0, "id": f"call_{uuid4().hex}", "type": "function", "function": function}]
    }


def _returned(asked: dict[str, Any]) -> list[str]:
    """What tools have answered since the latest prompt."""
    messages = asked["messages"]
    last = max(place for place, one in enumerate(messages) if one["role"] == "user")
    return [str(one["content"]) for one in messages[last:] if one["role"] == "tool"]


def _offered(asked: dict[str, Any]) -> set[str]:
    return {one["function"]["name"] for one in asked.get("tools", ())}


def _counted(number: str) -> list[Delta]:
    return [{"content": f"word{one} "} for one in range(int(number or 0))]


@contextmanager
def scripted_model() -> Iterator[str]:
    """The base URL of such a model, as long as the block lasts."""
    ScriptedModel.stumbles = 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), ScriptedModel)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    finally:
        server.shutdown()
        server.server_close()
