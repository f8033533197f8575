"""Signed URLs as Google reads them (V4): whose signature it is, over what, until when.

https://cloud.google.com/storage/docs/authentication/canonical-requests. An expired one is a 400 at Google, a wrong one a 403.
"""

import hashlib
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import parse_qsl, quote, unquote

from gcpsim import keys
from gcpsim.store import Store
from gcpsim.wire import Request

ALGORITHM = "GOOG4-RSA-SHA256"
LONGEST = 7 * 24 * 3600
SKEW = 15 * 60
FORMS = {
    "algorithm": ALGORITHM,
    "credential": r"[^/]+/\d{8}/[a-z0-9-]+/storage/goog4_request",
    "date": r"\d{8}T\d{6}Z",
    "expires": r"\d{1,9}",
    "signedheaders": r"[a-z0-9_-]+(;[a-z0-9_-]+)*",
    "signature": r"([0-9a-fA-F]{2})+",
}
"""What a signed URL's parameters look like."""


class Unsigned(Exception):
    """A request that nobody's signature allows, as Google's XML says it."""

    def __init__(self, status: int, code: str, message: str, details: str, **more: str) -> None:
        super().__init__(details)
        self.status, self.code, self.message, self.details, self.more = status, code, message, details, more


@dataclass(frozen=True)
class Claim:
    """What a signed URL says of itself."""

    email: str
    scope: str
    date: str
    expires: int
    headers: list[str]
    signature: bytes


def claim_of(request: Request) -> Claim | None:
    """The claim in a request's query, None where there is none. Raises Unsigned where it is malformed."""
    query = parse_qsl(request.query_string, keep_blank_values=True)
    told = {name.lower().removeprefix("x-goog-"): value for name, value in query if _is_of_signing(name)}
    if "signature" not in told and "algorithm" not in told:
        return None
    for name, form in FORMS.items():
        if name not in told:
            raise _malformed(f"X-Goog-{name.capitalize()}", "A parameter that signing needs is missing.")
        if not re.fullmatch(form, told[name]):
            raise _malformed(f"X-Goog-{name.capitalize()}", f"The value '{told[name]}' is malformed.")
    email, _, scope = told["credential"].partition("/")
    if scope.split("/")[0] != told["date"][:8]:
        raise _malformed("X-Goog-Credential", "The credential's scope is of another day than the request.")
    expires = int(told["expires"])
    if not 0 < expires <= LONGEST:
        raise _malformed("X-Goog-Expires", f"The value must be between 1 and {LONGEST}.")
    signature = bytes.fromhex(told["signature"])
    return Claim(email, scope, told["date"], expires, told["signedheaders"].split(";"), signature)


def _is_of_signing(name: str) -> bool:
    return name.lower().startswith("x-goog-")


def check(store: Store, now: float, request: Request, claim: Claim) -> None:
    """Raise Unsigned unless an account signed this very request and the time for it is not over."""
    _check_time(now, claim)
    _check_headers(request, claim)
    canonical = canonical_request(request, claim)
    to_sign = "\n".join([ALGORITHM, claim.date, claim.scope, hashlib.sha256(canonical.encode()).hexdigest()])
    account = keys.account(store, claim.email)
    if account is None or not keys.is_signed(store, account, to_sign.encode(), claim.signature):
        raise Unsigned(
            403,
            "SignatureDoesNotMatch",
            "Access denied.",
            "The request signature we calculated does not match the signature you provided. "
            "Check your Google secret key and signing method.",
            StringToSign=to_sign,
            CanonicalRequest=canonical,
        )


def canonical_request(request: Request, claim: Claim) -> str:
    """The request as its signer must have written it down."""
    told = [
        (_quoted(name), _quoted(value))
        for name, value in parse_qsl(request.query_string, keep_blank_values=True)
        if name.lower() != "x-goog-signature"
    ]
    headers = [f"{name}:{' '.join(request.headers.get(name, '').split())}" for name in sorted(claim.headers)]
    return "\n".join(
        [
            request.method,
            quote(unquote(request.path), safe="/~"),
            "&".join(f"{name}={value}" for name, value in sorted(told)),
            *headers,
            "",
            ";".join(claim.headers),
            request.headers.get("x-goog-content-sha256", "UNSIGNED-PAYLOAD"),
        ]
    )


def _check_time(now: float, claim: Claim) -> None:
    try:
        begins = datetime.strptime(claim.date, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise _malformed("X-Goog-Date", "The date is none.") from None
    if now < begins - SKEW:
        raise Unsigned(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
            f"The request is of {claim.date}.",
        )
    if now > begins + claim.expires:
        ended = datetime.fromtimestamp(begins + claim.expires, UTC).isoformat()
        details = f"The provided token has expired. Request signature expired at: {ended}"
        raise Unsigned(400, "ExpiredToken", "Invalid argument.", details)


def _check_headers(request: Request, claim: Claim) -> None:
    if "host" not in claim.headers:
        raise _malformed("X-Goog-SignedHeaders", "The host is not among the signed headers.")
    for name in claim.headers:
        if name not in request.headers:
            raise _malformed(name, "Header was included in signedheaders, but not in the request.")
    unsigned = [name for name in request.headers if name.startswith("x-goog-") and name not in claim.headers]
    if unsigned:
        details = f"There were headers present in the request which were not signed: {', '.join(unsigned)}"
        raise Unsigned(403, "AccessDenied", "Access denied.", details)


def _malformed(parameter: str, details: str) -> Unsigned:
    return Unsigned(400, "MalformedSecurityHeader", "Invalid argument.", details, ParameterName=parameter)


def _quoted(text: str) -> str:
    return quote(text, safe="~")
