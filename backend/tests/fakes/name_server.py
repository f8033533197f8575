"""An authoritative name server on loopback: what a test puts into it is what the DNS says, and it can be made to fail as real ones do."""

import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from aipress.kit.resolving import Answer, Names

Failing = Literal["silent", "refused", "broken", "garbage"]
MOST_ALIASES = 8


class Unasked(Names):
    """Knows of no name, and asks nobody."""

    async def ask(self, name: str, kind: str) -> Answer:
        return Answer(trouble="no_name")


@dataclass
class NameServer:
    """`records` by name and kind; `failing` says which names are not answered for, and how."""

    records: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    failing: dict[str, Failing] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    address: str = ""

    def put(self, name: str, kind: str, *values: str) -> None:
        """In place of what was there; without values, nothing is."""
        self.records.pop((name, kind), None)
        if values:
            self.records[name, kind] = list(values)

    def has(self, name: str) -> bool:
        return any(one == name or one.endswith(f".{name}") for one, _ in self.records)


@contextmanager
def name_server() -> Iterator[NameServer]:
    """Answers as long as this lasts."""
    zone = NameServer()

    class Asked(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            told, socket = self.request
            if (answer := _answer(told, zone)) is not None:
                socket.sendto(answer, self.client_address)

    server = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Asked)
    zone.address = f"127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield zone
    finally:
        server.shutdown()
        server.server_close()


def _answer(told: bytes, zone: NameServer) -> bytes | None:
    question = dns.message.from_wire(told)
    name, kind = _plain(question.question[0].name), dns.rdatatype.to_text(question.question[0].rdtype)
    zone.asked.append((name, kind))
    answer = dns.message.make_response(question)
    answer.flags |= dns.flags.AA | dns.flags.RA
    match zone.failing.get(name):
        case "silent":
            return None
        case "garbage":
            return told[:2] + b"\xff" * 40
        case "refused":
            answer.set_rcode(dns.rcode.REFUSED)
        case "broken":
            answer.set_rcode(dns.rcode.SERVFAIL)
        case None:
            _fill(answer, name, kind, zone)
    return answer.to_wire()


def _fill(answer: dns.message.Message, name: str, kind: str, zone: NameServer) -> None:
    for _ in range(MOST_ALIASES):
        if values := zone.records.get((name, kind)):
            answer.answer.append(_set(name, kind, values))
            return
        alias = zone.records.get((name, "CNAME"))
        if not alias:
            break
        answer.answer.append(_set(name, "CNAME", alias))
        name = alias[0].rstrip(".")
    if not zone.has(name):
        answer.set_rcode(dns.rcode.NXDOMAIN)


def _set(name: str, kind: str, values: list[str]) -> dns.rrset.RRset:
    written = [f'"{one}"' if kind == "TXT" else f"{one}." if kind == "CNAME" else one for one in values]
    return dns.rrset.from_text_list(f"{name}.", 60, "IN", kind, written)


def _plain(name: dns.name.Name) -> str:
    return name.to_text(omit_final_dot=True).lower()
