"""What can be seen of a host name from outside, on every cloud: where it leads, and the certificate that is shown there."""

import asyncio
import ssl
from datetime import datetime

import httpx
from cryptography import x509
from dns import exception, resolver
from dns.asyncresolver import Resolver
from dns.rdatatype import RdataType

from aipress.clouds.inspection import PageState

ANSWER_SECONDS = 2.0  # for a name server, and for a handshake


async def addresses_of(host: str, name_server: str = "") -> tuple[str, ...] | None:
    """Where the name leads; empty where there is no such name, None where nobody answers. `name_server` is host:port, or the machine's."""
    asking = Resolver(configure=not name_server)
    if name_server:
        address, _, port = name_server.rpartition(":")
        asking.nameservers, asking.port = [address], int(port)
    asking.lifetime = ANSWER_SECONDS
    found: list[str] = []
    for kind in (RdataType.A, RdataType.AAAA):
        try:
            found += [str(one) for one in await asking.resolve(host, kind, search=False)]
        except (resolver.NXDOMAIN, resolver.NoAnswer):
            continue
        except exception.DNSException:
            return None
    return tuple(found)


async def certificate_end(host: str, shown_at: str) -> datetime | None:
    """Until when the certificate is good that visitors of this name are shown at host:port; None where nobody shows one."""
    address, _, port = shown_at.rpartition(":")
    if not address:
        return None
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            _, writer = await asyncio.open_connection(
                address, int(port), ssl=_unchecked(), server_hostname=host
            )
    except (OSError, TimeoutError):
        return None
    shown = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
    writer.close()
    return x509.load_der_x509_certificate(shown).not_valid_after_utc if shown else None


def state_of(page: httpx.Response) -> PageState:
    """What a page says of itself; of cookies only the names."""
    cookies = tuple(one.split("=", 1)[0] for one in page.headers.get_list("set-cookie"))
    return PageState(page.status_code, cookies, page.headers.get("cache-control", ""))


def _unchecked() -> ssl.SSLContext:
    """Takes any certificate: it is looked at, and nothing is told to whoever shows it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
