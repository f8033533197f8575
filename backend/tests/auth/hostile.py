"""Twenty tokens, eighteen of them hostile, and the verifiers that fall for them."""

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from aipress.auth.claims import REQUIRED, Trust

GOOD, HARMLESS = "good", "jku header"


@dataclass(frozen=True)
class Issuer:
    """Somebody we trust, with the private key that makes them who they are."""

    trust: Trust
    kid: str
    algorithm: str
    private: Any

    @property
    def public_pem(self) -> bytes:
        pem: bytes = self.private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)
        return pem

    def claims(self, **changes: object) -> dict[str, Any]:
        """Good claims, with changes; what is changed to None is left out."""
        now = int(time.time())
        good = {
            "iss": self.trust.issuer,
            "aud": self.trust.audience,
            "sub": "usr_1",
            "iat": now - 10,
            "exp": now + 3600,
            "auth_time": now - 20,
            "kind": "user",
        }
        return {name: value for name, value in {**good, **changes}.items() if value is not None}

    def sign(self, claims: Mapping[str, object], **header: object) -> str:
        return jwt.encode(dict(claims), self.private, self.algorithm, {"kid": self.kid, **header})


def twenty(issuer: Issuer) -> dict[str, str]:
    """The tokens by name: one good, one harmless, eighteen hostile."""
    soon, trust = int(time.time()) + 3000, issuer.trust

    def but(**changes: object) -> str:
        return issuer.sign(issuer.claims(**changes))

    return {
        GOOD: but(),
        HARMLESS: issuer.sign(issuer.claims(), jku="https://evil.example/jwks"),
        "alg=none": unsigned({"alg": "none", "kid": issuer.kid, "typ": "JWT"}, issuer.claims()) + ".",
        "HS256 signed with the public key": signed_with_the_public_key(issuer),
        "wrong aud": but(aud="other"),
        "aud list": but(aud=["x", trust.audience]),
        "wrong iss": but(iss="https://evil.example"),
        "session cookie's iss": but(iss=f"https://session.firebase.google.com/{trust.audience}"),
        "expired": but(exp=int(time.time()) - 1),
        "no exp": but(exp=None),
        "no sub": but(sub=None),
        "empty sub": but(sub=""),
        "sub of 129 characters": but(sub="a" * 129),
        "iat in the future": but(iat=soon),
        "auth_time in the future": but(auth_time=soon),
        "no auth_time": but(auth_time=None),
        "no aud": but(aud=None),
        "no iss": but(iss=None),
        "crit header": issuer.sign(issuer.claims(), crit=["x"], x=1),
        "another tenant's": but(firebase={"tenant": "other"}),
    }


def unsigned(header: Mapping[str, object], claims: Mapping[str, object]) -> str:
    return f"{encoded(json.dumps(header).encode())}.{encoded(json.dumps(claims).encode())}"


def signed_with_the_public_key(issuer: Issuer) -> str:
    """What a verifier takes that lets the token choose between HMAC and a public key it knows."""
    signing = unsigned({"alg": "HS256", "kid": issuer.kid, "typ": "JWT"}, issuer.claims())
    return f"{signing}.{encoded(hmac.digest(issuer.public_pem, signing.encode(), hashlib.sha256))}"


def encoded(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()


def decoded(segment: str) -> bytes:
    return base64.urlsafe_b64decode(segment + "=" * (-len(segment) % 4))


class Fooled:
    """Verifiers that believe too much, each shown to be fooled by the tokens the next check is there for."""

    def __init__(self, issuer: Issuer) -> None:
        self.issuer = issuer

    def by_the_header(self, token: str) -> None:
        """Lets the token say how it is signed, and asks nothing of its claims."""
        signing, _, signature = token.rpartition(".")
        algorithm = json.loads(decoded(signing.partition(".")[0])).get("alg")
        if algorithm == "none":
            return
        if algorithm == "HS256":
            assert hmac.compare_digest(
                hmac.digest(self.issuer.public_pem, signing.encode(), hashlib.sha256), decoded(signature)
            )
            return
        key = jwt.get_algorithm_by_name(self.issuer.algorithm)
        assert key.verify(signing.encode(), self.issuer.private.public_key(), decoded(signature))

    def audience_only(self, token: str) -> None:
        """What a first example does: the right algorithm and audience."""
        jwt.decode(
            token,
            self.issuer.public_pem,
            algorithms=[self.issuer.algorithm],
            audience=self.issuer.trust.audience,
        )

    def every_option(self, token: str) -> None:
        """All that the library has an option for."""
        jwt.decode(
            token,
            self.issuer.public_pem,
            algorithms=[self.issuer.algorithm],
            audience=self.issuer.trust.audience,
            issuer=self.issuer.trust.issuer,
            options={"require": REQUIRED, "strict_aud": True},
        )
