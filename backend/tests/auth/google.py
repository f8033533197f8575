"""Google as far as our verifier knows it: an address that answers with public keys, and a clock."""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm


@dataclass
class Google:
    """Answers with `keys`, and counts how often it was asked."""

    keys: list[dict[str, Any]] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=lambda: {"Cache-Control": "public, max-age=600"})
    status: int = 200
    asked: int = 0

    @property
    def transport(self) -> httpx.MockTransport:
        return httpx.MockTransport(self.answer)

    def answer(self, _: httpx.Request) -> httpx.Response:
        self.asked += 1
        return httpx.Response(self.status, json={"keys": self.keys}, headers=self.headers)


@dataclass
class Watch:
    """A clock that stands still until it is told."""

    at: datetime = datetime(2026, 1, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def published(kid: str, key: RSAPrivateKey) -> dict[str, Any]:
    """A key as Google shows it."""
    public: dict[str, Any] = json.loads(RSAAlgorithm.to_jwk(key.public_key()))
    return {**{name: public[name] for name in ("kty", "n", "e")}, "kid": kid, "alg": "RS256", "use": "sig"}
