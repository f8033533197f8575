"""Gemini for tests: generateContent and streamGenerateContent on a port of this machine, for Vertex AI's paths and for API keys.

It does as the message says, one of the sentences of wishes.py or "create NAME", "delete SLUG", "sites", "two NAME and NAME", "count N"; once a tool has answered it
says "done: …". "FAULT: …" fails first, so often as "FAULT*2: …" says; " / FAULT" fails once a tool has answered
(gemini_faults.py has them all). Every request is held against the published schema (gemini_wire.py); what is wrong with one is
answered as Google would, 400, and is noted in `problems`.
"""

import base64
import json
import re
import secrets
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from google.genai import types

from tests.fakes import gemini_faults, gemini_wire
from tests.fakes.gemini_faults import Answer, Chunk
from tests.fakes.gemini_wire import Asked
from tests.fakes.wishes import call_for, told

KEY, ACCESS_TOKEN, PROJECT, LOCATION = "scripted-key", "ya29.scripted", "scripted-project", "europe-west1"
PATHS = (
    re.compile(
        r"/v1beta1?/projects/(?P<project>[^/]+)/locations/[^/]+/publishers/google/models/(?P<model>[^/:]+):(?P<verb>\w+)"
    ),
    re.compile(r"/v1beta/models/(?P<model>[^/:]+):(?P<verb>\w+)"),
)
PROMPT = re.compile(
    r"(?:(?P<fault>[a-z_]+)(?:\*(?P<times>\d+))?: ?)?(?P<wish>[^/]*?)(?: / (?P<later>[a-z_]+))?", re.DOTALL
)


@dataclass
class ScriptedGemini:
    """What was asked so far, and what is wrong with it."""

    url: str = ""
    asked: list[Asked] = field(default_factory=list)
    issued: dict[bytes, types.Part] = field(default_factory=dict)
    failed: dict[str, int] = field(default_factory=dict)
    closing: threading.Event = field(default_factory=threading.Event)

    @property
    def problems(self) -> list[str]:
        return [problem for one in self.asked for problem in one.problems]

    def answer(self, asked: Asked) -> Answer:
        """What to say, or how to fail."""
        if asked.problems:
            return gemini_faults.refusal(400, "INVALID_ARGUMENT", "; ".join(asked.problems))
        script = PROMPT.fullmatch(asked.prompt)
        assert script, repr(asked.prompt)
        fault, wish = script["fault"], script["wish"].strip()
        if asked.returned and fault not in gemini_faults.INSISTS:
            fault = script["later"]
        elif fault and script["times"]:
            self.failed[asked.prompt] = self.failed.get(asked.prompt, 0) + 1
            fault = fault if self.failed[asked.prompt] <= int(script["times"]) else None
        if fault:
            return gemini_faults.FAULTS[fault]
        return Answer(chunks=self._said(asked, wish))

    def _said(self, asked: Asked, wish: str) -> list[Chunk]:
        call = call_for(wish, asked.tools)
        if asked.returned:
            answers = [json.dumps(one.response) for one in asked.returned]
            said = told(answers[-1]) if call else f"[{', '.join(answers)}]"
            return [*(() if call else (_text("done: "),)), self._signed({"text": said})]
        if call:
            return self._calls(asked, call)
        verb, _, rest = wish.partition(" ")
        match verb:
            case "create":
                return self._calls(asked, ("create_site", {"name": rest}))
            case "delete":
                return self._calls(asked, ("delete_site", {"tenant": rest}))
            case "sites":
                return self._calls(asked, ("list_sites", {}))
            case "two":
                names = rest.split(" and ")
                return self._calls(asked, *(("create_site", {"name": name}) for name in names))
            case "count":
                return [_text(f"word{number} ") for number in range(int(rest))]
        return [_text("I think of a greeting.", thought=True), _text("hel"), self._signed({"text": "lo"})]

    def _calls(self, asked: Asked, *wishes: tuple[str, dict[str, Any]]) -> list[Chunk]:
        """One chunk with all calls; as Gemini does, only the first is signed, and only the Gemini API gives them ids."""
        parts: list[dict[str, Any]] = []
        for name, arguments in wishes:
            call = {"name": name, "args": arguments}
            if not asked.is_vertex:
                call["id"] = secrets.token_hex(4)
            parts.append({"functionCall": call})
        return [_chunk([self._sign(parts[0]), *parts[1:]])]

    def _signed(self, part: dict[str, Any]) -> Chunk:
        return _chunk([self._sign(part)])

    def _sign(self, part: dict[str, Any]) -> dict[str, Any]:
        signature = secrets.token_bytes(33)
        signed = {**part, "thoughtSignature": base64.b64encode(signature).decode()}
        self.issued[signature] = types.Part.model_validate(part)
        return signed


def _text(text: str, thought: bool = False) -> Chunk:
    return _chunk([{"text": text, **({"thought": True} if thought else {})}])


def _chunk(parts: list[dict[str, Any]]) -> Chunk:
    return {"candidates": [{"content": {"role": "model", "parts": parts}, "index": 0}]}


class _Door(BaseHTTPRequestHandler):
    """One request."""

    protocol_version = "HTTP/1.1"
    gemini: ScriptedGemini

    def do_POST(self) -> None:
        raw = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/token":
            self._give_token(parse_qs(raw.decode()))
            return
        where = next((found for path in PATHS if (found := path.fullmatch(urlsplit(self.path).path))), None)
        if where is None or where["verb"] not in ("generateContent", "streamGenerateContent"):
            self._answer_once(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": self.path}})
            return
        is_vertex = "project" in where.groupdict()
        asked = gemini_wire.read(self.path, is_vertex, raw, self.gemini.issued)
        asked.problems += self._credentials(is_vertex)
        self.gemini.asked.append(asked)
        answer = self.gemini.answer(asked)
        with suppress(ConnectionError):  # whoever pressed Stop hangs up
            self._give(answer, where["model"], is_stream=where["verb"].startswith("stream"))

    def _credentials(self, is_vertex: bool) -> list[str]:
        shown = self.headers["Authorization" if is_vertex else "x-goog-api-key"]
        wanted = f"Bearer {ACCESS_TOKEN}" if is_vertex else KEY
        return [] if shown == wanted else [f"the credentials are {shown!r}"]

    def _give_token(self, form: dict[str, list[str]]) -> None:
        if form.get("grant_type") != ["urn:ietf:params:oauth:grant-type:jwt-bearer"]:
            self._answer_once(400, {"error": "unsupported_grant_type"})
            return
        self._answer_once(200, {"access_token": ACCESS_TOKEN, "expires_in": 3600, "token_type": "Bearer"})

    def _give(self, answer: Answer, model: str, is_stream: bool) -> None:
        if answer.hangs:
            self.gemini.closing.wait(120)
            return
        if answer.status != 200:
            self._answer_once(answer.status, answer.body, answer.headers)
            return
        chunks = [{**chunk, **_envelope(model)} for chunk in answer.chunks]
        if answer.ends and chunks:
            chunks[-1] = _ended(chunks[-1])
        for chunk in chunks:
            types.GenerateContentResponse.model_validate(chunk)
        if is_stream:
            assert "alt=sse" in self.path, self.path
            self._stream(answer, chunks)
        else:
            self._answer_once(200, chunks[-1])

    def _stream(self, answer: Answer, chunks: list[Chunk]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in [json.dumps(one) for one in chunks] + answer.raw:
            self._write(f"data: {chunk}\r\n\r\n".encode())
        if answer.stalls:
            self.gemini.closing.wait(120)
        if answer.is_cut:
            self.close_connection = True
            return
        self._write(b"")

    def _write(self, piece: bytes) -> None:
        self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
        self.wfile.flush()

    def _answer_once(self, status: int, body: Any, headers: dict[str, str] | None = None) -> None:
        raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html" if isinstance(body, str) else "application/json")
        self.send_header("Content-Length", str(len(raw)))
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Says nothing."""


def _envelope(model: str) -> Chunk:
    usage = {"promptTokenCount": 100, "candidatesTokenCount": 5, "totalTokenCount": 105}
    return {"modelVersion": model, "responseId": "r1", "usageMetadata": usage}


def _ended(chunk: Chunk) -> Chunk:
    candidates = [{"finishReason": "STOP", **one} for one in chunk.get("candidates", [])]
    return {**chunk, **({"candidates": candidates} if candidates else {})}


@contextmanager
def scripted_gemini() -> Iterator[ScriptedGemini]:
    """Such a model, as long as the block lasts."""
    gemini = ScriptedGemini()
    door = type("Door", (_Door,), {"gemini": gemini})
    server = ThreadingHTTPServer(("127.0.0.1", 0), door)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    gemini.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield gemini
    finally:
        gemini.closing.set()
        server.shutdown()
        server.server_close()


def default_credentials(directory: Path, gemini: ScriptedGemini) -> Path:
    """A service account's key file whose tokens come from this Gemini, for GOOGLE_APPLICATION_CREDENTIALS."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    account = {
        "type": "service_account",
        "project_id": PROJECT,
        "private_key_id": "k1",
        "private_key": key.decode(),
        "client_email": f"assistant@{PROJECT}.iam.gserviceaccount.com",
        "client_id": "1",
        "token_uri": f"{gemini.url}/token",
    }
    file = directory / "google.json"
    file.write_text(json.dumps(account))
    return file


if __name__ == "__main__":  # for `aipress bench chat`: says where it is, and lasts until its input is closed
    import sys

    with scripted_gemini() as running:
        print(running.url, flush=True)  # noqa: T201
        sys.stdin.read()
