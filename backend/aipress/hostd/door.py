"""The socket where hostd is asked: who may enter, one line in, one line out."""

import asyncio
import contextlib
import errno
import json
import os
import secrets
import socket
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import asdict, is_dataclass

from aipress.errors import CloudError
from aipress.hostd.handing import Handed, hand_over
from aipress.hostd.host import Host
from aipress.hostd.kernel import peer_uid
from aipress.hostd.requests import parse
from aipress.hostd.safely import opened
from aipress.hostd.say import say
from aipress.hostd.verbs import Refusal, Verb
from aipress.kit.sealed import SealedError

LONGEST_REQUEST = 64 * 1024

Answer = Callable[[Verb], Awaitable[object]]


async def open_door(host: Host, answer: Answer) -> asyncio.Server:
    """Begin to listen at `run/hostd.sock` (0660, root:aipress)."""

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError, asyncio.CancelledError):
            await _converse(host, answer, reader, writer)
        writer.close()

    return await asyncio.start_unix_server(receive, sock=_bind(host), limit=LONGEST_REQUEST)


async def _converse(
    host: Host, answer: Answer, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> None:
    writer.transport.set_write_buffer_limits(0)  # drained is sent: a descriptor never overtakes a line
    is_welcome = _caller(writer) in {0, os.geteuid(), host.control_uid}
    while True:
        try:
            line = await reader.readline()
        except ValueError:
            writer.write(_refused("bad_request", f"a request has at most {LONGEST_REQUEST} bytes"))
            return
        if not line:
            return
        if not is_welcome:
            writer.write(_refused("forbidden", "this socket is for the control plane"))
            return
        told, descriptor = await _respond(host, answer, line)
        if descriptor is None:
            writer.write(told)
            await writer.drain()
        else:
            hand_over(writer, told, descriptor)


async def _respond(host: Host, answer: Answer, line: bytes) -> tuple[bytes, int | None]:
    """The line to answer with, and a descriptor that goes with it."""
    try:
        result = await answer(parse(line, host.uids))
    except Refusal as refusal:
        return _refused(refusal.code, str(refusal)), None
    except OSError as error:
        code = "no_room" if error.errno in (errno.ENOSPC, errno.EDQUOT) else "failed"
        return _refused(code, f"{error.strerror or error}"), None
    except (CloudError, SealedError) as error:
        return _refused("failed", str(error)), None
    except Exception as error:  # noqa: BLE001 - one caller's bad luck is not everyone's
        say("error", "a request failed in a way nobody thought of", trace=traceback.format_exc())
        why = f"hostd stumbled over this ({type(error).__name__}); its log says more"
        return _refused("internal", why), None
    descriptor = result.descriptor if isinstance(result, Handed) else None
    if isinstance(result, Handed):
        result = result.told
    told = asdict(result) if is_dataclass(result) and not isinstance(result, type) else result
    return json.dumps({"ok": True, "result": told}).encode() + b"\n", descriptor


def _caller(writer: asyncio.StreamWriter) -> int:
    connection: socket.socket = writer.get_extra_info("socket")
    return peer_uid(connection)


def _refused(code: str, message: str) -> bytes:
    return json.dumps({"ok": False, "error": {"code": code, "message": message}}).encode() + b"\n"


def _bind(host: Host) -> socket.socket:
    """Bound under another name and moved into place, so that whoever finds the socket finds it listening."""
    fresh = f".hostd.{secrets.token_hex(4)}.sock"
    door = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with opened(host.socket.parent) as run:
        door.bind(f"/proc/self/fd/{run}/{fresh}")
        if host.is_root:
            os.chown(fresh, 0, host.control_gid, dir_fd=run, follow_symlinks=False)
        os.chmod(fresh, 0o660, dir_fd=run)
        door.listen(128)
        os.rename(fresh, host.socket.name, src_dir_fd=run, dst_dir_fd=run)
    return door
