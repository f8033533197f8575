"""The data directory: every folder of it, whose it is and who may enter. Tenants see none of it but their own part."""

from dataclasses import dataclass
from pathlib import Path

from aipress.cli.machine.accounts import Account, Accounts
from aipress.cli.machine.files import set_owner


@dataclass(frozen=True)
class Folder:
    """One folder below the data directory; an owner and a group by account, as `Accounts` names them."""

    path: str
    mode: int
    owner: str = "root"
    group: str = "root"


FOLDERS = (
    Folder("", 0o755),
    Folder("control", 0o700, "control", "control"),
    Folder("control/outbox", 0o700, "control", "control"),
    Folder("control/mail", 0o700, "control", "control"),
    Folder("control/billing", 0o700, "control", "control"),
    Folder("vault", 0o700, "control", "control"),
    # Sockets: only MariaDB and Redis make their own here (nobody may remove another's); the rest is bound by root for them.
    Folder("run", 0o1771, "root", "data"),
    Folder("logs", 0o711),
    Folder("logs/nginx", 0o2770, "web", "logs"),
    # What the platform's services say of sites: theirs to write, the shipper's to read and to give back.
    Folder("logs/control", 0o2770, "control", "logs"),
    # What happened, by tenant: the shipper writes it, the control plane asks and removes.
    Folder("lines", 0o2770, "logs", "control"),
    # Figures of every minute: the shipper adds what lines say, the control plane what it saw.
    Folder("metrics", 0o2770, "control", "logs"),
    Folder("shipper", 0o700, "logs", "logs"),
    Folder("mariadb", 0o700, "data", "data"),
    Folder("redis", 0o700, "data", "data"),
    Folder("nginx", 0o700, "web", "web"),
    Folder("wordpress", 0o755),
    Folder("templates", 0o755),
    Folder("opcache", 0o755),
    # Named by links alone, but for whoever reads every log.
    Folder("environments", 0o751, "root", "logs"),
    Folder("hostd", 0o711),
    # Servers of the simulator pass through it, each to its own folder.
    Folder("gcpsim", 0o711),
    Folder("edge", 0o750, "root", "web"),
    Folder("edge/sites", 0o750, "root", "web"),
    Folder("frontend", 0o755),
)


def ensure_directories(data: Path, accounts: Accounts) -> bool:
    """Every folder with its owner and mode; True when something had to be made or set right."""
    mended = [folder for folder in FOLDERS if _ensure(data / folder.path, folder, accounts)]
    return bool(mended)


def wrong_directories(data: Path, accounts: Accounts) -> list[str]:
    """What `doctor` says of folders that are missing or not as they should be."""
    return [
        f"{data / folder.path}" for folder in FOLDERS if not _is_right(data / folder.path, folder, accounts)
    ]


def _ensure(path: Path, folder: Folder, accounts: Accounts) -> bool:
    if _is_right(path, folder, accounts):
        return False
    path.mkdir(mode=0o700, parents=folder.path == "", exist_ok=True)
    set_owner(path, folder.mode, _owner(folder, accounts))
    return True


def _is_right(path: Path, folder: Folder, accounts: Accounts) -> bool:
    if path.is_symlink() or not path.is_dir():
        return False
    owner, now = _owner(folder, accounts), path.stat()
    return (now.st_uid, now.st_gid, now.st_mode & 0o7777) == (owner.uid, owner.gid, folder.mode)


def _owner(folder: Folder, accounts: Accounts) -> Account:
    owner: Account = getattr(accounts, folder.owner)
    group: Account = getattr(accounts, folder.group)
    return Account(owner.name, owner.uid, group.gid)
