"""Podman by its command line, as it runs on machines with no container engine of their own."""

import functools
import logging
import os
import subprocess
import time
from collections.abc import Mapping

LONGEST = 120.0
"""Seconds a command may take; an instance's own start is not among them, for it is started detached."""

TRIES, PAUSE = 5, 1.0

CONFINED = (
    *("--runtime", "runc", "--network", "host", "--pull", "never"),
    *("--ulimit", "nofile=1024:1024", "--ulimit", "nproc=1000:1000"),
    *("--cap-drop", "all", "--security-opt", "no-new-privileges", "--no-healthcheck"),
    *("--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp:mode=1777"),  # noqa: S108 - the container's own
)
"""An instance has nobody's rights, a root that can't be written, and a /tmp in memory."""


class PodmanRefused(Exception):
    """What podman said instead of doing it."""


def podman(*arguments: str, environment: Mapping[str, str] | None = None, seconds: float = LONGEST) -> str:
    """What it prints; `environment` is added to podman's own. Raises PodmanRefused."""
    try:
        done = subprocess.run(
            ["podman", *arguments],
            capture_output=True,
            text=True,
            timeout=seconds,
            env={**os.environ, **(environment or {})},
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as broken:
        raise PodmanRefused(f"podman {arguments[0]}: {broken}") from broken
    if done.returncode:
        raise PodmanRefused(
            done.stderr.strip()[-500:] or f"podman {arguments[0]} ended with {done.returncode}"
        )
    return done.stdout


@functools.cache
def why_not() -> str:
    """Why podman can't run here; empty where it can. Tried once."""
    try:
        podman("ps", "--quiet", seconds=30)
    except PodmanRefused as refusal:
        return str(refusal)
    return ""


def remove(*names: str) -> None:
    """End them and forget them; who is gone already is fine. On a busy machine podman may want to be told more than once."""
    for _ in range(TRIES if names else 0):
        try:
            podman("rm", "--force", "--ignore", "--time", "0", *names)
        except PodmanRefused as refusal:
            logging.getLogger(__name__).warning("%s is still there: %s", ", ".join(names), refusal)
            time.sleep(PAUSE)
        else:
            return


def labelled(label: str) -> list[str]:
    """The names of all containers with this label, running or not."""
    return podman("ps", "--all", "--filter", f"label={label}", "--format", "{{.Names}}").split()
