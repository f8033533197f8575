"""The platform's own Redis: one socket, nobody without a name, one administrator whose password only the vault knows.

Environments get users of their own from the control plane, which saves them to the same ACL file.
"""

import hashlib
from pathlib import Path

from aipress.cli.machine.accounts import Accounts
from aipress.cli.machine.files import write_if_changed

MEBIBYTE = 2**20
ADMIN = "aipress"

# Everybody may open the socket, since sandboxes hold it under their own uids; without a user's password it answers nothing.
SETTINGS = """\
# Rendered by `./aipress up`.
port 0
unixsocket {data}/run/redis.sock
unixsocketperm 777
dir {data}/redis
aclfile {data}/redis/users.acl
daemonize no
supervised no
databases 1
maxclients {clients}
maxmemory {memory}mb
maxmemory-policy allkeys-lru
appendonly no
save ""
"""


def configure(data: Path, accounts: Accounts, memory: int, open_files: int) -> bool:
    """Write redis.conf for this machine's memory (bytes); True when it changed."""
    sizes = {"memory": max(64, min(memory // 10 // MEBIBYTE, 4096)), "clients": min(10_000, open_files - 100)}
    return write_if_changed(settings_file(data), SETTINGS.format(data=data, **sizes), 0o644, accounts.data)


def ensure_administrator(data: Path, accounts: Accounts, password: str) -> bool:
    """The ACL file with the default user off and the administrator's password (as its hash), every other user kept."""
    path = data / "redis/users.acl"
    administrator = f"user {ADMIN} on #{hashlib.sha256(password.encode()).hexdigest()} ~* &* +@all"
    rows = path.read_text().splitlines() if path.exists() else []
    if any(_means_the_same(row, administrator) for row in rows) and any(
        row.startswith("user default off") for row in rows
    ):
        return False
    others = [row for row in rows if row.split(" ")[1:2] not in ([ADMIN], ["default"])]
    everyone = ["user default off resetpass resetkeys resetchannels -@all", administrator, *others]
    return write_if_changed(path, "\n".join(everyone) + "\n", 0o600, accounts.data)


def settings_file(data: Path) -> Path:
    return data / "redis/redis.conf"


def _means_the_same(row: str, wanted: str) -> bool:
    # Redis writes the same user back with its own flags (`sanitize-payload`) among the words.
    return set(wanted.split()) <= set(row.split())
