"""The platform's own MariaDB: its settings, and its data directory made once, with one account and nothing open."""

from pathlib import Path

from aipress.cli.machine.accounts import Account, Accounts
from aipress.cli.machine.commands import as_account, clean_environment
from aipress.cli.machine.files import set_owner, write_if_changed
from aipress.clouds.local.command import run

INSTALLED = "mysql/global_priv.MAI"
MEBIBYTE = 2**20

# Many small databases rather than one large: tables are kept open, threads are kept, nothing is measured that nobody reads. What
# each user took is read every minute: userstat counts it, for less than performance_schema.
SETTINGS = """\
# Rendered by `./aipress up`.
[mariadbd]
datadir={data}/mariadb/data
socket={data}/run/mariadb.sock
pid-file={data}/mariadb/mariadb.pid
tmpdir={data}/mariadb/tmp
skip-networking
skip-name-resolve
skip-log-bin
skip-symbolic-links
local-infile=0
secure-file-priv={data}/mariadb/files
performance-schema=OFF
userstat=1
slow-query-log=1
long-query-time=0.5
log-queries-not-using-indexes=0
log-output=TABLE
character-set-server=utf8mb4
collation-server=utf8mb4_unicode_520_ci
default-storage-engine=InnoDB
max-connections=500
thread-cache-size=64
open-files-limit={open_files}
table-open-cache={tables}
table-definition-cache={tables}
max-allowed-packet=64M
wait-timeout=600
innodb-file-per-table=1
innodb-flush-log-at-trx-commit=1
innodb-flush-method=O_DIRECT
innodb-buffer-pool-size={buffer_pool}M
innodb-log-file-size=256M
innodb-open-files={tables}
"""


def configure(data: Path, accounts: Accounts, memory: int, open_files: int) -> bool:
    """Write my.cnf for this machine's memory (bytes) and the open files a process may have; True when it changed."""
    sizes = {
        "buffer_pool": _between(128, memory // 4 // MEBIBYTE, 8192),
        "open_files": open_files,
        "tables": min(10_000, open_files // 4),
    }
    for folder in ("tmp", "files"):
        _make(data / "mariadb" / folder, accounts.data)
    return write_if_changed(settings_file(data), SETTINGS.format(data=data, **sizes), 0o644, accounts.data)


def ensure_installed(data: Path, accounts: Accounts) -> bool:
    """Make the system tables; True when that was needed. One that was interrupted is made anew."""
    final = data / "mariadb/data"
    if (final / INSTALLED).exists():
        return False
    making = data / "mariadb/data.new"
    run(as_account(accounts.data, "rm", "-rf", "--", making), seconds=60)
    _install(data, making, accounts)
    making.rename(final)
    return True


def settings_file(data: Path) -> Path:
    return data / "mariadb/my.cnf"


def _install(data: Path, making: Path, accounts: Accounts) -> None:
    # The admin account is the operating system account of the control plane, proven by the socket: there is no password.
    admin = ["--auth-root-authentication-method=socket", f"--auth-root-socket-user={accounts.control.name}"]
    run(
        as_account(
            accounts.data,
            *[
                "mariadb-install-db",
                f"--defaults-file={settings_file(data)}",
                f"--datadir={making}",
                "--skip-test-db",
                *admin,
            ],
        ),
        seconds=300,
        env=clean_environment(),
        cwd=data,
    )


def _make(folder: Path, owner: Account) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    set_owner(folder, 0o700, owner)


def _between(least: int, value: int, most: int) -> int:
    return max(least, min(value, most))
