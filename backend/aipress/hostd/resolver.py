"""The resolver sites ask for names: it passes questions on to the machine's own, and fails at once while that is silent.

A program by itself, in the network the sites' wires end in, with nothing but the standard library: it reads what strangers
wrote. Names mean nothing to it; where a site may connect to is decided by address. Standard input and beyond are sockets:
descriptor 3 and on were made in the machine's network and reach its name servers.
"""

import ctypes
import ipaddress
import os
import random
import selectors
import signal
import socket
import struct
import sys
import time
from dataclasses import dataclass

PORT = 53
PATIENCE_SECONDS, PROBE_SECONDS, PROBE_AGAIN_SECONDS, TICK_SECONDS = 2.5, 1.0, 2.0, 0.25
MOST_OPEN, MOST_OF_ONE = 2048, 128
HEADER = 12
IS_ANSWER, RECURSION, FAILED = 0x8000, 0x0180, 2
RESOLV_CONF = "/etc/resolv.conf"
PROBE = (
    struct.pack(">HHHHHH", 0, 0x0100, 1, 0, 0, 0) + b"\0" + struct.pack(">HH", 2, 1)
)  # the root's name servers
PR_SET_PDEATHSIG = 1

Place = tuple[str, int]


@dataclass(slots=True)
class Question:
    """One that waits for its answer; `asker` is nobody for a probe of ours."""

    id: int
    asker: Place | None
    text: bytes
    server: str
    until: float


class Resolver:
    """`server` is the name server that answers; nothing while none does."""

    def __init__(self, door: socket.socket, ways: list[socket.socket]) -> None:
        self.door, self.ways = door, ways
        self.server = ""
        self.waiting: dict[tuple[int, int], Question] = {}
        self.probed = -PROBE_AGAIN_SECONDS

    def serve(self) -> None:
        """For ever."""
        ready = selectors.DefaultSelector()
        for each in (self.door, *self.ways):
            ready.register(each, selectors.EVENT_READ)
        self._look(time.monotonic())
        while True:
            for key, _ in ready.select(TICK_SECONDS):
                self._read(key.fileobj)  # type: ignore[arg-type]
            self._look(time.monotonic())

    def _read(self, ready: socket.socket) -> None:
        try:
            told, place = ready.recvfrom(4096)
        except OSError:
            return
        if len(told) >= HEADER + 5 and ready is self.door:
            self._on_question(told, place)
        elif len(told) >= HEADER + 5:
            self._on_answer(self.ways.index(ready), told, place[0])

    def _on_question(self, told: bytes, asker: Place) -> None:
        id, flags = struct.unpack_from(">HH", told)
        if flags & IS_ANSWER:
            return
        same = sum(each.asker is not None and each.asker[0] == asker[0] for each in self.waiting.values())
        is_crowded = len(self.waiting) >= MOST_OPEN or same >= MOST_OF_ONE
        if is_crowded or not self.server or not self._pass_on(Question(id, asker, told, self.server, 0)):
            self._tell(asker, failure(told))

    def _pass_on(self, question: Question) -> bool:
        """From a random socket under a random number, so that nobody guesses an answer's shape."""
        family = socket.AF_INET6 if ":" in question.server else socket.AF_INET
        ways = [number for number, each in enumerate(self.ways) if each.family == family]
        if not ways:
            return False
        way, id = random.SystemRandom().choice(ways), random.SystemRandom().getrandbits(16)
        patience = PATIENCE_SECONDS if question.asker else PROBE_SECONDS
        question.until = time.monotonic() + patience
        try:
            self.ways[way].sendto(struct.pack(">H", id) + question.text[2:], (question.server, PORT))
        except OSError:
            return False
        self.waiting[way, id] = question
        return True

    def _on_answer(self, way: int, told: bytes, server: str) -> None:
        (id, flags) = struct.unpack_from(">HH", told)
        question = self.waiting.get((way, id))
        if question is None or server != question.server or not flags & IS_ANSWER:
            return
        asked = asked_in(question.text)
        if told[HEADER : HEADER + len(asked)].lower() != asked.lower():
            return
        del self.waiting[way, id]
        self.server = self.server or server
        if question.asker:
            self._tell(question.asker, struct.pack(">H", question.id) + told[2:])

    def _look(self, now: float) -> None:
        """Give up on what waited too long. Who does not answer a question is probed, who does not answer a probe is silent."""
        late = [key for key, question in self.waiting.items() if question.until < now]
        for question in [self.waiting.pop(key) for key in late]:
            if question.asker:
                self._tell(question.asker, failure(question.text))
                self._probe(now, [question.server])
            elif question.server == self.server:
                self.server = ""
        if not self.server and now - self.probed >= PROBE_AGAIN_SECONDS:
            self._probe(now, name_servers())

    def _probe(self, now: float, servers: list[str]) -> None:
        if any(question.asker is None for question in self.waiting.values()):
            return
        self.probed = now
        for server in servers:
            if not self._pass_on(Question(0, None, PROBE, server, 0)) and server == self.server:
                self.server = ""

    def _tell(self, asker: Place, answer: bytes) -> None:
        try:
            self.door.sendto(answer, asker)
        except OSError:
            return


def failure(question: bytes) -> bytes:
    """The answer that says: could not be found out (SERVFAIL)."""
    id, flags = struct.unpack_from(">HH", question)
    flags = (flags & 0x7900) | IS_ANSWER | 0x0080 | FAILED
    return struct.pack(">HHHHHH", id, flags, 1, 0, 0, 0) + asked_in(question)


def asked_in(message: bytes) -> bytes:
    """The first question of a message as it stands there: name, type and class."""
    at = HEADER
    while at < len(message) and message[at]:
        at += message[at] + 1
    return message[HEADER : at + 5]


def name_servers(path: str = RESOLV_CONF) -> list[str]:
    """The machine's own, as resolv.conf(5) names them at this moment."""
    try:
        with open(path) as file:
            words = [line.split() for line in file]
    except (OSError, ValueError):
        return []
    named = [each[1].partition("%")[0] for each in words if len(each) > 1 and each[0] == "nameserver"]
    return [each for each in named if is_address(each)]


def is_address(text: str) -> bool:
    """Whether it is one; a name there would have to be looked up first."""
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def main() -> None:
    """Serve until whoever started this is gone."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    door.bind(("0.0.0.0", PORT))  # noqa: S104 - of a network with nothing in it but sites' wires
    ways = [socket.socket(fileno=int(number)) for number in sys.argv[1:]]
    for each in (door, *ways):
        each.setblocking(False)
    os.chdir("/")
    Resolver(door, ways).serve()


if __name__ == "__main__":
    main()
