"""Tries mutants: this process knows every library and nothing of ours, and forks for each trial.

A child sees the mutant in the place of its file, assembles both services, then runs the tests. What it ends with says what
came of it: 0 nothing failed, 1 a test failed, anything else that the trial itself went wrong.
"""

import importlib
import importlib.machinery
import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from types import ModuleType

import pytest

BACKEND = Path(__file__).resolve().parents[2]
LIBRARIES = ("fastapi", "sqlalchemy.ext.asyncio", "psycopg", "aiosqlite", "dbos", "httpx", "alembic.command", "jwt", "uvicorn", "pydantic_ai")  # fmt: skip
BROKEN = 70
# The daily trials need one engine; what differs by engine is no guard.
QUIETLY = (
    "-x",
    "-q",
    "-p",
    "no:cacheprovider",
    "-k",
    "not postgresql",
    "--timeout=200",
    "-W",
    "ignore::pytest.PytestAssertRewriteWarning",
)


class Instead(MetaPathFinder):
    """Gives one module other source than its file has."""

    def __init__(self, module: str, path: Path, text: str) -> None:
        self.module, self.path, self.text = module, path, text

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.module:
            return None
        loader = _Loader(fullname, str(self.path))
        loader.text = self.text
        return importlib.util.spec_from_file_location(fullname, self.path, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    text = ""

    def get_data(self, path: str) -> bytes:
        return self.text.encode()

    def path_stats(self, path: str) -> dict[str, float]:
        raise OSError("nothing compiled is kept of it")


def main() -> None:
    """Read jobs, a line of JSON each, and answer each with a line."""
    for library in LIBRARIES:
        importlib.import_module(library)
    for line in sys.stdin:
        job = json.loads(line)
        sys.stdout.write(json.dumps(_tried(job["path"], job["text"], job["tests"])) + "\n")
        sys.stdout.flush()


def _tried(path: str, text: str, tests: list[str]) -> dict[str, str | int]:
    with tempfile.TemporaryFile("w+") as said:
        child = os.fork()
        if child == 0:
            os.dup2(said.fileno(), 1)
            os.dup2(said.fileno(), 2)
            code = BROKEN
            try:
                code = _in_the_child(path, text, tests)
            finally:
                sys.stdout.flush()
                os._exit(code)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        said.seek(0)
        return {"code": code, "said": said.read()[-2000:]}


def _in_the_child(path: str, text: str, tests: list[str]) -> int:
    try:
        if path:
            module = "aipress." + path.removesuffix(".py").replace("/", ".")
            sys.meta_path.insert(0, Instead(module, BACKEND / "aipress" / path, text))
            if importlib.import_module(module).__doc__ is None:
                return BROKEN
        for service in ("aipress.api.app", "aipress.chat.app"):
            importlib.import_module(service)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is told
        print(f"the mutant can't even be imported: {error!r}")  # noqa: T201
        return BROKEN
    with open(os.devnull) as nothing:
        os.dup2(nothing.fileno(), 0)
    try:
        return int(pytest.main([*QUIETLY, *tests]))
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is told
        print(f"the tests could not be run: {error!r}")  # noqa: T201
        return BROKEN


if __name__ == "__main__":
    main()
