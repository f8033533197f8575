"""Signed URLs of Cloud Storage (V4): who has one may read or write one object until it expires, without being anybody to Google.

What is signed is written down here; the signature is made by Google with a key that nobody else has (`signBlob`), so there is no
key file. https://cloud.google.com/storage/docs/authentication/canonical-requests
"""

import base64
import binascii
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal
from urllib.parse import quote, urlsplit

from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.resources import Resource, Unbuildable
from aipress.errors import CloudRefused

ALGORITHM = "GOOG4-RSA-SHA256"
LONGEST = timedelta(days=7)
GOOGLE = "https://storage.googleapis.com"


@dataclass(frozen=True)
class Wish:
    """What a URL is to allow. `headers` are those its user must send as they are; `RESUMABLE` starts an upload in pieces."""

    method: Literal["GET", "HEAD", "PUT", "DELETE", "RESUMABLE"]
    bucket: str
    name: str
    lasts: timedelta
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Draft:
    """A URL that only lacks its signature, and what is to be signed."""

    url: str
    to_sign: str

    def signed(self, signature: bytes) -> str:
        """The URL as it is given away."""
        return f"{self.url}&X-Goog-Signature={signature.hex()}"


async def signed_url(google: Google, wish: Wish, account: str, now: datetime) -> str:
    """A URL that this service account answers for: it must itself be allowed what the URL allows. Raises Gone, CloudRefused, CloudBusy."""
    base = f"{google.endpoint}/storage-xml" if google.endpoint else GOOGLE
    drafted = draft(wish, account, now, base)
    answer = await google.ask(signature(account, drafted.to_sign))
    try:
        made = base64.b64decode(str(answer["signedBlob"]), validate=True)
    except (KeyError, binascii.Error):
        raise CloudRefused("Google signed, and answered without a signature.") from None
    return drafted.signed(made)


def signature(account: str, to_sign: str) -> Resource:
    """The request for a service account's signature."""
    path = f"/v1/projects/-/serviceAccounts/{account}:signBlob"
    body: dict[str, object] = {"payload": base64.b64encode(to_sign.encode()).decode()}
    return Resource("signature", account, "iamcredentials", path, body)


def draft(wish: Wish, account: str, now: datetime, base: str = GOOGLE) -> Draft:
    """What a wish comes to at a moment (with its time zone); `base` is the address of the XML API."""
    if not timedelta(seconds=1) <= wish.lasts <= LONGEST:
        raise Unbuildable("A signed URL lasts between a second and seven days.")
    stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    scope = f"{stamp[:8]}/auto/storage/goog4_request"
    headers = _headers(wish, base)
    names = ";".join(headers)
    query = _query(
        {
            **wish.query,
            "X-Goog-Algorithm": ALGORITHM,
            "X-Goog-Credential": f"{account}/{scope}",
            "X-Goog-Date": stamp,
            "X-Goog-Expires": str(int(wish.lasts.total_seconds())),
            "X-Goog-SignedHeaders": names,
        }
    )
    path = f"/{wish.bucket}/{quote(wish.name, safe='/~')}"
    method = "POST" if wish.method == "RESUMABLE" else wish.method
    told = [f"{name}:{value}" for name, value in headers.items()]
    canonical = "\n".join([method, path, query, *told, "", names, "UNSIGNED-PAYLOAD"])
    digest = hashlib.sha256(canonical.encode()).hexdigest()
    return Draft(f"{base}{path}?{query}", f"{ALGORITHM}\n{stamp}\n{scope}\n{digest}")


def _headers(wish: Wish, base: str) -> dict[str, str]:
    """The signed headers, by name: the host, those of the wish, and what starts an upload in pieces."""
    given = {name.lower(): " ".join(value.split()) for name, value in wish.headers.items()}
    given["host"] = urlsplit(base).netloc
    if wish.method == "RESUMABLE":
        given["x-goog-resumable"] = "start"
    return dict(sorted(given.items()))


def _query(told: Mapping[str, str]) -> str:
    pairs = sorted((quote(name, safe="~"), quote(value, safe="~")) for name, value in told.items())
    return "&".join(f"{name}={value}" for name, value in pairs)
