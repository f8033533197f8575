"""Keys of service accounts: one that Google keeps and signs with, others that were handed out, and their certificates."""

import base64
import datetime
import hashlib
import json

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from gcpsim.store import Resource, Store
from gcpsim.wire import Answer, Json, Request

CERTIFICATES = ("/robot/v1/metadata/x509/", "/service_accounts/v1/metadata/x509/")
LIFETIME = datetime.timedelta(days=730)


def account(store: Store, email: str) -> Resource | None:
    """A service account by its address, as long as it may be used."""
    project = email.rpartition("@")[2].split(".")[0]
    found = store.get(f"iam/projects/{project}/serviceAccounts/{email}")
    return found if found and not found.supposed and not found.content.get("disabled") else None


def sign(store: Store, one: Resource, content: bytes, now: float) -> tuple[str, bytes]:
    """The signature (RSA, SHA-256) of the key that Google keeps for an account, made when it is first needed, and that key's id."""
    number = next(
        (key.id for key in _keys(store, one) if key.content["keyType"] == "SYSTEM_MANAGED"), ""
    ) or make(store, one, "SYSTEM_MANAGED", now)
    pem = store.get(f"{one.key}/keys/{number}").hidden["private"]  # type: ignore[union-attr]
    private = serialization.load_pem_private_key(pem.encode(), None)
    assert isinstance(private, rsa.RSAPrivateKey)  # noqa: S101 - we made it
    return number, private.sign(content, padding.PKCS1v15(), hashes.SHA256())


def make(store: Store, one: Resource, kind: str, now: float) -> str:
    """A new key of an account; its id. The private half of one that is handed out is not kept."""
    private = rsa.generate_private_key(65537, 2048)
    pem = private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    certificate = _certificate(private, one.id, now)
    number = hashlib.sha1(certificate.encode(), usedforsecurity=False).hexdigest()
    key = store.put(
        f"{one.key}/keys/{number}",
        {
            "name": f"{one.key.split('/', 1)[1]}/keys/{number}",
            "keyAlgorithm": "KEY_ALG_RSA_2048",
            "keyOrigin": "GOOGLE_PROVIDED",
            "keyType": kind,
        },
    )
    key.hidden |= {"private": pem, "certificate": certificate}
    return number


def handed_out(key: Resource, email: str) -> str:
    """The file that somebody gets for a key, base64; the simulator forgets the private half."""
    told = {
        "type": "service_account",
        "project_id": key.key.split("/")[2],
        "private_key_id": key.id,
        "private_key": key.hidden.pop("private"),
        "client_email": email,
        "token_uri": "https://oauth2.googleapis.com/token",
        "universe_domain": "googleapis.com",
    }
    return base64.b64encode(json.dumps(told).encode()).decode()


def is_signed(store: Store, one: Resource, content: bytes, signature: bytes) -> bool:
    """Whether a signature is of any of the account's keys."""
    for key in _keys(store, one):
        public = x509.load_pem_x509_certificate(key.hidden["certificate"].encode()).public_key()
        assert isinstance(public, rsa.RSAPublicKey)  # noqa: S101 - we made it
        try:
            public.verify(signature, content, padding.PKCS1v15(), hashes.SHA256())
        except InvalidSignature:
            continue
        return True
    return False


def certificates(store: Store, request: Request) -> Answer | None:
    """What stands at an account's public address: each key's certificate by its id. None where a request asks for something else."""
    email = next(
        (request.path.removeprefix(path) for path in CERTIFICATES if request.path.startswith(path)), ""
    )
    if not email:
        return None
    found = account(store, email.replace("%40", "@"))
    if found is None:
        return Answer(404, {"error": {"code": 404, "message": "Service account not found."}})
    told: Json = {key.id: key.hidden["certificate"] for key in _keys(store, found)}
    return Answer(200, told)


def _keys(store: Store, one: Resource) -> list[Resource]:
    return [key for key in store.under(f"{one.key}/keys") if "certificate" in key.hidden]


def _certificate(private: rsa.RSAPrivateKey, name: str, now: float) -> str:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    begins = datetime.datetime.fromtimestamp(now, datetime.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + LIFETIME)
        .sign(private, hashes.SHA256())
    )
    return made.public_bytes(serialization.Encoding.PEM).decode()
