"""Killing things at named moments: the gate that a gated control plane asks, and the drill that uses it."""

import contextlib
import json
import os
import random
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from tests.e2e.platform import CHECKOUT, Platform, wait_for

PROVISION = (
    "look_up",
    "seal_secrets",
    "make_bucket",
    "start_wordpress",
    "make_cache",
    "make_database",
    "introduce",
    "publish",
    "wait_until_it_answers",
    "mark_live",
)
REMOVE = (
    "look_up",
    "withdraw",
    "stop_wordpress",
    "remove_cache",
    "remove_bucket",
    "remove_database",
    "shred_secrets",
    "mark_removed",
)
PHASES = ("before", "inside", "effect", "after")
USUAL_STEP = 0.05  # seconds; a kill inside a step comes at a random moment of it


@dataclass(frozen=True)
class Point:
    """A moment to kill at: of which workflow, which step, and when in it."""

    flow: str
    step: str
    phase: str

    def __str__(self) -> str:
        return f"{self.flow}/{self.step}/{self.phase}"


@dataclass
class Gate:
    """Answers the control plane's questions; at the armed point it strikes first, once."""

    path: Path
    armed: Point | None = None
    strike: Callable[[], None] = lambda: None
    struck: threading.Event = field(default_factory=threading.Event)

    def open(self) -> None:
        self.path.unlink(missing_ok=True)
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(self.path))
        self.path.chmod(0o666)
        self._listener.listen(64)
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listener.close()
        self.path.unlink(missing_ok=True)

    def arm(self, point: Point, strike: Callable[[], None]) -> None:
        self.strike, self.armed = strike, point
        self.struck.clear()

    def _serve(self) -> None:
        while True:
            try:
                asker, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(asker,), daemon=True).start()

    def _answer(self, asker: socket.socket) -> None:
        with asker:
            told = json.loads(_line(asker) or b"{}")
            point = self.armed
            if point is None or not told or not _is_at(point, told):
                _let_go(asker)
                return
            self.armed = None
            if point.phase == "inside":
                _let_go(asker)
                time.sleep(random.uniform(0, USUAL_STEP))  # noqa: S311 - a moment, not a secret
            self.strike()
            self.struck.set()
            if point.phase != "inside":
                _let_go(asker)


def _line(asker: socket.socket) -> bytes:
    said = b""
    while not said.endswith(b"\n") and (more := asker.recv(4096)):
        said += more
    return said


def _let_go(asker: socket.socket) -> None:
    with contextlib.suppress(OSError):  # the asker was killed; that is what the gate is for
        asker.sendall(b"go\n")


def _is_at(point: Point, told: dict[str, str]) -> bool:
    phase = "before" if point.phase == "inside" else point.phase
    return told["workflow"].startswith(f"{point.flow}:") and (told["step"], told["phase"]) == (
        point.step,
        phase,
    )


def install_gate(platform: Platform) -> Gate:
    """Let supervisord run the gated control plane in the place of the real one."""
    gate = Gate(platform.data / "control/gate.sock")
    gate.open()
    settings = platform.data / "run/supervisord.conf"
    text = settings.read_text()
    before, section, after = text.partition("[fcgi-program:control]")
    body, rest, tail = after.partition("\n[")
    body = body.replace("aipress.api.app:create_app", "tests.e2e.gated:create_app")
    body = body.replace("environment=", f'environment=AIPRESS_TEST_GATE="{gate.path}",')
    settings.write_text(before + section + body + rest + tail)
    _reload(platform)
    return gate


def remove_gate(platform: Platform, gate: Gate) -> None:
    """Back to the real control plane, as `up` would have it."""
    gate.close()
    platform.up()


def _reload(platform: Platform) -> None:
    with platform.supervisor() as supervisor:
        added, changed, _ = supervisor.reloadConfig()[0]
        for name in (*added, *changed):
            supervisor.stopProcessGroup(name)
            supervisor.removeProcessGroup(name)
            supervisor.addProcessGroup(name)
    platform.ready()


def killer(platform: Platform, service: str) -> Callable[[], None]:
    """SIGKILL for a service, as it runs at that moment."""

    def strike() -> None:
        os.kill(platform.pid(service), signal.SIGKILL)

    return strike


@dataclass(frozen=True)
class Outcome:
    """How one kill went: seconds from the strike until the operation had ended, and how it ended."""

    point: Point
    service: str
    seconds: float
    state: str


def kill_once(platform: Platform, gate: Gate, point: Point, service: str, name: str) -> Outcome:
    """Make or remove the site `name`, kill the service at the point, and see it finish or be undone."""
    moment: list[float] = []
    strike = killer(platform, service)

    def struck() -> None:
        strike()
        moment.append(time.monotonic())

    if point.flow == "remove":
        assert platform.create(name)["state"] == "succeeded"
    gate.arm(point, struck)
    operation = _begin(platform, point, name)
    assert gate.struck.wait(30), f"{point} was never reached"
    ended = platform.ended(operation, seconds=40)
    seconds = time.monotonic() - moment[0]
    if point.flow == "provision" and ended["state"] == "succeeded":
        wait_for(lambda: platform.visit(name).status_code == 200, 15, f"{name} to answer")
        platform.remove(name)
    return Outcome(point, service, round(seconds, 2), ended["state"])


def _begin(platform: Platform, point: Point, name: str) -> str:
    with platform.operator(timeout=60) as client:
        if point.flow == "provision":
            answer = client.post("/api/tenants", json={"name": name})
        else:
            answer = client.request("DELETE", f"/api/tenants/{name}", json={"typed_name": name})
    assert answer.status_code == 202, answer.text
    operation: str = answer.json()["id"]
    return operation


def points(flow: str, steps: tuple[str, ...]) -> list[Point]:
    """Every point of a flow."""
    return [Point(flow, step, phase) for step in steps for phase in PHASES]


EVERY_POINT = [*points("provision", PROVISION), *points("remove", REMOVE)]
__all__ = ["CHECKOUT", "EVERY_POINT", "Gate", "Outcome", "Point", "install_gate", "kill_once", "remove_gate"]
