"""MariaDB's own programs, run as an environment's own user: rows out of its database, statements into it. Nothing is held whole.

They get the password, and the authority that the server's certificate is held against, as files that only their descriptors lead to.
"""

import asyncio
import os
import re
import tempfile
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    AsyncIterator,
    Awaitable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from typing import IO, TypeVar

from aipress.clouds.wordpress.failures import PASSING
from aipress.errors import CloudBusy, CloudRefused
from aipress.kit import logs

T = TypeVar("T")
log = logs.get()
ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"}
PART = 1 << 16  # bytes
SILENCE = 300  # seconds a program may take for one part
LARGEST_PACKET = "--max-allowed-packet=1G"  # the server's own limit is what counts
ROWS = (
    *("--single-transaction", "--quick", "--hex-blob", "--no-create-info", "--complete-insert", "--no-autocommit"),
    *("--skip-triggers", "--skip-comments", "--skip-lock-tables", "--skip-add-locks", "--skip-disable-keys"),
    *("--no-tablespaces", "--default-character-set=utf8mb4", LARGEST_PACKET),
)  # fmt: skip
# In binary mode no word in the statements is a command to the program itself, such as one for a shell.
STATEMENTS = (
    "--binary-mode",
    "--batch",
    "--skip-reconnect",
    "--default-character-set=utf8mb4",
    LARGEST_PACKET,
)
NUMBER = re.compile(r"[Ee](?:RROR|rror:?) (\d{4})\b")


@dataclass(frozen=True)
class Door:
    """How the programs get into an environment's database as its own user: their options. `server` is what people call it."""

    server: str
    database: str
    options: Mapping[str, str] = field(repr=False)
    authority: str = field(default="", repr=False)


async def read_rows(door: Door, tables: Sequence[str]) -> AsyncGenerator[bytes, None]:
    """Every row of these tables at one moment, as statements. Raises CloudBusy, CloudRefused."""
    async with _running(door, "mariadb-dump", *ROWS, "--", door.database, *tables, stdin=DEVNULL) as process:
        rows = _pipe(process.stdout)
        while part := await _soon(rows.read(PART), door):
            yield part


async def say(door: Door, statements: AsyncIterable[bytes]) -> None:
    """Say these; the first that fails ends it. Raises CloudBusy, CloudRefused, and whatever `statements` raises."""
    async with _running(door, "mariadb", *STATEMENTS, door.database, stdin=PIPE) as process:
        ear, unheard = _pipe(process.stdin), asyncio.create_task(_forget(_pipe(process.stdout)))
        try:
            async for part in statements:
                ear.write(part)
                await _soon(ear.drain(), door)
            ear.close()
        except ConnectionError:
            pass  # it ended before: why, it says itself
        await _soon(unheard, door)


@asynccontextmanager
async def _running(door: Door, program: str, *arguments: str, stdin: int) -> AsyncIterator[Process]:
    """The program, which has ended well when this is left. Whoever leaves it by an exception has it ended."""
    with ExitStack() as files:
        said = files.enter_context(tempfile.TemporaryFile())
        options, descriptors = files.enter_context(_options(door))
        command = (program, f"--defaults-file={options}", *arguments)
        try:
            process = await asyncio.create_subprocess_exec(
                *command, stdin=stdin, stdout=PIPE, stderr=said, pass_fds=descriptors, env=ENVIRONMENT
            )
        except FileNotFoundError:
            raise CloudRefused(f"{program} is not installed here. `./aipress up` installs it.") from None
        try:
            yield process
            code = await _soon(process.wait(), door)
        finally:
            await _ended(process)
        if code:
            raise _failure(door, program, code, said)


@contextmanager
def _options(door: Door) -> Iterator[tuple[str, tuple[int, ...]]]:
    """A file of options in memory: its path, for whoever has these descriptors."""
    with ExitStack() as files:
        told = dict(door.options)
        descriptors = []
        if door.authority:
            descriptors.append(files.enter_context(_in_memory(door.authority)))
            told["ssl-ca"] = f"/dev/fd/{descriptors[0]}"
        lines = "".join(f'{name}="{_escaped(value)}"\n' for name, value in told.items())
        descriptors.append(files.enter_context(_in_memory(f"[client]\n{lines}")))
        yield f"/dev/fd/{descriptors[-1]}", tuple(descriptors)


@contextmanager
def _in_memory(text: str) -> Iterator[int]:
    """A descriptor of a file without a name, readable by its owner alone."""
    with os.fdopen(os.memfd_create("options"), "w+b") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(text.encode())
        file.flush()
        file.seek(0)
        yield file.fileno()


def _escaped(value: str) -> str:
    """https://mariadb.com/kb/en/configuring-mariadb-with-option-files/#option-file-syntax"""
    return value.replace("\\", "\\\\").replace('"', '\\"')


def _pipe(pipe: T | None) -> T:
    if pipe is None:
        raise RuntimeError("a program was started without a pipe")
    return pipe


async def _forget(stream: asyncio.StreamReader) -> None:
    while await stream.read(PART):
        pass


async def _soon(step: Awaitable[T], door: Door) -> T:
    """Raises CloudBusy for what takes too long."""
    try:
        async with asyncio.timeout(SILENCE):
            return await step
    except TimeoutError:
        raise CloudBusy(f"{door.server} did not go on within {SILENCE} s.") from None


async def _ended(process: Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()
    if process.stdin:
        process.stdin.close()
        with suppress(ConnectionError):
            await process.stdin.wait_closed()


def _failure(door: Door, program: str, code: int, said: IO[bytes]) -> CloudBusy | CloudRefused:
    """What it said goes to our own log alone: there may be anything of a tenant's in it."""
    said.seek(0)
    words = said.read(4000).decode(errors="replace")
    found = NUMBER.search(words)
    log.warning(
        "a program of MariaDB failed", program=program, database=door.database, code=code, said=words[-1000:]
    )
    if code < 0 or (found and int(found[1]) in PASSING):
        return CloudBusy(f"{door.server} is not answering just now.")
    return CloudRefused(f"{door.server} refused (error {found[1] if found else code}).")
