"""`aipress check`: everything that can be said about the project without running it. One row per check."""

import os
import shutil
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from rich.markup import escape

from aipress.cli import say
from aipress.cli.installation import CHECKOUT
from aipress.cli.machine import packages
from aipress.cli.machine.frontend import ensure_node_packages
from aipress.cli.machine.node import node_environment

BACKEND, FRONTEND = CHECKOUT / "backend", CHECKOUT / "frontend"
PYTHON = (sys.executable, "-P", "-m")


@dataclass(frozen=True)
class Check:
    """One command that ends with 0 when all is well, and says what is wrong otherwise."""

    name: str
    command: tuple[str, ...]
    folder: Path = BACKEND


def checks() -> list[Check]:
    """All of them, quick ones first."""
    return [
        Check("Python style", (*PYTHON, "ruff", "check", "--quiet", ".")),
        Check("Python format", (*PYTHON, "ruff", "format", "--check", "--quiet", ".")),
        Check("sizes", (*PYTHON, "checks.sizes")),
        Check("features", (*PYTHON, "checks.features")),
        Check("settings", (*PYTHON, "checks.settings")),
        Check("migrations", (*PYTHON, "checks.migrations")),
        Check("decisions", (*PYTHON, "checks.decisions")),
        Check("locks", (*PYTHON, "checks.locks")),
        Check("API", (*PYTHON, "checks.api")),
        Check("addresses", (*PYTHON, "checks.addresses")),
        Check("words", (*PYTHON, "checks.words")),
        Check("who sees what", (*PYTHON, "checks.visible")),
        Check("shell", (shutil.which("shellcheck") or "shellcheck", *shell_scripts()), CHECKOUT),
        Check("imports", (_beside_python("lint-imports"), "--no-cache")),
        Check("types", (*PYTHON, "mypy", "-p", "aipress", "-p", "checks", "-p", "gcpsim")),
        Check("front end", ("npm", "run", "--silent", "check"), FRONTEND),
    ]


def run_checks() -> tuple[int, int]:
    """Run every check whatever the others say; how many passed and how many failed."""
    ensure_shellcheck()
    node = node_environment(CHECKOUT)
    ensure_node_packages(FRONTEND, node)
    results = [_run(check, node if check.folder == FRONTEND else _surroundings()) for check in checks()]
    return results.count(True), results.count(False)


def ensure_shellcheck() -> None:
    """The one checker that only the distribution has. Where it can't be installed, its check says that it is missing."""
    if os.geteuid() == 0 and shutil.which("shellcheck") is None:
        packages.install(["shellcheck"])


def shell_scripts() -> list[str]:
    """Every shell script of the project, found by its first line."""
    candidates = [
        CHECKOUT / "aipress",
        *sorted((CHECKOUT / "bin").iterdir()),
        *sorted((CHECKOUT / ".ci").iterdir()),
    ]
    candidates += sorted((CHECKOUT / "wordpress").rglob("*.sh"))
    return [str(path.relative_to(CHECKOUT)) for path in candidates if path.is_file() and _is_shell(path)]


def _run(check: Check, environment: dict[str, str]) -> bool:
    began = time.monotonic()
    try:
        done = subprocess.run(
            check.command,
            cwd=check.folder,
            env=environment,
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            check=False,
        )
        said, is_well = done.stdout + done.stderr, done.returncode == 0
    except FileNotFoundError:
        said, is_well = f"{check.command[0]} is not installed", False
    sign = "[green]✓[/]" if is_well else "[red]✗[/]"
    say.styled(f"  {sign} {check.name} [dim]({time.monotonic() - began:.1f} s)[/]")
    if not is_well:
        say.styled(escape(said.rstrip()))
    return is_well


def _surroundings() -> dict[str, str]:
    return dict(os.environ) | {"PYTHONPATH": str(BACKEND)}


def _beside_python(name: str) -> str:
    return str(Path(sys.executable).with_name(name))


def _is_shell(path: Path) -> bool:
    first = path.read_bytes()[:80].partition(b"\n")[0]
    return first.startswith(b"#!") and (first.endswith(b"sh") or b"bash" in first)
