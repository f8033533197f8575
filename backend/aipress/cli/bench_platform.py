"""A platform that exists for one bench only, beside the one in use, and is gone afterwards."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from aipress.cli.installation import CHECKOUT
from aipress.cli.trouble import Trouble

PORT = 18090
DEADLINE = 30.0  # seconds for one answer
Tell = Callable[[str], None]


@dataclass(frozen=True)
class Bench:
    """The platform under measurement. `settings` are AIPRESS_* variables beside its place and port."""

    data: Path
    settings: Mapping[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://localhost:{PORT}"

    @property
    def environment(self) -> dict[str, str]:
        return {"AIPRESS_DATA_DIR": str(self.data), "AIPRESS_PORT": str(PORT), **self.settings}

    def operator(self) -> httpx.Client:
        token = (self.data / "control/operator.token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}", "Host": f"localhost:{PORT}"}
        return visitor(base_url=f"http://127.0.0.1:{PORT}", headers=headers)


@contextlib.contextmanager
def platform(settings: Mapping[str, str], tell: Tell) -> Iterator[Bench]:
    """A platform with these settings, as long as the block lasts. Raises Trouble without root, or if it does not come up."""
    if os.geteuid() != 0:
        raise Trouble("This bench measures sites in their sandboxes, which needs root.", "Run it with sudo.")
    bench = Bench(Path(tempfile.mkdtemp(prefix="aipress-bench-", dir="/var/tmp")), settings)
    try:
        tell("bringing up a platform of its own")
        _aipress(bench, "up", "--detach", "--yes")
        yield bench
    finally:
        _aipress(bench, "down")
        shutil.rmtree(bench.data, ignore_errors=True)


def visitor(**options: Any) -> httpx.Client:
    """Somebody outside. Plain HTTP only: preparing for TLS would burn the processor time that is measured."""
    return httpx.Client(timeout=DEADLINE, verify=False, **options)  # noqa: S501


def _aipress(bench: Bench, *arguments: str) -> None:
    command = [str(CHECKOUT / "aipress"), *arguments]
    done = subprocess.run(
        command, env=os.environ | bench.environment, capture_output=True, text=True, check=False
    )
    if done.returncode != 0 and arguments[0] != "down":
        raise Trouble(
            f"The bench's platform did not come up: {done.stderr.strip()[-500:] or done.stdout.strip()[-500:]}"
        )
