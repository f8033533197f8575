"""One MariaDB server: its folder, its settings, started until it answers, stopped.

`own/` belongs to the account it runs as, everything beside it to the simulator. The simulator's own account is the operating system's,
proven by the socket; `cloudsqlapi` is who runs what comes by the API, with a password that lasts as long as the server runs.
"""

import getpass
import os
import secrets
import socket
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pymysql
from pymysql.connections import Connection
from pymysql.constants import CLIENT
from pymysql.converters import encoders

from gcpsim.errors import Refused
from gcpsim.machines.certificates import Certificate, give
from gcpsim.machines.mariadb.accounts import API, let_api_in
from gcpsim.machines.mariadb.flags import lines
from gcpsim.machines.programs import SEARCHED, Program, Programs, as_account, end_leftover, own_folder
from gcpsim.wire import Json

ACCOUNT = "mysql"
PROGRAMS = ("mariadbd", "mariadb-install-db", "mariadb-dump", "mariadb")
PORT = 3306
LONGEST = 30
"""Seconds a statement may take that comes by the API, as at Google: nobody else is answered meanwhile."""

PATIENCE = 60.0
"""Seconds a server gets until it answers, and a statement of ours until it is done."""

AS_TEXT: dict[int | type[Any], Callable[[Any], str] | Callable[[str], Any]] = {
    kind: write for kind, write in encoders.items()
}
"""Values go out as pymysql writes them, and come back as the text the server sends."""

SETTINGS = """\
[mariadbd]
datadir={own}/data
socket={own}/s
tmpdir={own}/tmp
secure-file-priv={own}/files
bind-address={address}
port={port}
ssl-cert={folder}/server.pem
ssl-key={own}/server-key.pem
skip-name-resolve
skip-symbolic-links
server-id={number}
binlog-format=ROW
max-binlog-size=16M
expire-logs-days=1
local-infile=0
performance-schema=OFF
character-set-server=utf8mb4
collation-server=utf8mb4_unicode_520_ci
sql-mode=ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION
max-allowed-packet=64M
table-open-cache=1000
open-files-limit=8000
innodb-buffer-pool-size=48M
innodb-log-file-size=16M
innodb-flush-log-at-trx-commit=2
"""


class Server:
    """`address` is its own; nothing of it runs until `start`. A replica takes what its primary did, and no writes of anybody else's."""

    def __init__(self, folder: Path, address: str, programs: Programs) -> None:
        self.folder, self.address, self._programs = folder, address, programs
        self.own = folder / "own"
        self.socket = self.own / "s"
        self.certificate = Certificate(folder / "server.pem", self.own / "server-key.pem")
        self.number = int(address.rsplit(".", 1)[-1])
        self.is_replica = False
        self.api_password = ""
        self._program: Program | None = None
        self._lines: list[str] = []
        self._settings: Json = {}
        self._turn = threading.RLock()

    @property
    def is_up(self) -> bool:
        """Whether it runs."""
        return self._program is not None and self._program.is_alive

    def goes_by(self, settings: Json) -> bool:
        """Whether it was started by what these settings say of it."""
        return self._lines == lines(settings, self.is_replica)

    def prepare(self, name: str) -> None:
        """Make its folders and its certificate, once."""
        for place in (self.own, self.own / "data", self.own / "tmp", self.own / "files"):
            own_folder(place, ACCOUNT)
        self.certificate.make(name, self.address)
        give(self.certificate.key, ACCOUNT)

    def install(self) -> None:
        """Make its system tables, once; what was interrupted is made anew."""
        done = self.folder / "installed"
        if done.exists():
            return
        command = [
            "mariadb-install-db", "--no-defaults", f"--datadir={self.own}/data", "--skip-test-db", "--skip-name-resolve",
            "--auth-root-authentication-method=socket", f"--auth-root-socket-user={getpass.getuser()}", "--innodb-log-file-size=16M",
        ]  # fmt: skip
        ran = subprocess.run(
            ["setpriv", "--pdeathsig=KILL", *as_account(ACCOUNT), "--", *command],
            capture_output=True, text=True, timeout=PATIENCE, check=False, cwd=self.own, env=os.environ | {"PATH": SEARCHED},
        )  # fmt: skip
        if ran.returncode:
            raise Refused(500, f"The instance could not be installed: {ran.stderr.strip()[-300:]}")
        done.touch()

    def start(self, settings: Json) -> None:
        """Let it run by an instance's settings, and wait until it answers."""
        with self._turn:
            self._settings = settings
            self._start()

    def revive(self) -> None:
        """Let it run again if it ended by itself."""
        with self._turn:
            if self._program is not None and not self._program.is_alive:
                self._start()

    def stop(self) -> None:
        """End it, cleanly."""
        with self._turn:
            if self._program is not None:
                self._program.stop()
                self._program = None

    def let_api_in(self) -> None:
        """Give who runs what comes by the API a new password, which no replica hears of."""
        self.api_password = secrets.token_urlsafe(24)
        with self.connect() as line, line.cursor() as sql:
            let_api_in(sql, self.api_password)

    def connect(self, database: str | None = None) -> Connection:
        """A line of the simulator's own account."""
        return self._connect(getpass.getuser(), "", database)

    def connect_for_api(self, database: str | None) -> Connection:
        """A line of who runs what comes by the API."""
        return self._connect(API, self.api_password, database)

    def connect_as(self, user: str, password: str, database: str | None) -> Connection:
        """A line of one of its users, over the network with TLS."""
        trust = {"ca": str(self.certificate.certificate)}
        return pymysql.connect(host=self.address, port=PORT, ssl=trust, **_kind(user, password, database))

    def _start(self) -> None:
        end_leftover(self.folder)
        file = self.folder / "my.cnf"
        where = {"own": self.own, "folder": self.folder, "address": self.address, "port": PORT}
        fixed = SETTINGS.format(**where, number=self.number)
        self._lines = lines(self._settings, self.is_replica)
        file.write_text(fixed + "".join(f"{line}\n" for line in self._lines))
        self.socket.unlink(missing_ok=True)
        self._program = self._programs.start(["mariadbd", f"--defaults-file={file}"], self.folder, ACCOUNT)
        self._wait()
        self.let_api_in()

    def _connect(self, user: str, password: str, database: str | None) -> Connection:
        line = pymysql.connect(**_kind(user, password, database), defer_connect=True, ssl_disabled=True)
        way = socket.socket(socket.AF_UNIX)  # pymysql leaves its own open where nobody listens
        try:
            way.settimeout(PATIENCE)
            way.connect(str(self.socket))
            line.connect(way)
        except OSError:
            way.close()
            raise pymysql.err.OperationalError(2002, "nobody listens") from None
        except BaseException:
            way.close()
            raise
        return line

    def _wait(self) -> None:
        end = time.monotonic() + PATIENCE
        while True:
            try:
                self.connect().close()
                return
            except pymysql.err.OperationalError as refused:
                if not self.is_up or time.monotonic() > end:
                    self.stop()
                    raise Refused(
                        500, f"The instance did not start: {self._last_words() or refused}"
                    ) from None
            time.sleep(0.02)

    def _last_words(self) -> str:
        said = (self.folder / "output.log").read_text(errors="replace").splitlines()
        return next((line for line in reversed(said) if "[ERROR]" in line), "")[-300:]


def _kind(user: str, password: str, database: str | None) -> Json:
    return {
        "user": user, "password": password, "database": database, "conv": AS_TEXT, "autocommit": True, "charset": "utf8mb4",
        "client_flag": CLIENT.MULTI_STATEMENTS, "connect_timeout": 10, "read_timeout": PATIENCE,
        "init_command": f"SET SESSION max_statement_time = {LONGEST}",
    }  # fmt: skip
