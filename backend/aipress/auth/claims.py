"""What a bearer token must be before we believe a word of it: one check for every issuer, ours or another.

A library's defaults accept most of the hostile tokens in tests/auth; so each check is said here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from aipress.errors import NotSignedIn
from aipress.kit import clock

LONGEST_TOKEN = 4096
LONGEST_SUBJECT = 128
LAST_MOMENT = int(datetime(9999, 12, 31, tzinfo=UTC).timestamp())
REQUIRED = ["iss", "aud", "sub", "iat", "exp", "auth_time"]
COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+", re.ASCII)


@dataclass(frozen=True)
class Trust:
    """Whom we believe: one issuer, to one audience, with these keys by `kid`, each of one algorithm.

    Their clock may be `ahead` of ours by so many seconds; that makes no token live longer.
    """

    issuer: str
    audience: str
    keys: Mapping[str, jwt.PyJWK]
    ahead: int = 0


@dataclass(frozen=True)
class Claims:
    """What a good token says. `rest` holds the issuer's own claims: hints, never rights."""

    subject: str
    issued_at: datetime
    signed_in_at: datetime
    expires_at: datetime
    rest: Mapping[str, object]


class Unacceptable(Exception):
    """Why a token is refused; for the tests and the log, not for whoever sent it."""


def check_claims(token: str, trust: Trust) -> Claims:
    """The claims of `token`, if it is good by every check. Raises NotSignedIn otherwise, and nothing else."""
    try:
        claims = _signed(token, trust)
        _check_tenant(claims)
        return _as_claims(claims, clock.now() + timedelta(seconds=trust.ahead))
    except jwt.ExpiredSignatureError as error:
        raise NotSignedIn("That token has expired. Please get a new one.") from error
    except (jwt.PyJWTError, Unacceptable) as error:
        raise NotSignedIn("That token is not valid here.") from error


def _signed(token: str, trust: Trust) -> dict[str, object]:
    """The payload, when the signature, issuer, audience and times are right."""
    if len(token) > LONGEST_TOKEN or not COMPACT.fullmatch(token):
        raise Unacceptable("not three plain segments")
    key = _key_for(jwt.get_unverified_header(token), trust)
    claims: dict[str, object] = jwt.decode(
        token,
        key,
        algorithms=[key.algorithm_name],
        issuer=trust.issuer,
        audience=trust.audience,
        options={
            "require": REQUIRED,
            "strict_aud": True,
            "verify_iat": False,  # _as_claims does, with an eye on the issuer's clock
            "verify_exp": True,
            "verify_nbf": True,
        },
    )
    return claims


def _key_for(header: Mapping[str, object], trust: Trust) -> jwt.PyJWK:
    """The key the header names. Keys it brings or points to (`jwk`, `jku`, `x5u`) are never looked at."""
    kid = header.get("kid")
    key = trust.keys.get(kid) if isinstance(kid, str) else None
    if key is None:
        raise Unacceptable("unknown kid")
    if not header.keys().isdisjoint(("crit", "b64", "zip")):
        raise Unacceptable("an extension we don't speak")
    if header.get("typ", "JWT") != "JWT":
        raise Unacceptable("not an identity token")
    return key


def _check_tenant(claims: Mapping[str, object]) -> None:
    """An Identity Platform tenant's users are not the project's, though issuer and audience are the same."""
    firebase = claims.get("firebase", {})
    if not isinstance(firebase, dict) or firebase.get("tenant") is not None:
        raise Unacceptable("another identity platform tenant")


def _as_claims(claims: Mapping[str, object], their_now: datetime) -> Claims:
    subject = claims["sub"]
    if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_SUBJECT:
        raise Unacceptable("no usable subject")
    issued_at, signed_in_at = _moment(claims, "iat"), _moment(claims, "auth_time")
    if max(issued_at, signed_in_at) > their_now:
        raise Unacceptable("issued, or signed in, in the future")
    rest = {name: value for name, value in claims.items() if name not in REQUIRED}
    return Claims(subject, issued_at, signed_in_at, _moment(claims, "exp"), rest)


def _moment(claims: Mapping[str, object], name: str) -> datetime:
    """A claim in whole seconds since 1970: no strings, booleans, fractions or infinities."""
    seconds = claims[name]
    if type(seconds) is not int or not 0 <= seconds <= LAST_MOMENT:
        raise Unacceptable(f"{name} is no moment")
    return datetime.fromtimestamp(seconds, UTC)
