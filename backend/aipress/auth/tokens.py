"""Our own bearer tokens: JWTs signed with an Ed25519 key that never leaves this installation.

A token says who and until when. What they may do is looked up in our rows at each request.
"""

import base64
import hashlib
import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, cast

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from jwt.algorithms import OKPAlgorithm

from aipress.auth.claims import Trust, check_claims
from aipress.auth.keeping import keep_once
from aipress.auth.principal import Principal
from aipress.config import Settings
from aipress.errors import NotAllowed, NotSignedIn
from aipress.kit import clock, ids

Kind = Literal["user", "agent"]
ALGORITHM = "EdDSA"
AUDIENCE = "aipress"
LONGEST_LIFE: dict[Kind, timedelta] = {"user": timedelta(days=366), "agent": timedelta(minutes=10)}


@dataclass(frozen=True)
class IssuedToken:
    token: str
    expires_at: datetime


@dataclass(frozen=True)
class Bearer:
    """Who a verified token speaks for: a user's id, or `operator`."""

    subject: str
    kind: Kind
    issued_at: datetime
    signed_in_at: datetime


class Tokens:
    """Issues and verifies our tokens. The address is the issuer: with another port, older tokens end."""

    def __init__(self, settings: Settings) -> None:
        pem = keep_once(settings.control_dir / "signing.key", _fresh_key)
        self._key = cast(Ed25519PrivateKey, load_pem_private_key(pem, None))
        self._public = _as_jwk(self._key.public_key())
        self.trust = Trust(settings.base_url, AUDIENCE, {self.kid: jwt.PyJWK(self._public)})

    @property
    def kid(self) -> str:
        return self._public["kid"]

    def issue(self, principal: Principal, kind: Kind, life: timedelta) -> IssuedToken:
        """A token for this person, or an agent of theirs. Raises NotAllowed for agents and too long lives."""
        if not principal.is_person:
            raise NotAllowed("An agent can't make tokens. Ask the person it works for.")
        if life > LONGEST_LIFE[kind]:
            raise NotAllowed(f"Such a token lives for {LONGEST_LIFE[kind]} at most.")
        now = clock.now().replace(microsecond=0)
        claims = {
            "iss": self.trust.issuer,
            "aud": self.trust.audience,
            "sub": principal.id,
            "iat": now,
            "exp": now + life,
            "auth_time": int((principal.signed_in_at or now).timestamp()),
            "jti": ids.new("tok"),
            "kind": kind,
        }
        token = jwt.encode(claims, self._key, ALGORITHM, {"kid": self.kid})
        return IssuedToken(token, now + life)

    def verify(self, token: str) -> Bearer:
        """Who this token speaks for. Raises NotSignedIn unless it is good by every check."""
        claims = check_claims(token, self.trust)
        kind = claims.rest.get("kind")
        if kind != "user" and kind != "agent":
            raise NotSignedIn("That token is not valid here.")
        return Bearer(claims.subject, kind, claims.issued_at, claims.signed_in_at)

    def jwks(self) -> dict[str, list[dict[str, str]]]:
        """The public key as a JSON Web Key Set (RFC 7517)."""
        return {"keys": [self._public]}


def _fresh_key() -> bytes:
    return Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _as_jwk(key: Ed25519PublicKey) -> dict[str, str]:
    """The public JWK; its `kid` is its thumbprint (RFC 7638)."""
    bare: dict[str, str] = {
        name: OKPAlgorithm.to_jwk(key, as_dict=True)[name] for name in ("crv", "kty", "x")
    }
    digest = hashlib.sha256(json.dumps(bare, separators=(",", ":"), sort_keys=True).encode()).digest()
    kid = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return {**bare, "kid": kid, "alg": ALGORITHM, "use": "sig"}
