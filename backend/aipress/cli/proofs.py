"""`aipress prove`: the proofs at full size. Each writes its figures; they are kept with machine and date in docs/proofs."""

import datetime
import json
import os
import platform
import shutil
from pathlib import Path

from pydantic import JsonValue

from aipress.cli import say
from aipress.cli.installation import CHECKOUT
from aipress.cli.machine.distribution import this_distribution
from aipress.cli.machine.limits import memory
from aipress.cli.testing import REPORTS, ensure_test_packages, run_pytest
from aipress.cli.trouble import Trouble

FIGURES = CHECKOUT / "artifacts/figures"
KEPT = CHECKOUT / "docs/proofs"
TESTS = CHECKOUT / "backend/tests"
THE_WHOLE = TESTS / "e2e"
SAYS_IT_IS_A_PROOF = "AIPRESS_PROVE"


def run_proofs(name: str) -> int:
    """Run one proof (a file `test_<name>.py`) or all of them at full size; the exit code."""
    there = proofs()
    if name and name not in there:
        raise Trouble(f"There is no proof called {name}.", f"There are: {', '.join(there) or 'none yet'}.")
    ensure_test_packages()
    shutil.rmtree(FIGURES, ignore_errors=True)
    for folder in (FIGURES, REPORTS):
        folder.mkdir(parents=True, exist_ok=True)
    chosen = [str(path) for proof, path in there.items() if name in ("", proof)]
    full = {"AIPRESS_PROVE": "full", "AIPRESS_FIGURES": str(FIGURES)}
    counted = run_pytest(["--timeout=0", *chosen], full)
    for figures in sorted(FIGURES.glob("*.json")):
        keep(figures.stem, json.loads(figures.read_text()))
    say.line(str(counted))
    return 1 if counted.failed or not counted.passed else 0


def proofs() -> dict[str, Path]:
    """By name: the tests of the whole platform, and every other that has a full size."""
    files = sorted(TESTS.rglob("test_*.py"))
    found = [path for path in files if path.parent == THE_WHOLE or SAYS_IT_IS_A_PROOF in path.read_text()]
    return {path.stem.removeprefix("test_"): path for path in found}


def keep(name: str, figures: dict[str, JsonValue]) -> Path:
    """Write one proof's figures to docs/proofs, with what they were measured on."""
    KEPT.mkdir(parents=True, exist_ok=True)
    rows = [f"| {label.replace('_', ' ')} | {_said(value)} |" for label, value in figures.items()]
    page = KEPT / f"{name}.md"
    page.write_text(
        "\n".join(
            [
                f"# {name.replace('_', ' ').capitalize()}",
                "",
                _machine(name),
                "",
                "| figure | value |",
                "|---|---|",
                *rows,
            ]
        )
        + "\n"
    )
    say.line(f"Figures are in {page.relative_to(CHECKOUT)}")
    return page


def _machine(name: str) -> str:
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    size = f"{os.cpu_count()} processors, {memory() / 2**30:.0f} GB of memory"
    return f"Measured on {today}: {this_distribution().name}, Linux {platform.release()}, {size}. Again: `./aipress prove {name}`."


def _said(value: JsonValue) -> str:
    return f"{value:,.4g}" if isinstance(value, float) else str(value)
