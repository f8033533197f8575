"""Issuers to verify: ourselves, and one that is built like Google's."""

import json

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from jwt.algorithms import RSAAlgorithm

from aipress.auth.claims import Trust
from aipress.auth.tokens import Tokens
from aipress.config import Settings
from tests.auth.hostile import Issuer


@pytest.fixture
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(data_dir=tmp_path_factory.mktemp("installation"), admin_email="admin@localhost")


@pytest.fixture
def tokens(settings: Settings) -> Tokens:
    return Tokens(settings)


@pytest.fixture
def ourselves(settings: Settings, tokens: Tokens) -> Issuer:
    """We, with the key from the file `tokens` made."""
    key = load_pem_private_key((settings.control_dir / "signing.key").read_bytes(), None)
    assert isinstance(key, Ed25519PrivateKey)
    return Issuer(tokens.trust, tokens.kid, "EdDSA", key)


@pytest.fixture(scope="session")
def rsa_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture
def like_google(rsa_key: RSAPrivateKey) -> Issuer:
    """Firebase's shape: RS256, the project as the audience, a key by `kid`."""
    public = jwt.PyJWK({**json.loads(RSAAlgorithm.to_jwk(rsa_key.public_key())), "alg": "RS256"})
    return Issuer(Trust("https://securetoken.google.com/proj", "proj", {"1": public}), "1", "RS256", rsa_key)


@pytest.fixture(params=["ourselves", "like_google"])
def issuer(request: pytest.FixtureRequest) -> Issuer:
    found: Issuer = request.getfixturevalue(request.param)
    return found
