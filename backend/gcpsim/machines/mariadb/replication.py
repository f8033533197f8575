"""A replica: it begins with all that its primary has, and follows that by its binary log, over TLS and by global transaction ids."""

import getpass
import os
import secrets
import subprocess
import time

import pymysql

from gcpsim.errors import Refused
from gcpsim.machines.mariadb.accounts import FOLLOWER
from gcpsim.machines.mariadb.server import PATIENCE, PORT, Server
from gcpsim.machines.programs import SEARCHED
from gcpsim.wire import Json

SYSTEM = {"mysql", "sys", "information_schema", "performance_schema"}
LONGEST = 1800.0  # seconds until all of a primary is there
AGAIN = 1  # seconds until a replica looks for its primary again


def follow(replica: Server, primary: Server) -> None:
    """Take all that the primary has, users too, and from there on whatever it does."""
    _wait_for(primary)
    _say(replica, "STOP SLAVE")
    _ran(replica, ["mariadb", "--binary-mode"], _content(primary))
    replica.let_api_in()  # the primary's came with its users
    account, password = f"{FOLLOWER}{replica.number}", secrets.token_urlsafe(24)
    _say(
        primary,
        "SET SESSION sql_log_bin = 0",
        f"CREATE OR REPLACE USER '{account}'@'%' IDENTIFIED BY '{password}' REQUIRE SSL",
        f"GRANT REPLICATION SLAVE ON *.* TO '{account}'@'%'",
    )
    where = f"MASTER_HOST = '{primary.address}', MASTER_PORT = {PORT}, MASTER_CONNECT_RETRY = {AGAIN}"
    who = f"MASTER_USER = '{account}', MASTER_PASSWORD = '{password}'"
    how = "MASTER_SSL = 1, MASTER_SSL_VERIFY_SERVER_CERT = 0, MASTER_USE_GTID = slave_pos"
    _say(replica, f"CHANGE MASTER TO {where}, {who}, {how}", "START SLAVE")


def leave(replica: Server, settings: Json) -> None:
    """Follow nobody any more, and take writes."""
    _say(replica, "STOP SLAVE", "RESET SLAVE ALL")
    replica.stop()
    replica.is_replica = False
    replica.start(settings)


def forget(primary: Server, replica: Server) -> None:
    """Let a replica that goes in no more; a primary that stands still is told nothing."""
    if primary.is_up:
        account = f"{FOLLOWER}{replica.number}"
        _say(primary, "SET SESSION sql_log_bin = 0", f"DROP USER IF EXISTS '{account}'@'%'")


def _wait_for(primary: Server) -> None:
    """Both may have been started in the same moment."""
    end = time.monotonic() + PATIENCE
    while True:
        try:
            primary.connect().close()
            return
        except pymysql.err.OperationalError:
            if time.monotonic() > end:
                raise Refused(400, "The primary instance is not running.", reason="invalid") from None
        time.sleep(0.05)


def _content(primary: Server) -> bytes:
    with primary.connect() as line, line.cursor() as sql:
        sql.execute("SHOW DATABASES")
        names = [str(name) for (name,) in sql.fetchall() if name not in SYSTEM]
    command = [
        "mariadb-dump", "--single-transaction", "--hex-blob", "--routines", "--events", "--master-data=1", "--gtid",
        "--system=users", "--insert-ignore", *(["--databases", "--", *names] if names else []),
    ]  # fmt: skip
    return _ran(primary, command)


def _ran(server: Server, command: list[str], said: bytes = b"") -> bytes:
    first, *rest = command
    line = [first, "--no-defaults", f"--socket={server.socket}", f"--user={getpass.getuser()}"]
    ran = subprocess.run(
        ["setpriv", "--pdeathsig=KILL", "--", *line, "--default-character-set=utf8mb4", *rest],
        input=said, capture_output=True, timeout=LONGEST, check=False, env=os.environ | {"PATH": SEARCHED},
    )  # fmt: skip
    if ran.returncode:
        raise Refused(500, f"The replica could not be filled: {ran.stderr.decode(errors='replace')[-300:]}")
    return ran.stdout


def _say(server: Server, *statements: str) -> None:
    with server.connect() as line, line.cursor() as sql:
        for one in statements:
            sql.execute(one)
