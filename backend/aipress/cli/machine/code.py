"""The code the services run: the checkout itself where their accounts can read it, else a copy in the data directory.

A checkout in somebody's home is often closed to everyone else; the control plane runs as an account of its own.
"""

import compileall
import hashlib
import os
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from aipress.cli.installation import Installation
from aipress.cli.machine.accounts import Account, Accounts
from aipress.cli.machine.commands import as_account
from aipress.cli.machine.files import fingerprint_of
from aipress.cli.trouble import Trouble
from aipress.clouds.local.command import run
from aipress.errors import CloudError

# What the services read; everything else of a checkout is for people and tests.
PARTS = ("backend/aipress", "backend/gcpsim", "backend/migrations", "wordpress")
NOT_CODE = frozenset({"__pycache__", "tests", "node_modules", "dist"})


@dataclass(frozen=True)
class Code:
    """`home` holds backend/ and wordpress/; `fingerprint` changes when any of it, or a package it uses, does."""

    home: Path
    python: Path
    fingerprint: str


def ensure_code(place: Installation, accounts: Accounts) -> Code:
    """Make sure the control plane's account can run the code, and that it is compiled."""
    fingerprint = _fingerprint(place.checkout)
    usable = _can_run(accounts.control, place.checkout)
    home = place.checkout if usable else _copy(place, accounts.control, fingerprint)
    # The accounts may not write beside the code, so without this every start would compile it anew.
    for package in ("aipress", "gcpsim"):
        compileall.compile_dir(home / "backend" / package, quiet=2, workers=1)
    return Code(home, _python(home), fingerprint)


def _copy(place: Installation, reader: Account, fingerprint: str) -> Path:
    home = place.data / "code" / fingerprint
    if home.is_dir():
        return home
    making = home.with_name(f".{fingerprint}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    for part in PARTS:
        if (place.checkout / part).is_dir():
            shutil.copytree(
                place.checkout / part,
                making / part,
                ignore=shutil.ignore_patterns(*NOT_CODE),
                dirs_exist_ok=True,
            )
    shutil.copytree(Path(sys.prefix), making / ".venv", symlinks=True)
    _open_to_readers(making)
    if not _can_run(reader, making):
        shutil.rmtree(making)
        raise Trouble(
            f"The account {reader.name} can't run the Python that {place.checkout}/.venv was made with ({_python(place.checkout).resolve()}).",
            "Please remove the .venv folder and run this again: it is then made with the distribution's own Python.",
        )
    making.rename(home)
    _forget_older(home)
    return home


def _open_to_readers(tree: Path) -> None:
    run(["chmod", "-R", "u=rwX,go=rX", tree], seconds=120)
    tree.parent.chmod(0o755)


def _forget_older(home: Path) -> None:
    older = sorted((p for p in home.parent.iterdir() if p != home), key=lambda p: p.stat().st_mtime)
    for path in older[:-1]:
        shutil.rmtree(path)


def _fingerprint(checkout: Path) -> str:
    code = "".join(fingerprint_of(checkout / part, NOT_CODE) for part in PARTS)
    packages = sorted(p.name for p in Path(sys.prefix).glob("lib/python*/site-packages/*.dist-info"))
    return hashlib.sha256("\n".join([sys.version, code, *packages]).encode()).hexdigest()[:16]


def _python(home: Path) -> Path:
    return home / ".venv/bin/python"


def _can_run(account: Account, home: Path) -> bool:
    surroundings = {"PATH": os.defpath, "PYTHONPATH": str(home / "backend")}
    try:
        run(
            as_account(account, _python(home), "-P", "-c", "import aipress.config"),
            seconds=30,
            cwd=Path("/"),
            env=surroundings,
        )
    except CloudError:
        return False
    return True
