"""What is outside a platform, on this machine's loopback: a name server and a server that shows certificates, as wrong as wanted."""

import socketserver
import ssl
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dns.message
import dns.rrset
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

OURS = "192.0.2.10"  # where domains of this platform should lead


@dataclass
class Outside:
    """`leads` says where a name leads, `ended` for which names the certificate has."""

    leads: dict[str, str] = field(default_factory=dict)
    ended: set[str] = field(default_factory=set)
    name_server: str = ""
    tls_address: str = ""

    @property
    def settings(self) -> dict[str, str]:
        return {
            "AIPRESS_PUBLIC_ADDRESSES": OURS,
            "AIPRESS_NAME_SERVER": self.name_server,
            "AIPRESS_TLS_ADDRESS": self.tls_address,
        }


@contextmanager
def outside() -> Iterator[Outside]:
    """Both servers, as long as this lasts."""
    world = Outside()
    good, bad = _context(30), _context(-2)

    class Names(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            told, socket = self.request
            socket.sendto(_answer(told, world), self.client_address)

    class Certificates(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                good.wrap_socket(self.request, server_side=True).close()
            except OSError:
                return

    def choose(socket: ssl.SSLObject | ssl.SSLSocket, host: str | None, _: ssl.SSLContext) -> None:
        socket.context = bad if host in world.ended else good

    good.sni_callback = choose
    names = socketserver.ThreadingUDPServer(("127.0.0.1", 0), Names)
    shown = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Certificates)
    world.name_server = f"127.0.0.1:{names.server_address[1]}"
    world.tls_address = f"127.0.0.1:{shown.server_address[1]}"
    for server in (names, shown):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield world
    finally:
        for server in (names, shown):
            server.shutdown()
            server.server_close()


def _answer(told: bytes, world: Outside) -> bytes:
    question = dns.message.from_wire(told)
    name = question.question[0].name
    answer = dns.message.make_response(question)
    if question.question[0].rdtype == dns.rdatatype.A:
        address = world.leads.get(name.to_text(omit_final_dot=True), OURS)
        answer.answer.append(dns.rrset.from_text(name, 60, "IN", "A", address))
    return answer.to_wire()


def _context(days: int) -> ssl.SSLContext:
    """Shows a certificate that ends in so many days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "shop.example")])
    ends = datetime.now(UTC) + timedelta(days=days)
    made: Any = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(ends - timedelta(days=90))
        .not_valid_after(ends)
        .sign(key, hashes.SHA256())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as file:
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        Path(file.name).write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(file.name)
    return context
