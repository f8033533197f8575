"""For tests alone: the unsigned tokens of Firebase's Auth emulator. Nobody gets here unless `testing` is set."""

import json

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from jwt.utils import base64url_decode

from aipress.auth.claims import COMPACT, Claims, Trust, check_claims
from aipress.errors import NotSignedIn

KID = "emulator"
HEADER = {"alg": "none", "typ": "JWT"}


class EmulatorTokens:
    """Signs what an emulator left unsigned, with a key of its own, and then asks all that every token is asked."""

    def __init__(self, issuer: str, audience: str) -> None:
        self._key = Ed25519PrivateKey.generate()
        public = jwt.PyJWK(jwt.algorithms.OKPAlgorithm.to_jwk(self._key.public_key(), as_dict=True), "EdDSA")
        self._trust = Trust(issuer, audience, {KID: public})

    def verify(self, token: str) -> Claims:
        """The claims of an unsigned token. Raises NotSignedIn; a signed one is none of an emulator's."""
        header, _, rest = token.partition(".")
        payload, dot, signature = rest.partition(".")
        if signature or not dot or not COMPACT.fullmatch(f"{header}.{payload}.x") or not _is_unsigned(header):
            raise NotSignedIn("That token is not valid here.")
        try:
            signed = jwt.api_jws.encode(base64url_decode(payload), self._key, "EdDSA", {"kid": KID})
        except ValueError as error:
            raise NotSignedIn("That token is not valid here.") from error
        return check_claims(signed, self._trust)


def _is_unsigned(header: str) -> bool:
    try:
        return bool(json.loads(base64url_decode(header)) == HEADER)
    except (ValueError, RecursionError):
        return False
