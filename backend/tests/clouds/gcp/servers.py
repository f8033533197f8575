"""Stand-ins for what a shard has: a Cloud SQL instance, which is a MariaDB that speaks TLS at a loopback address of its own."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pymysql
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from aipress.clouds.gcp.secrets import version
from gcpsim.simulator import Simulator
from tests.clouds.gcp.rig import PLACE, ask, say
from tests.clouds.local import rig

ADMIN = "aipress-sql-admin-pool-1"
PASSWORD = "root-password_of-the-instance"
Key = ec.EllipticCurvePrivateKey


@dataclass(frozen=True)
class Instance:
    """Where it answers, the authority that signed its certificate, and its socket, where root needs no password."""

    address: str
    authority: str
    socket: Path


def own_address(number: int) -> str:
    """A loopback address for this run alone."""
    return f"127.79.{os.getpid() % 250}.{number}"


@contextmanager
def cloud_sql(home: Path, number: int = 1) -> Iterator[Instance]:
    """A server as Google makes it: root from anywhere, with a password, by TLS."""
    keys = home.with_name(f"{home.name}-tls")
    keys.mkdir()
    authority = write_certificates(keys)
    address = own_address(number)
    options = ("--port=3306", f"--bind-address={address}", "--skip-name-resolve", "--performance-schema=ON")
    tls = (f"--ssl-cert={keys}/server.pem", f"--ssl-key={keys}/server.key")
    with rig.mariadb(home, *options, *tls) as socket:
        with pymysql.connect(unix_socket=str(socket), user="root", autocommit=True) as line:
            sql = line.cursor()
            sql.execute("CREATE USER root@'%%' IDENTIFIED BY %s REQUIRE SSL", (PASSWORD,))
            sql.execute("GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION")
        yield Instance(address, authority, socket)


def stands(simulator: Simulator, server: Instance) -> None:
    """What Terraform made: the instance as Google describes it, its administrator's password, the list of a Valkey's users."""
    body = {
        "name": "pool-1",
        "region": PLACE.region,
        "databaseVersion": "MYSQL_8_4",
        "settings": {"tier": "db-custom-2-8192", "userLabels": {"aipress-pool": "pool-1"}},
    }
    say(simulator, "POST", f"/sqladmin/v1/projects/{PLACE.project}/instances", body)
    row = simulator.world.store.get(f"sqladmin/projects/{PLACE.project}/instances/pool-1")
    assert row is not None
    row.content["ipAddresses"] = [{"type": "PRIVATE", "ipAddress": server.address}]
    row.content["serverCaCert"] = {"cert": server.authority}
    secret = f"/secretmanager/v1/projects/{PLACE.project}/secrets"
    shared = {"replication": {"automatic": {}}, "labels": {"aipress-pool": "pool-1"}}
    say(simulator, "POST", secret, shared, secretId=ADMIN)
    assert ask(simulator, version(PLACE, ADMIN, PASSWORD.encode())).status == 200
    users = f"/memorystore/v1/{PLACE.parent}/aclPolicies"
    say(simulator, "POST", users, {"rules": [{"username": "default", "rule": "off"}]}, aclPolicyId="sites")


def write_certificates(folder: Path) -> str:
    """`server.pem` and `server.key`, signed by an authority whose certificate is returned."""
    ours, theirs = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = _signed("Cloud SQL Server CA", theirs, "Cloud SQL Server CA", theirs)
    (folder / "server.pem").write_bytes(
        _signed("project:instance", ours, "Cloud SQL Server CA", theirs).public_bytes(Encoding.PEM)
    )
    plain = ours.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "server.key").write_bytes(plain)
    for path in (folder, *folder.iterdir()):
        path.chmod(0o755 if path.is_dir() else 0o644)
    return authority.public_bytes(Encoding.PEM).decode()


def _signed(name: str, key: Key, issuer: str, by: Key) -> x509.Certificate:
    now = datetime.now(UTC)
    named = [x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, one)]) for one in (name, issuer)]
    return (
        x509.CertificateBuilder()
        .subject_name(named[0])
        .issuer_name(named[1])
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=name == issuer, path_length=None), critical=True)
        .sign(by, hashes.SHA256())
    )
