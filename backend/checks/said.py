"""How a check ends: what is wrong, a line each, and an exit code."""

import sys
from collections.abc import Iterable
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]


def end(wrong: Iterable[str]) -> None:
    """Say what is wrong, if anything, and end the program accordingly."""
    lines = sorted(wrong)
    for line in lines:
        sys.stdout.write(f"{line}\n")
    sys.exit(1 if lines else 0)
