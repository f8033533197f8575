"""Webhooks: signed, to public addresses alone whatever a name says and when, no redirect followed, every failure said."""

import asyncio
import ipaddress
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.x509.oid import NameOID

from aipress.errors import Invalid
from aipress.kit import clock
from aipress.telemetry.alerts.webhooks import NotDelivered, Poster, is_public, signature

SECRET = "a-long-random-secret"


@dataclass
class Receiver:
    """Somebody listening on this machine."""

    port: int = 0
    answer: bytes = b"HTTP/1.1 204 No Content\r\n\r\n"
    heard: list[bytes] = field(default_factory=list)


@asynccontextmanager
async def receiver(tls: ssl.SSLContext | None = None) -> AsyncIterator[Receiver]:
    here = Receiver()

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            here.heard.append(head + await reader.readexactly(length))
            writer.write(here.answer)
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_server(hear, "127.0.0.1", 0, ssl=tls)
    here.port = server.sockets[0].getsockname()[1]
    async with server:
        yield here


def leading_to(*addresses: str) -> Poster:
    """Allowed to go anywhere; every name leads there."""

    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return Poster(allows_private=True, resolve=resolve)


async def test_what_arrives_is_signed_and_says_which_message_it_is() -> None:
    async with receiver() as here:
        url = f"http://hooks.example.com:{here.port}/alerts?team=web"
        await leading_to("127.0.0.1").post(url, b'{"event": 1}', "dlv_1", SECRET)
    (heard,) = here.heard
    head, _, body = heard.partition(b"\r\n\r\n")
    fields = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:])
    assert head.startswith(b"POST /alerts?team=web HTTP/1.1")
    assert fields[b"Host"] == f"hooks.example.com:{here.port}".encode()
    assert (body, fields[b"AIPress-Delivery"]) == (b'{"event": 1}', b"dlv_1")
    at, _, signed = fields[b"AIPress-Signature"].decode().removeprefix("t=").partition(",v1=")
    assert signed == signature(SECRET, int(at), body)
    assert signed != signature(SECRET, int(at) + 1, body) != signature("another", int(at), body)


@pytest.mark.parametrize("answer", [b"302 Found\r\nLocation: http://127.0.0.1/", b"500 Oh", b"404 No"])
async def test_whatever_is_not_a_yes_is_not_delivered(answer: bytes) -> None:
    async with receiver() as here:
        here.answer = b"HTTP/1.1 " + answer + b"\r\nContent-Length: 0\r\n\r\n"
        with pytest.raises(NotDelivered, match=r"It answered \d"):
            await leading_to("127.0.0.1").post(f"http://a.example:{here.port}/", b"{}", "dlv_1", SECRET)
    assert len(here.heard) == 1


async def test_nobody_there_is_not_delivered() -> None:
    async with receiver() as here:
        pass
    with pytest.raises(NotDelivered, match="could not be reached"):
        await leading_to("127.0.0.1").post(f"http://a.example:{here.port}/", b"{}", "dlv_1", SECRET)


async def test_a_certificate_that_nobody_vouches_for_is_not_believed(tmp_path: Path) -> None:
    async with receiver(self_signed(tmp_path)) as here:
        with pytest.raises(NotDelivered, match="could not be reached"):
            await leading_to("127.0.0.1").post(f"https://a.example:{here.port}/", b"{}", "dlv_1", SECRET)
    assert here.heard == []


def self_signed(folder: Path) -> ssl.SSLContext:
    key, name = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a.example")]),
    )
    now = clock.now()
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(1))
        .not_valid_after(now + timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("a.example")]), critical=False)
        .sign(key, SHA256())
    )
    place = folder / "both.pem"
    unlocked = serialization.NoEncryption()
    form = serialization.PrivateFormat.PKCS8
    place.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, form, unlocked)
        + made.public_bytes(serialization.Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(place)
    return context


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "10.0.0.1"],
        ["::1"],
        ["::ffff:127.0.0.1"],
        ["64:ff9b::7f00:1"],
        ["169.254.169.254"],
        ["fe80::1"],
        ["0.0.0.1"],
        [],
    ],
)
async def test_a_name_that_leads_into_our_network_is_never_asked(addresses: list[str]) -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    with pytest.raises(NotDelivered, match="not a public one"):
        await Poster(resolve=resolve).post("https://hooks.example.com/", b"{}", "dlv_1", SECRET)


async def test_a_name_that_is_not_found_says_so() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError("no such name")

    with pytest.raises(NotDelivered, match="not found"):
        await Poster(resolve=resolve).post("https://hooks.example.com/", b"{}", "dlv_1", SECRET)


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.com/",
        "ftp://hooks.example.com/",
        "file:///etc/passwd",
        "https://",
        "https://ada:secret@hooks.example.com/",
        "https://hooks.example.com/#part",
        "https://hooks.example.com/a b",
        "https://hooks.example.com/\r\nHost: other",
        "https://hooks.example.com:99999/",
        "https://hooks.example.com:0x50/",
        "https://[::1]/",
        "https://127.0.0.1/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:10.0.0.1]/",
        "https://10.1.2.3:8443/",
        "https://bücher.example/",
        "https://x/" + "a" * 2000,
    ],
)
async def test_an_address_that_nothing_is_ever_posted_to_is_refused(url: str) -> None:
    with pytest.raises(Invalid):
        Poster().check(url)
    with pytest.raises(NotDelivered):
        await Poster().post(url, b"{}", "dlv_1", SECRET)


@pytest.mark.parametrize(
    "url", ["https://hooks.example.com/a?b=c", "https://hooks.example.com:8443", "https://8.8.8.8/"]
)
def test_an_address_on_the_internet_is_taken(url: str) -> None:
    Poster().check(url)


def test_whoever_allows_it_posts_into_a_network_of_theirs() -> None:
    for url in ("http://127.0.0.1/", "https://10.0.0.1/", "http://intranet/"):
        Poster(allows_private=True).check(url)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("100.64.0.1", False),
        ("192.0.2.1", False),
        ("224.0.0.1", False),
        ("240.0.0.1", False),
        ("255.255.255.255", False),
        ("2002:7f00:1::", False),
        ("::127.0.0.1", False),
        ("fc00::1", False),
        ("fec0::1", False),
        ("ff02::1", False),
    ],
)
def test_which_addresses_are_public(address: str, public: bool) -> None:
    assert is_public(ipaddress.ip_address(address)) == public
