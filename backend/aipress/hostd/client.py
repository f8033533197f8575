"""The other end of hostd's socket: one typed method per verb."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

from aipress.errors import CloudBusy, CloudRefused
from aipress.hostd.handing import take_over
from aipress.hostd.reports import CronRun, EnvironmentStatus, Holding, Holdings, HostStatus, Message, Usage
from aipress.hostd.verbs import Limits

__all__ = ["CronRun", "EnvironmentStatus", "Holding", "Holdings", "HostStatus", "Hostd", "Limits", "Usage"]

T = TypeVar("T")
ASK_AGAIN = {"busy", "not_started"}
LONGEST_ANSWER = 64 * 2**20


class Hostd:
    """hostd as its callers see it. Every verb is safe to say twice.

    Raises CloudBusy when the daemon is away or too slow (ask again) and CloudRefused when it says no.
    """

    def __init__(self, socket_path: Path | str, seconds: float = 30) -> None:
        self.socket_path, self.seconds = str(socket_path), seconds

    async def make_files(self, environment_id: str, uid: int, version: str = "") -> None:
        """The environment's directory, with content belonging to `uid`; it runs this WordPress, or the newest installed."""
        await self._say("make_files", id=environment_id, uid=uid, version=version)

    async def remove_files(self, environment_id: str) -> None:
        """Stop whatever runs there and remove the directory. Links of host names stay: withdraw them."""
        await self._say("remove_files", id=environment_id)

    async def ensure_runtime(
        self, environment_id: str, uid: int, limits: Limits, tenant: str = "", *, soon: bool = False
    ) -> None:
        """Listen for visitors and start PHP for them; with `soon` a new one starts at once, and nobody waits for it.

        Changed limits reach a running PHP at its next start, which is now.
        """
        told = {"limits": asdict(limits), "tenant": tenant, "soon": soon}
        await self._say("ensure_runtime", id=environment_id, uid=uid, **told)

    async def supply_runtime(self, environment_id: str, revision: int, versions: Mapping[str, int]) -> int:
        """Let it have these secrets of its owner's; new requests have them when this returns. Says the revision in force."""
        told = {"revision": revision, "versions": dict(versions)}
        return int(await self._say("supply_runtime", id=environment_id, **told))

    async def remove_runtime(self, environment_id: str) -> None:
        """Stop every process of it and listen no more."""
        await self._say("remove_runtime", id=environment_id)

    async def warm(self, environment_id: str) -> None:
        """Start PHP and let it answer one request, so that the next finds all in memory. CloudBusy when it does not start."""
        await self._say("warm", id=environment_id)

    async def sleep(self, environment_id: str) -> None:
        """Let running requests end (7 s at most) and stop PHP."""
        await self._say("sleep", id=environment_id)

    async def run_cron(self, environment_id: str, host: str, request_id: str, seconds: int) -> CronRun:
        """Let the WordPress at `host` do what is due, and wait for it; its PHP may start for it. CloudBusy when it does not."""
        told = {"id": environment_id, "host": host, "request": request_id, "seconds": seconds}
        patient = Hostd(self.socket_path, self.seconds + seconds)
        return CronRun(**await patient._say("run_cron", **told))

    async def publish(self, environment_id: str, host: str) -> None:
        """Let `host` lead to the environment. CloudRefused when it leads to another one."""
        await self._say("publish", id=environment_id, host=host)

    async def withdraw(self, host: str, environment_id: str = "") -> None:
        """Let `host` lead nowhere; with an environment, only if it leads to that one."""
        await self._say("withdraw", host=host, id=environment_id)

    async def purge(self, environment_id: str, path: str = "") -> None:
        """Let the edge forget the pages it keeps of it, or those at one path. CloudRefused when it has no files."""
        await self._say("purge", id=environment_id, path=path)

    async def take_mail(self, done: Mapping[str, Sequence[str]]) -> list[Message]:
        """The next messages that sites want sent, a few of each; those of `done` are thrown away first. Others come again."""
        told = {id: list(names) for id, names in done.items()}
        return [Message(**each) for each in await self._say("take_mail", done=told)]

    async def list_files(self, environment_id: str, since: int = 0) -> int:
        """A descriptor from which the lines of `listing.py` are to be read: every file of the environment's own."""
        _, descriptor = await self._take("list_files", id=environment_id, since=since)
        return descriptor

    async def read_file(self, environment_id: str, file: str) -> tuple[int, int]:
        """A descriptor to read that file from, and its size: it may grow, and no more is to be read. CloudRefused for none of its own."""
        size, descriptor = await self._take("read_file", id=environment_id, file=file)
        return descriptor, int(size)

    async def draft_file(self, environment_id: str) -> tuple[int, str]:
        """A descriptor to write a file's content to, and the name `keep_file` knows it by. What is not kept is thrown away."""
        name, descriptor = await self._take("draft_file", id=environment_id)
        return descriptor, str(name)

    async def keep_file(self, environment_id: str, file: str, draft: str) -> None:
        """Let the draft be this file."""
        await self._say("keep_file", id=environment_id, file=file, draft=draft)

    async def forget_files(self, environment_id: str, files: Sequence[str]) -> None:
        """Remove these, as many as `MOST_FILES` and 60 kB of names."""
        await self._say("forget_files", id=environment_id, files=list(files))

    async def inventory(self) -> Holdings:
        """Everything that exists on this machine, by environment."""
        return Holdings.from_json(await self._say("inventory"))

    async def status(self) -> HostStatus:
        """How the daemon and each environment are doing."""
        return HostStatus.from_json(await self._say("status"))

    async def measure(self, environment_id: str) -> Usage:
        """What an environment uses of this machine. CloudRefused when it has no files."""
        return Usage(**await self._say("measure", id=environment_id))

    async def _say(self, verb: str, **words: object) -> Any:
        return _result(verb, await self._asked(verb, words, self._exchange))

    async def _take(self, verb: str, **words: object) -> tuple[Any, int]:
        """The answer and the descriptor that came with it."""
        answer, descriptor = await self._asked(
            verb, words, lambda request: take_over(self.socket_path, request)
        )
        result = _result(verb, answer)
        if descriptor is None:
            raise CloudBusy(f"hostd answered {verb} and handed nothing over. It is safe to ask again.")
        return result, descriptor

    async def _asked(self, verb: str, words: Mapping[str, object], ask: Callable[[bytes], Awaitable[T]]) -> T:
        request = json.dumps({"verb": verb, **words}).encode() + b"\n"
        try:
            async with asyncio.timeout(self.seconds):
                return await ask(request)
        except TimeoutError:
            raise CloudBusy(
                f"hostd did not finish {verb} within {self.seconds:g} s. It is safe to ask again."
            ) from None
        except OSError as error:
            raise CloudBusy(
                f"hostd is not answering ({error.strerror or type(error).__name__}). Ask again in a moment."
            ) from None

    async def _exchange(self, request: bytes) -> bytes:
        reader, writer = await asyncio.open_unix_connection(self.socket_path, limit=LONGEST_ANSWER)
        try:
            writer.write(request)
            await writer.drain()
            return await reader.readline()
        finally:
            writer.close()


def _result(verb: str, answer: bytes) -> Any:
    if not answer.endswith(b"\n"):
        raise CloudBusy(f"hostd went away during {verb}. It is safe to ask again.")
    told = json.loads(answer)
    if told["ok"]:
        return told["result"]
    error = told["error"]
    kind = CloudBusy if error["code"] in ASK_AGAIN else CloudRefused
    raise kind(f"hostd on {verb}: {error['message']}")
