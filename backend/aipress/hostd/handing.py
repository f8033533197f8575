"""Answers that come with a descriptor (unix(7), SCM_RIGHTS): whoever gets it reads or writes by itself, and hostd has no part in it."""

import asyncio
import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass

LONGEST_LINE = 64 * 1024


@dataclass(frozen=True, slots=True)
class Handed:
    """An answer of hostd's and the descriptor that goes with it, which is closed once it is handed over."""

    told: object
    descriptor: int


def hand_over(writer: asyncio.StreamWriter, line: bytes, descriptor: int) -> None:
    """Send both. Raises ConnectionError where nobody takes them; all that was written before must be sent."""
    connection: socket.socket = writer.get_extra_info("socket")
    try:
        with socket.socket(fileno=os.dup(connection.fileno())) as own:
            sent = socket.send_fds(own, [line], [descriptor])
    except OSError as error:
        raise ConnectionError("an answer could not be handed over") from error
    finally:
        os.close(descriptor)
    if sent != len(line):
        raise ConnectionError("an answer could not be handed over whole")


async def take_over(path: str, request: bytes) -> tuple[bytes, int | None]:
    """Ask, and take the line that is answered and the descriptor that came with it; whoever asks closes it. Raises OSError."""
    loop = asyncio.get_running_loop()
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.setblocking(False)
        await loop.sock_connect(connection, path)
        await loop.sock_sendall(connection, request)
        line, taken = b"", list[int]()
        try:
            while not line.endswith(b"\n"):
                await _readable(connection)
                more, descriptors, _, _ = socket.recv_fds(connection, LONGEST_LINE, 1)
                taken += descriptors
                if not more:
                    break
                line += more
        except BaseException:
            for descriptor in taken:
                os.close(descriptor)
            raise
    return line, taken[0] if taken else None


@contextlib.contextmanager
def kept_open(descriptor: int) -> Iterator[int]:
    """Closed at the end."""
    try:
        yield descriptor
    finally:
        os.close(descriptor)


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    is_there = asyncio.Event()
    loop.add_reader(connection, is_there.set)
    try:
        await is_there.wait()
    finally:
        loop.remove_reader(connection)
