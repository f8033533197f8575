"""Posting to an address that somebody gave us: never to our own network, wherever its name leads, and signed.

The name is looked up once, every address it has must be public, and the connection goes to one of those: a name that answers
differently a moment later changes nothing. Redirects are not followed, and what is answered is not read.
"""

import asyncio
import hmac
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

import httpx

from aipress.errors import Invalid
from aipress.kit import clock

SECONDS = 10.0
LONGEST_ADDRESS = 2000
EMBEDDING = [  # IPv6 networks whose addresses stand for IPv4 ones, which may be private
    ipaddress.IPv6Network(one)
    for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32", "::/96")
]

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Resolve = Callable[[str, int], Awaitable[Sequence[str]]]


class NotDelivered(Exception):
    """It did not arrive; the text says why, for whoever set the webhook."""


async def resolve(host: str, port: int) -> Sequence[str]:
    """Every address of this name. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(one[4][0]) for one in found]


@dataclass(frozen=True)
class Poster:
    """Posts to webhooks. `allows_private`: to any address, and without TLS; for whoever runs AIPress inside a network of theirs."""

    allows_private: bool = False
    resolve: Resolve = resolve

    def check(self, url: str) -> None:
        """Raises Invalid for an address that nothing is ever posted to."""
        why = self._complaint(url)
        if why:
            raise Invalid(why, {"webhook_url": why})

    async def post(self, url: str, body: bytes, delivery_id: str, secret: str) -> None:
        """Deliver `body`. Raises NotDelivered."""
        if why := self._complaint(url):
            raise NotDelivered(why)
        parts = urlsplit(url)
        host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
        address = await self._address(host, port)
        at = f"[{address}]" if ":" in address else address
        try:
            async with (
                asyncio.timeout(SECONDS),
                httpx.AsyncClient(trust_env=False, follow_redirects=False) as client,
                client.stream(
                    "POST",
                    f"{parts.scheme}://{at}:{port}{parts.path or '/'}{'?' + parts.query if parts.query else ''}",
                    content=body,
                    headers={"Host": parts.netloc.rpartition("@")[2], **_signed(body, delivery_id, secret)},
                    extensions={"sni_hostname": host},
                ) as answer,
            ):
                if not answer.is_success:
                    raise NotDelivered(f"It answered {answer.status_code}.")
        except TimeoutError as error:
            raise NotDelivered(f"It did not answer within {SECONDS:.0f} s.") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotDelivered(f"It could not be reached ({type(error).__name__}).") from error

    def _complaint(self, url: str) -> str | None:
        try:
            parts = urlsplit(url)
            host, _ = parts.hostname, parts.port
        except ValueError:
            return "This is not an address."
        if len(url) > LONGEST_ADDRESS or not url.isascii() or not url.isprintable() or " " in url or not host:
            return "This is not an address."
        if parts.username or parts.password or parts.fragment:
            return "Leave names, passwords and what follows # out of the address; the signature says who is calling."
        if parts.scheme != "https" and not (self.allows_private and parts.scheme == "http"):
            return "A webhook's address begins with https://."
        literal = _literal(host)
        if literal and not self._may_reach(literal):
            return "This address is not a public one."
        return None

    async def _address(self, host: str, port: int) -> str:
        try:
            async with asyncio.timeout(SECONDS):
                found = [str(literal)] if (literal := _literal(host)) else await self.resolve(host, port)
        except (OSError, UnicodeError) as error:
            raise NotDelivered("Its name was not found.") from error
        if not found or not all(self._may_reach(ipaddress.ip_address(one)) for one in found):
            raise NotDelivered("Its name leads to an address that is not a public one.")
        return found[0]

    def _may_reach(self, address: Address) -> bool:
        return self.allows_private or is_public(address)


def is_public(address: Address) -> bool:
    """Whether it is somebody's on the internet: no network of ours, and no other address in disguise."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped or address.scope_id or any(address in one for one in EMBEDDING):
            return False
        if address.is_site_local:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def signature(secret: str, at: int, body: bytes) -> str:
    """HMAC-SHA256 over the moment and the body, so that neither an altered nor an old message passes for a new one."""
    return hmac.new(secret.encode(), b"%d." % at + body, sha256).hexdigest()


def _signed(body: bytes, delivery_id: str, secret: str) -> dict[str, str]:
    at = int(clock.now().timestamp())
    return {
        "Content-Type": "application/json",
        "User-Agent": "AIPress",
        "AIPress-Delivery": delivery_id,
        "AIPress-Signature": f"t={at},v1={signature(secret, at, body)}",
    }


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
