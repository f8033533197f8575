"""What a server proves itself with: a certificate of its own making, as an instance's own authority would give it."""

import datetime
import ipaddress
import os
import pwd
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from gcpsim.wire import Json

TEN_YEARS = datetime.timedelta(days=3650)


@dataclass(frozen=True)
class Certificate:
    """A certificate and its key, each in a file."""

    certificate: Path
    key: Path

    def make(self, name: str, address: str) -> None:
        """For a server of this name at this address; the one there is stays."""
        if self.certificate.exists() and self.key.exists():
            return
        key = ec.generate_private_key(ec.SECP256R1())
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
        now = datetime.datetime.now(datetime.UTC)
        made = (
            x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + TEN_YEARS)
            .add_extension(
                x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(address))]), critical=False
            )
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(key, hashes.SHA256())
        )
        secret = key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        self.key.touch(mode=0o600)
        self.key.write_bytes(secret)
        self.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))

    def text(self) -> str:
        """The certificate (PEM), or '' where there is none yet."""
        return self.certificate.read_text() if self.certificate.exists() else ""

    def shown(self, instance: str) -> Json | None:
        """As Cloud SQL shows it; None where there is none yet."""
        if not self.certificate.exists():
            return None
        pem = self.certificate.read_bytes()
        one = x509.load_pem_x509_certificate(pem)
        return {
            "kind": "sql#sslCert",
            "instance": instance,
            "cert": pem.decode(),
            "commonName": one.subject.rfc4514_string().removeprefix("CN="),
            "certSerialNumber": str(one.serial_number),
            "sha1Fingerprint": one.fingerprint(hashes.SHA1()).hex(),  # noqa: S303 - what Google calls it by
            "createTime": one.not_valid_before_utc.isoformat().replace("+00:00", "Z"),
            "expirationTime": one.not_valid_after_utc.isoformat().replace("+00:00", "Z"),
        }


def give(file: Path, account: str) -> None:
    """Let a file be an account's, where the simulator is root."""
    if os.geteuid() == 0:
        entry = pwd.getpwnam(account)
        os.chown(file, entry.pw_uid, entry.pw_gid)
