"""What every room's tests stand on: both databases for real, an app assembled from its parts, and no way out of this machine."""

import glob
import ipaddress
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from fastapi import FastAPI

import aipress.audit.models  # noqa: F401  (its table)
from aipress.audit import chain
from aipress.config import Settings
from aipress.kit.db import Database, Row
from tests import make
from tests.emulator import emulator, running_emulator
from tests.make import Client
from tests.platforms import platform, pytest_runtest_makereport

# Here and nowhere else: imported into two folders it would be two platforms on one port, and two emulators.
__all__ = ["emulator", "platform", "pytest_runtest_makereport", "running_emulator"]


@dataclass(frozen=True)
class PostgreSQL:
    """A server of its own, on a Unix socket only."""

    directory: Path

    def url(self, database: str) -> str:
        return f"postgresql://postgres@/{database}?host={self.directory}"

    def say(self, *statements: LiteralString) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """PostgreSQL, started for this run and gone after it."""
    binaries = sorted(glob.glob("/usr/lib/postgresql/*/bin"))
    if not binaries:
        pytest.skip("PostgreSQL's server is not installed (apt install postgresql)")
    directory = Path(tempfile.mkdtemp(prefix="aipress-pg-", dir="/tmp"))
    if os.geteuid() == 0:
        shutil.chown(directory, "postgres", "postgres")
    server = _start(directory, Path(binaries[-1]))
    try:
        yield PostgreSQL(directory)
    finally:
        server.terminate()
        server.wait(10)
        shutil.rmtree(directory)


# Emptying the one database takes a tenth of the time of making another; the last test's connections go first.
CLEAN: tuple[LiteralString, ...] = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid != pg_backend_pid()",
    "DROP SCHEMA IF EXISTS public, dbos CASCADE",
    "CREATE SCHEMA public",
)


@pytest.fixture(autouse=True)
def audit_key(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A key and an anchor of its own for each test's audit log."""
    chain.use(tmp_path_factory.mktemp("audit"))


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database for each test, on each engine."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/aipress.sqlite3"
        return
    server: PostgreSQL = request.getfixturevalue("postgresql")
    server.say(*CLEAN)
    yield server.url("postgres")


@pytest.fixture
def workflows_url(database_url: str, tmp_path: Path) -> str:
    """Where the workflow engine keeps its own: the same PostgreSQL, or a SQLite file beside the rows."""
    return (
        database_url if database_url.startswith("postgresql") else f"sqlite:///{tmp_path}/workflows.sqlite3"
    )


@pytest.fixture
async def rows(database_url: str) -> AsyncIterator[Database]:
    """The database with every table that is known so far, empty."""
    rows = Database(database_url)
    async with rows.engine.begin() as connection:
        await connection.run_sync(Row.metadata.create_all)
    yield rows
    await rows.close()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """An installation's settings, in a directory of its own."""
    return Settings(data_dir=tmp_path / "data", database_url=database_url, admin_email="Admin@localhost")


@pytest.fixture
def app(settings: Settings, rows: Database) -> FastAPI:
    """People and sign-in behind the real edge. Rooms with more of an app override this."""
    return make.app(settings, rows)


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Client]:
    """Somebody who shows nothing. It keeps no cookies: a test says what is shown."""
    async with make.client_of(app) as client:
        yield client


def _start(directory: Path, binaries: Path) -> subprocess.Popen[bytes]:
    """The server, once it answers. It refuses to be root, so root starts it as its own user."""
    user = ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups"] if os.geteuid() == 0 else []
    files = directory / "files"
    initdb = [
        *user,
        binaries / "initdb",
        "--no-sync",
        "--auth=trust",
        "--username=postgres",
        "--pgdata",
        files,
    ]
    subprocess.run(initdb, check=True, capture_output=True, cwd="/")
    quick = {"fsync": "off", "full_page_writes": "off", "listen_addresses": "", "max_connections": "300"}
    options = [part for name, value in quick.items() for part in ("-c", f"{name}={value}")]
    with open(directory / "log", "wb") as log:
        command: list[str | Path] = [*user, binaries / "postgres", "-D", files, "-k", directory, *options]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
    _wait_until_it_answers(PostgreSQL(directory), server, seconds=20)
    return server


def _wait_until_it_answers(server: PostgreSQL, process: subprocess.Popen[bytes], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            return server.say("SELECT 1")
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)


def _stay_on_this_machine(event: str, arguments: tuple[object, ...]) -> None:
    """Refuses, in this process, every connection to another machine: tests need no network and tell nobody."""
    if event != "socket.connect":
        return
    address = arguments[1]
    if isinstance(address, tuple) and not _is_here(str(address[0])):
        raise PermissionError(f"tests don't talk to other machines: {address[0]}")


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host.partition("%")[0]).is_loopback
    except ValueError:
        return host in ("localhost", "")


sys.addaudithook(_stay_on_this_machine)
