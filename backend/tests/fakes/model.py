"""A language model for tests: speaks OpenAI's streaming protocol on a port of this machine, and does as it is told.

"count N" says N words, one each `pace` seconds; "stumble" answers 500 until it was asked often enough that no client's
own retries help, then says "steady again".
"""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

STUMBLES = 3  # the OpenAI client asks three times by itself


class ScriptedModel(BaseHTTPRequestHandler):
    """One request to `/chat/completions`."""

    pace: ClassVar[float] = 0.05
    stumbles: ClassVar[int] = 0

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        verb, _, rest = _latest_prompt(asked).partition(" ")
        if verb == "stumble" and type(self).stumbles < STUMBLES:
            type(self).stumbles += 1
            self.send_error(500)
            return
        words = [f"word{number} " for number in range(int(rest))] if verb == "count" else ["steady again"]
        with suppress(ConnectionError):  # whoever pressed Stop hangs up
            self._stream(words)

    def _stream(self, words: list[str]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        for word in words:
            self._chunk({"content": word})
            time.sleep(self.pace)
        self._chunk({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def _chunk(self, delta: dict[str, str], end: str | None = None) -> None:
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
