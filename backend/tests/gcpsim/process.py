"""The simulator as a program of its own, which can be ended and killed."""

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx

BACKEND = Path(__file__).parents[2]


@dataclass
class Served:
    """The program, a client of its APIs, and where visitors come in ('' where none do)."""

    process: subprocess.Popen[str]
    api: httpx.Client
    visitors: str = ""


@contextlib.contextmanager
def serving(folder: Path, *options: str, **variables: str) -> Iterator[Served]:
    """It keeps everything in `folder`, and is killed in the end if it still runs."""
    command = [sys.executable, "-m", "gcpsim", "serve", "--port", "0", "--machines", str(folder), *options]
    lines = 2 if "--visitors" in options else 1
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=BACKEND, env={**os.environ, **variables}
    ) as process:
        try:
            assert process.stdout
            said = [re.findall(r"http://\S+", process.stdout.readline())[0] for _ in range(lines)]
            with httpx.Client(base_url=said[0], timeout=60, trust_env=False) as api:
                yield Served(process, api, *said[1:])
        finally:
            process.kill()
