"""The image run by podman, as Cloud Run would run it: nobody's rights, a root that can't be written, and little else."""

import contextlib
import http.client
import json
import secrets
import socket
import subprocess
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from tests.clouds.local.rig import answers, wait_for

HEALTH, CRON = "/.aipress/health", "/.aipress/cron"
ENTRYPOINT = "/usr/lib/aipress/entrypoint.sh"
NOBODY, KEY = 33, 64 * "k"  # as long as the vault makes one
SITE = "bakery.example.test"
AS_VISITOR = {"Host": SITE, "X-Forwarded-Proto": "https", "X-Forwarded-For": "203.0.113.9, 192.0.2.1"}
# What runs containers where there is no engine of its own, as this project's machines do.
RUN = (
    *(
        "--runtime",
        "runc",
        "--network",
        "host",
        "--ulimit",
        "nofile=1024:1024",
        "--ulimit",
        "nproc=1000:1000",
    ),
    *("--cap-drop", "all", "--security-opt", "no-new-privileges", "--pull", "never"),
    *("--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp:mode=1777"),
)


def quiet_port() -> int:
    """A free port below those the system gives to whoever connects: asking at one of those, one may get to talk to oneself."""
    while True:
        port = 20_000 + secrets.randbelow(12_000)
        with contextlib.suppress(OSError), socket.create_server(("127.0.0.1", port)):
            return port


def podman(*arguments: str) -> str:
    """What it prints."""
    done = subprocess.run(["podman", *arguments], check=True, capture_output=True, text=True)
    return done.stdout


@dataclass
class Container:
    """One container that was started; what it wrote lies in `log`."""

    log: Path
    port: int = field(default_factory=quiet_port)
    name: str = field(default_factory=lambda: f"aipress-test-{secrets.token_hex(4)}")
    process: subprocess.Popen[bytes] | None = None

    def create(
        self,
        image: str,
        variables: Mapping[str, str],
        mounts: Mapping[Path, str],
        entrypoint: tuple[str, ...],
    ) -> None:
        """Have it ready to be started. A mount's path may end in `:ro`."""
        settings = {"PORT": str(self.port), **variables}
        told = [part for name, value in settings.items() for part in ("--env", f"{name}={value}")]
        placed = [part for here, there in mounts.items() for part in ("--volume", f"{here}:{there}")]
        what = ["--entrypoint", json.dumps(entrypoint), image]
        podman("create", "--name", self.name, *RUN, *told, *placed, *what)

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                ["podman", "start", "--attach", self.name], stdout=log, stderr=subprocess.STDOUT
            )

    def wait_until_it_answers(self) -> None:
        wait_for(lambda: self.has_ended or answers(self.port), 60)
        assert not self.has_ended, self.log.read_text()

    def tell(self, signal: str) -> None:
        podman("kill", "--signal", signal, self.name)

    def run(self, *command: str) -> str:
        """What a command in it prints."""
        return podman("exec", self.name, *command)

    def end(self, seconds: float = 15) -> int:
        """Wait for it to be over; its exit code."""
        assert self.process
        return self.process.wait(seconds)

    @property
    def has_ended(self) -> bool:
        return self.process is not None and self.process.poll() is not None

    def lines(self) -> list[dict[str, object]]:
        """What it wrote: every line is an object of JSON, or this fails."""
        return [json.loads(line) for line in self.log.read_text().splitlines()]

    def client(self, host: str = SITE) -> httpx.Client:
        """A visitor behind Google's proxies, by https."""
        headers = AS_VISITOR | {"Host": host}
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", headers=headers, timeout=60)

    def asked(self, probe: str, **more: str | int) -> dict[str, object]:
        """What the probing plugin tells."""
        with self.client() as visitor:
            answer = visitor.get("/", params={"probe": probe, **more})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def pid_of(self, title: str) -> int:
        """The host's number of its process with that title."""
        said = podman("top", self.name, "hpid", "args")
        return int(next(line for line in said.splitlines() if title in line).split()[0])

    def remove(self) -> None:
        subprocess.run(
            ["podman", "rm", "--force", "--time", "1", self.name], check=False, capture_output=True
        )
        if self.process:
            self.process.wait(20)


@dataclass(frozen=True)
class Built:
    """The image, and a site in a database beside it: what a container of that site is told."""

    image: str
    home: Path
    variables: Mapping[str, str]
    plugin: Path

    @contextlib.contextmanager
    def running(self, mounts: Mapping[Path, str] | None = None, **more: str) -> Iterator[Container]:
        """Started with the plugin that tells what it sees, and gone afterwards. Say `wait_until_it_answers` where it should."""
        mounts = {self.plugin: "/srv/wordpress/wp-content/mu-plugins/probing.php:ro", **(mounts or {})}
        with self._created({**self.variables, **more}, mounts) as container:
            container.start()
            yield container

    @contextlib.contextmanager
    def timed(self, mounts: Mapping[Path, str] | None = None, **more: str) -> Iterator[Container]:
        """Ready to be started; the first line it writes will be the moment its entrypoint was called."""
        entrypoint = ("/bin/sh", "-c", f"date +%s%N; exec {ENTRYPOINT}")
        with self._created({**self.variables, **more}, mounts or {}, entrypoint) as container:
            yield container

    @contextlib.contextmanager
    def _created(
        self,
        variables: Mapping[str, str],
        mounts: Mapping[Path, str],
        entrypoint: tuple[str, ...] = (ENTRYPOINT,),
    ) -> Iterator[Container]:
        container = Container(self.home / f"{secrets.token_hex(4)}.log")
        container.create(self.image, variables, mounts, entrypoint)
        try:
            yield container
        finally:
            container.remove()


def first_byte(container: Container) -> tuple[float, float]:
    """Start it and ask for its front page: milliseconds from the start to the page's first byte, and those from the entrypoint's
    call until somebody listened."""
    began = time.time_ns()
    container.start()
    while not answers(container.port):
        assert not container.has_ended, container.log.read_text()
        time.sleep(0.001)
    listened = time.time_ns()
    asked = http.client.HTTPConnection("127.0.0.1", container.port, timeout=30)
    asked.request("GET", "/", headers=AS_VISITOR)
    answer = asked.getresponse()
    answer.read(1)
    came = time.time_ns()
    asked.close()
    assert answer.status == 200, f"{answer.status}: {container.log.read_text()}"
    called = int(container.log.read_text().partition("\n")[0])
    return (came - began) / 1e6, (listened - called) / 1e6
