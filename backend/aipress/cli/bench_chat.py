"""What the assistant adds to its model's own time: from a message sent to the first frame of its answer, and to its first word.

Over nginx, as a browser asks. The offline engine answers at once by itself; the scripted Gemini of the tests answers at once over
HTTP. So all of the time is ours: tokens, the thread's rows, the run, the stream. Times in milliseconds.
"""

import contextlib
import json
import secrets
import statistics
import subprocess
import time
from collections.abc import Iterator

import httpx

from aipress.cli.bench_platform import Bench, Tell, platform
from aipress.cli.installation import CHECKOUT
from aipress.cli.testing import ensure_test_packages
from aipress.cli.trouble import Trouble

MESSAGES = 60
WARM_UP = 5


def measure(tell: Tell) -> dict[str, float]:
    """Figures of both engines: medians and 95th percentiles over 60 messages, each the first of a conversation."""
    ensure_test_packages()
    figures: dict[str, float] = {}
    with platform({}, tell) as bench:
        tell(f"offline engine: {MESSAGES} messages")
        figures |= _figures("offline", _play(bench))
    with _scripted_gemini() as url:
        settings = {
            "AIPRESS_ENGINE": "gemini",
            "AIPRESS_MODEL_BASE_URL": url,
            "AIPRESS_MODEL_API_KEY": "scripted-key",
        }
        with platform(settings, tell) as bench:
            tell(f"scripted Gemini: {MESSAGES} messages")
            figures |= _figures("gemini", _play(bench))
    return figures | {"messages": MESSAGES}


@contextlib.contextmanager
def _scripted_gemini() -> Iterator[str]:
    """The tests' Gemini as a program of its own, as long as the block lasts."""
    command = [str(CHECKOUT / ".venv/bin/python"), "-P", "-m", "tests.fakes.gemini"]
    with subprocess.Popen(
        command,
        cwd=CHECKOUT / "backend",
        env={"PYTHONPATH": str(CHECKOUT / "backend")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as running:
        url = running.stdout.readline().strip() if running.stdout else ""
        if not url:
            raise Trouble("The scripted Gemini did not start.")
        try:
            yield url
        finally:
            running.terminate()


def _play(bench: Bench) -> list[tuple[float, float]]:
    with bench.operator() as client:
        for _ in range(WARM_UP):
            _say(client)
        return [_say(client) for _ in range(MESSAGES)]


def _say(client: httpx.Client) -> tuple[float, float]:
    """Milliseconds to the first frame, and to the first word, of one answer that is read to its end."""
    began, frame, word = time.perf_counter(), 0.0, 0.0
    body = {"message": {"id": secrets.token_hex(8), "text": "hello"}}
    with client.stream("POST", "/chat", json=body) as answer:
        if answer.status_code != httpx.codes.OK:
            raise Trouble(f"A message was refused: {answer.read().decode()[:300]}")
        for line in answer.iter_lines():
            name, _, value = line.partition(": ")
            if name != "data" or value == "[DONE]":
                continue
            now, kind = (time.perf_counter() - began) * 1000, json.loads(value)["type"]
            if kind == "error":
                raise Trouble(f"An answer failed: {value[:300]}")
            frame = frame or now
            word = word or (now if kind == "text-delta" else 0.0)
    return frame, word


def _figures(engine: str, times: list[tuple[float, float]]) -> dict[str, float]:
    figures: dict[str, float] = {}
    for what, values in zip(("first_frame", "first_word"), zip(*times, strict=True), strict=True):
        figures[f"{engine}_{what}_p50_ms"] = round(statistics.median(values), 1)
        figures[f"{engine}_{what}_p95_ms"] = round(sorted(values)[int(0.95 * len(values))], 1)
    return figures
