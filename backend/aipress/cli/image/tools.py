"""The programs that build an image: that they are there, and running one."""

import os
import shutil
import subprocess
from collections.abc import Sequence

from aipress.cli.machine.commands import clean_environment
from aipress.cli.trouble import Trouble

NEEDED = ("buildah", "mmdebstrap", "runc")


def check_tools() -> None:
    """Raise Trouble where this machine can't build."""
    if os.geteuid() != 0:
        raise Trouble("Building the image needs root.", "Say it again with sudo.")
    if missing := [name for name in NEEDED if not shutil.which(name)]:
        raise Trouble(f"{' and '.join(missing)} is missing here.", f"apt install {' '.join(missing)}")


def run(command: Sequence[str], *, seconds: float) -> str:
    """What one command printed. Raises Trouble with its last words when it fails."""
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, check=False, timeout=seconds, env=clean_environment()
        )
    except subprocess.TimeoutExpired:
        raise Trouble(f"{command[0]} did not finish within {seconds:g} s.") from None
    if done.returncode:
        raise Trouble(f"{command[0]} ended with {done.returncode}.", (done.stderr or done.stdout)[-2000:])
    return done.stdout
