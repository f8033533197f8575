"""A MariaDB and a Redis as a network has them: on ports of their own, the database with a certificate, each with a user of its own."""

import contextlib
import datetime
import ipaddress
import os
import pwd
import secrets
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pymysql
import redis
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from tests.clouds.local.rig import free_port, running, wait_for

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Servers:
    """Where they are, and the passwords of the site `wsite` there."""

    sockets: Path
    mariadb_port: int
    redis_port: int
    authority: Path
    password: str

    def variables(self) -> dict[str, str]:
        """What a site is told of them."""
        return {
            "DB_NAME": "wsite",
            "DB_USER": "wsite",
            "DB_PASSWORD": self.password,
            "DB_HOST": f"{HOST}:{self.mariadb_port}",
            "REDIS_SOCKET": f"tcp://{HOST}:{self.redis_port}",
            "REDIS_USER": "wsite",
            "REDIS_PASSWORD": self.password,
            "REDIS_PREFIX": "wsite:",
        }

    def say(self, sql: str, *values: str | int) -> str:
        """One statement in the site's database, as its user; the first thing it finds, or ''."""
        with (
            pymysql.connect(
                host=HOST,
                port=self.mariadb_port,
                user="wsite",
                password=self.password,
                database="wsite",
                autocommit=True,
            ) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(sql, values)
            found = cursor.fetchone()
            return str(found[0]) if found else ""


@contextlib.contextmanager
def servers(home: Path) -> Iterator[Servers]:
    """Both, running, with an empty database `wsite`. `home` is a short path that any user may enter."""
    sockets = home / "sql"
    sockets.mkdir()
    mysql = pwd.getpwnam("mysql")
    os.chown(sockets, mysql.pw_uid, mysql.pw_gid)
    _certify(sockets)
    made = Servers(sockets, free_port(), free_port(), sockets / "ca.pem", secrets.token_hex(16))
    with _mariadb(made, home / "mariadb.log"), _redis(made, home):
        yield made


@contextlib.contextmanager
def _mariadb(made: Servers, log: Path) -> Iterator[None]:
    data, sock = made.sockets / "d", made.sockets / "mysql.sock"
    common = ["--no-defaults", "--user=mysql", f"--datadir={data}"]
    install = ["mariadb-install-db", *common, "--auth-root-authentication-method=socket", "--skip-test-db"]
    subprocess.run(install, check=True, capture_output=True)
    command = [
        *("mariadbd", *common, f"--socket={sock}", f"--port={made.mariadb_port}", f"--bind-address={HOST}"),
        *(f"--ssl-{name}={made.sockets}/{name}.pem" for name in ("ca", "cert", "key")),
    ]
    with log.open("wb") as said, running(subprocess.Popen(command, stdout=said, stderr=said)):
        wait_for(sock.exists)
        with pymysql.connect(unix_socket=str(sock), user="root") as admin, admin.cursor() as sql:
            sql.execute("CREATE DATABASE wsite CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci")
            for place in ("localhost", HOST):
                sql.execute("CREATE USER wsite@%s IDENTIFIED BY %s", (place, made.password))
                sql.execute("GRANT ALL ON wsite.* TO wsite@%s", (place,))
        yield


@contextlib.contextmanager
def _redis(made: Servers, home: Path) -> Iterator[None]:
    config = home / "redis.conf"
    config.write_text(
        f"bind {HOST}\nport {made.redis_port}\nsave ''\ndir {home}\nuser default off\n"
        f"user wsite on >{made.password} ~wsite:* +@all -@dangerous\n"
    )
    log = (home / "redis.log").open("wb")
    with log, running(subprocess.Popen(["redis-server", config], stdout=log, stderr=log)):
        client = redis.Redis(HOST, made.redis_port, username="wsite", password=made.password)
        wait_for(lambda: _answers(client))
        yield


def _answers(client: "redis.Redis") -> bool:
    with contextlib.suppress(redis.ConnectionError):
        return bool(client.ping())
    return False


def _certify(folder: Path) -> None:
    """An authority, and a certificate of its for this address: `ca.pem`, `cert.pem`, `key.pem`."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca = _certificate("authority", "authority", ca_key.public_key(), ca_key, authority=True)
    cert = _certificate("database", "authority", key.public_key(), ca_key, authority=False)
    for name, each in (("ca", ca), ("cert", cert)):
        (folder / f"{name}.pem").write_bytes(each.public_bytes(serialization.Encoding.PEM))
    (folder / "key.pem").write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    for path in folder.glob("*.pem"):
        path.chmod(0o644)


def _certificate(
    name: str, by: str, key: ec.EllipticCurvePublicKey, signer: ec.EllipticCurvePrivateKey, *, authority: bool
) -> x509.Certificate:
    now = datetime.datetime.now(datetime.UTC)
    here = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address(HOST))])
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(by))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=authority, path_length=None), critical=True)
        .add_extension(here, critical=False)
        .sign(signer, hashes.SHA256())
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
