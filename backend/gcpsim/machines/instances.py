"""One instance: a container that was started, what it prints, and its end."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from gcpsim.machines import podman
from gcpsim.machines.podman import PodmanRefused
from gcpsim.machines.printed import Printed, Reader
from gcpsim.machines.revisions import CannotStart, Mount, Recipe
from gcpsim.machines.words import NO_PORT, NO_PROBE

GRACE = 10
"""Seconds an instance has after SIGTERM."""

LONGEST_LINE = 60_000
LARGEST_LOG = "max-size=64mb"
"""Of what a container printed; then it begins anew."""

LIMITED = {"memory": True}
"""Turned off for good when podman says that this machine can't limit memory."""


def quiet_port() -> int:
    """A free port below those the system gives to whoever connects: asking at one of those, one may get to talk to oneself."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


@dataclass
class Instance:
    """A container. `busy`: how many requests it has now; `since`: when it last became idle, by the world's clock;

    `used`: real seconds it had requests and nobody counted yet; `missed`: liveness probes that failed in a row; `folder`: where it gets
    one of its own.
    """

    folder: Path
    label: str
    recipe: Recipe
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    port: int = field(default_factory=quiet_port)
    busy: int = 0
    since: float = 0.0
    used: float = 0.0
    began: float = 0.0
    missed: int = 0
    ending: bool = False
    pid: int = 0

    def __post_init__(self) -> None:
        self.folder = self.folder / self.name
        self._log = Reader(self.folder / "log")

    @property
    def name(self) -> str:
        """The container's name."""
        return f"gcpsim-{self.id[:12]}"

    def start(self, well: Callable[[], bool] = lambda: True) -> float:
        """Run it until its startup probe passes; seconds it took. Raises CannotStart; `well` says whether it is still wanted."""
        began = time.monotonic()
        self.folder.mkdir(parents=True, mode=0o700)
        self._run()
        with contextlib.suppress(OSError, ValueError):  # it may have ended, and its file with it
            self.pid = int((self.folder / "pid").read_text())
        probe, pause = self.recipe.startup, 0.01
        while not probe.passes(self.port):
            waited = time.monotonic() - began
            if not self.lives:
                raise CannotStart(NO_PORT)
            if waited > probe.patience or not well():
                raise CannotStart(NO_PROBE if probe.told else NO_PORT)
            time.sleep(pause)
            pause = min(pause * 1.5, 0.2, probe.period)
        self.began = time.monotonic()
        return self.began - began

    @property
    def lives(self) -> bool:
        """Whether its first process is there."""
        if not self.pid:
            return False
        try:
            state = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            return False
        return state not in "ZX"

    def takes_one(self) -> None:
        """A request more."""
        if not self.busy and self.recipe.cpu_idle:
            self.began = time.monotonic()
        self.busy += 1

    def gives_one(self) -> None:
        """A request less."""
        self.busy -= 1
        if not self.busy and self.recipe.cpu_idle:
            self.used += time.monotonic() - self.began

    def spent(self) -> float:
        """Seconds that are paid for since this was last asked: those with requests, or all where the processor is always there."""
        if self.busy or not self.recipe.cpu_idle:
            now = time.monotonic()
            self.used, self.began = self.used + now - self.began, now
        used, self.used = self.used, 0.0
        return used

    def printed(self) -> list[Printed]:
        """The lines it wrote since this was last asked."""
        return self._log.read()

    def tell_to_end(self) -> None:
        """SIGTERM; nothing is waited for."""
        self.ending = True
        with contextlib.suppress(ProcessLookupError):
            if self.lives:
                os.kill(self.pid, signal.SIGTERM)

    def end(self, last: Callable[[list[Printed]], None]) -> None:
        """End it, gently first, and take away what was made for it; `last` gets what it still had to say."""
        with contextlib.suppress(PodmanRefused):
            podman.podman("stop", "--ignore", "--time", str(GRACE), self.name, seconds=GRACE + 60)
        last(self.printed())
        podman.remove(self.name)
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self) -> None:
        try:
            self._run_limited(LIMITED["memory"])
        except PodmanRefused as refusal:
            if not LIMITED["memory"] or "memory" not in str(refusal).lower():
                raise CannotStart(f"The container could not be started: {refusal}") from refusal
            LIMITED["memory"] = False
            podman.remove(self.name)
            self._run()

    def _run_limited(self, memory: bool) -> None:
        listed, passed = _variables({**self.recipe.values, "PORT": str(self.port)})
        (self.folder / "variables").write_text(listed)
        (self.folder / "variables").chmod(0o600)
        command = self.recipe.command
        podman.podman(
            *("run", "--detach", "--name", self.name, "--label", self.label, *podman.CONFINED),
            *(
                "--log-driver",
                "k8s-file",
                "--log-opt",
                f"path={self.folder}/log",
                "--log-opt",
                LARGEST_LOG,
                "--pidfile",
                f"{self.folder}/pid",
            ),
            *(("--memory", str(int(self.recipe.memory))) if memory else ()),
            *(
                "--env-file",
                f"{self.folder}/variables",
                *(word for name in passed for word in ("--env", name)),
            ),
            *self._placed(),
            *(("--entrypoint", command[0]) if command else ()),
            *(self.recipe.image, *command[1:], *self.recipe.arguments),
            environment=passed,
        )
        (self.folder / "variables").unlink()

    def _placed(self) -> list[str]:
        return [word for at, mount in enumerate(self.recipe.mounts) for word in self._place(mount, at)]

    def _place(self, mount: Mount, at: int) -> tuple[str, str]:
        folder = mount.folder
        if folder is None and mount.files is None:
            return "--tmpfs", f"{mount.path}:mode=1777{f',size={mount.most}' if mount.most else ''}"
        if folder is None:
            folder = self.folder / f"files-{at}"
            for name, content in (mount.files or {}).items():
                place = folder / name
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
                place.chmod(0o444)
        return "--mount", f"type=bind,src={folder},dst={mount.path}{',ro=true' if mount.read_only else ''}"


def _variables(values: dict[str, str]) -> tuple[str, dict[str, str]]:
    """What goes into podman's file of variables, and what no line of it can hold: that goes through podman's own environment, so

    it must have a name that means nothing to podman.
    """
    passed = {name: value for name, value in values.items() if "\n" in value or len(value) > LONGEST_LINE}
    for name in passed:
        if name in os.environ or name.startswith(("LD_", "GO", "CONTAINER", "XDG_", "PODMAN")):
            raise CannotStart(f"The simulator can't pass {name} with lines in it.")
    lines = [f"{name}={value}\n" for name, value in values.items() if name not in passed]
    return "".join(lines), passed
