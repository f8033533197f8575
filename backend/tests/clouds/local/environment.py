"""One environment as hostd would make it, with PHP-FPM started by hand: what wordpress/README.md promises, done word by word."""

import contextlib
import os
import secrets
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pymysql
from pymysql.constants import CLIENT

from aipress.clouds.local import own_secrets, php
from aipress.clouds.local.content import ensure_content
from aipress.clouds.local.edge_config import Edge
from aipress.clouds.wordpress import introducing
from tests.clouds.local.rig import WEB, running

TENANT = 650_101
SYSTEM = ("/usr", "/etc", "/lib", "/lib64", "/bin", "/sbin")
NAMESPACES = "--unshare-pid --unshare-ipc --unshare-uts --unshare-net --die-with-parent --proc /proc --dev /dev".split()
SALTS = [
    f"{name}_{kind}" for name in ("AUTH", "SECURE_AUTH", "LOGGED_IN", "NONCE") for kind in ("KEY", "SALT")
]


@dataclass(frozen=True)
class Parts:
    """What all environments share."""

    data: Path
    core: Path
    php: str
    mariadb: Path
    dump: Path
    edge: Edge


@dataclass
class Site:
    """A copy of the template under an address of its own."""

    parts: Parts
    id: str = field(default_factory=lambda: secrets.token_hex(6))
    uid: int = TENANT
    secrets: dict[str, str] = field(
        default_factory=lambda: {name: secrets.token_hex(24) for name in (*SALTS, "DB_PASSWORD")}
    )

    own: dict[str, str] = field(
        default_factory=lambda: {
            "STRIPE_KEY": f"'{secrets.token_hex(24)}'\n$HOME \"ü\" ",
            "DB_NAME": "elsewhere",
        }
    )

    variables: dict[str, str] = field(default_factory=dict)
    """What it is told besides."""

    @property
    def place(self) -> Path:
        return self.parts.data / "environments" / self.id

    @property
    def content(self) -> Path:
        return self.place / "content"

    @property
    def log(self) -> Path:
        return self.place / "logs/php.log"

    @property
    def link(self) -> Path:
        return self.parts.edge.sites / self.host

    @property
    def host(self) -> str:
        return f"site-{self.id}.localhost"

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.parts.edge.port}"

    @property
    def database(self) -> str:
        return f"w{self.id}"

    def make(self) -> None:
        for name in ("tmp", "logs", "run", "opcache", "label", "pages/first", "purge"):
            (self.place / name).mkdir(parents=True, mode=0o755)
        (self.place / "pages/now").symlink_to("first")
        for name in ("tmp", "opcache", "purge"):
            os.chown(self.place / name, self.uid, self.uid)
        (self.place / "label/tenant").write_text("ten_test")
        (self.place / "core").symlink_to(f"../../wordpress/{self.parts.core.name}")
        ensure_content(self.content, self.parts.core, php.CORE, (self.uid, self.uid))
        (self.place / "fpm.conf").write_text(php.fpm_config(php.FpmSizes(), Path("/tmp/fpm.sock")))
        self.make_database()
        self.link.symlink_to(f"../../environments/{self.id}")

    def make_database(self) -> None:
        with self.sql() as sql:
            sql.execute(
                f"CREATE DATABASE `{self.database}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"
            )
            sql.execute(
                f"CREATE USER `{self.database}`@localhost IDENTIFIED BY %s", (self.secrets["DB_PASSWORD"],)
            )
            sql.execute(f"GRANT ALL ON `{self.database}`.* TO `{self.database}`@localhost")
            sql.execute(f"USE `{self.database}`")
            import_dump(sql, self.parts.dump)
            identity = introducing.Identity(self.url, "Sunrise Bakery", "ann@example.com", "ann", "Ann Baker")
            for statement in introducing.personalise(identity):
                sql.execute(statement.sql, statement.values)

    def remove(self) -> None:
        with self.sql() as sql:
            sql.execute(f"DROP DATABASE IF EXISTS `{self.database}`")
            sql.execute(f"DROP USER IF EXISTS `{self.database}`@localhost")
        self.link.unlink(missing_ok=True)
        shutil.rmtree(self.place, ignore_errors=True)

    @contextlib.contextmanager
    def sql(self, database: str | None = None) -> Iterator[pymysql.cursors.Cursor]:
        """MariaDB as its administrator."""
        with (
            pymysql.connect(
                unix_socket=str(self.parts.mariadb),
                user="root",
                database=database,
                autocommit=True,
                client_flag=CLIENT.MULTI_STATEMENTS,
            ) as connection,
            connection.cursor() as sql,
        ):
            yield sql

    @contextlib.contextmanager
    def php(self, *switches: str, warm: bool = True) -> Iterator[subprocess.Popen[bytes]]:
        """PHP-FPM behind `run/real.sock`, which only nginx may open. `warm`: with the shared part of the opcode cache."""
        path = self.place / "run/real.sock"
        path.unlink(missing_ok=True)
        with socket.socket(socket.AF_UNIX) as listening, self.log.open("ab") as log:
            listening.bind(str(path))
            os.chown(path, WEB, WEB)
            path.chmod(0o600)
            listening.listen(511)
            process = subprocess.Popen(
                [*self.sandbox(warm), *php.fpm_command(self.parts.php, php.FpmSizes()), *switches],
                env={**self.environment(), "FPM_SOCKETS": f"/tmp/fpm.sock={listening.fileno()}"},
                pass_fds=[listening.fileno()],
                stdout=log,
                stderr=log,
                umask=0o022,
            )
            with running(process, signal.SIGKILL):
                yield process

    def wp(self, code: str) -> str:
        """What this PHP prints when run as the environment, with WordPress loaded."""
        program = [f"/usr/bin/php{self.parts.php}", "--php-ini", f"{php.SETTINGS}/php.ini", "-r"]
        command = [*self.sandbox(), *program, f"require '{php.CORE}/wp-load.php'; {code}"]
        done = subprocess.run(
            command, env=self.environment(), capture_output=True, text=True, timeout=30, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def environment(self) -> dict[str, str]:
        return {
            "PATH": "/usr/bin:/bin",
            "TMPDIR": "/tmp",
            **php.fpm_environment(),
            **self.secrets,
            **own_secrets.disguised(self.own),
            "DB_NAME": self.database,
            "DB_USER": self.database,
            "DB_HOST": f"localhost:/run/aipress/{self.parts.mariadb.name}",
            "WP_CONTENT_DIR": str(php.CONTENT),
            "AIPRESS_ENVIRONMENT": self.id,
            "AIPRESS_TENANT_FILE": str(php.LABEL / "tenant"),
            "AIPRESS_PURGE_DIR": str(php.PURGE),
            **self.variables,
        }

    def sandbox(self, warm: bool = True) -> list[str]:
        read_only = {path: path for path in SYSTEM if os.path.exists(path)}
        read_only |= {
            str(self.parts.core): str(php.CORE),
            str(self.parts.data / "php"): str(php.SETTINGS),
            str(self.place / "fpm.conf"): str(php.FPM_CONF),
            str(self.place / "label"): str(php.LABEL),
            str(self.parts.mariadb.parent): "/run/aipress",
        }
        own = {
            str(self.content): str(php.CONTENT),
            str(self.place / "tmp"): "/tmp",
            str(self.place / "purge"): str(php.PURGE),
        }
        return [
            *("bwrap", *NAMESPACES, "--perms", "0755", "--dir", "/srv", "--perms", "0755", "--dir", "/run"),
            *(part for source, target in read_only.items() for part in ("--ro-bind", source, target)),
            *(part for source, target in own.items() for part in ("--bind", source, target)),
            *php.opcache_arguments(
                self.parts.data if warm else Path("/nonexistent"), self.parts.core, self.place
            ),
            *("--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"),
            *("setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", "--clear-groups", "--no-new-privs"),
        ]


def import_dump(sql: pymysql.cursors.Cursor, dump: Path) -> None:
    sql.execute(dump.read_text())
    while sql.nextset():
        pass
