"""The operating system accounts: who may touch what. Without root there is one, yourself, and sites are not isolated."""

import grp
import os
import pwd
from dataclasses import dataclass

from aipress.clouds.local.command import run

NOBODYS_HOME = "/nonexistent"
CONTROL, WEB, LOGS = "aipress", "aipress-web", "aipress-logs"
NAMES = (CONTROL, WEB, "aipress-data", LOGS)
# Who is in another's group too: nginx's finds sites by their hosts and may enter their folders, as does whoever says whose a line
# is; and the control plane shares the figures that are made of lines.
MEMBERS = {WEB: LOGS, LOGS: CONTROL}


@dataclass(frozen=True)
class Account:
    """One account, with its own group."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Accounts:
    """control runs the control plane and the assistant, web nginx, data MariaDB and Redis, logs the shipper; root runs hostd."""

    root: Account
    control: Account
    web: Account
    data: Account
    logs: Account


def ensure_accounts(is_root: bool) -> bool:
    """Make the platform's accounts where they are missing; True when one was made. Without root: nothing to do."""
    if not is_root:
        return False
    made = [name for name in NAMES if _ensure(name)]
    for group, name in MEMBERS.items():
        if name not in grp.getgrnam(group).gr_mem:
            run(["usermod", "--append", "--groups", group, name], seconds=30)
            made.append(name)
    return bool(made)


def accounts(is_root: bool) -> Accounts:
    """Everyone's numbers. Raises KeyError where `ensure_accounts` has not been called yet."""
    if not is_root:
        me = _named(pwd.getpwuid(os.geteuid()).pw_name)
        return Accounts(me, me, me, me, me)
    return Accounts(_named("root"), *map(_named, NAMES))


def _ensure(name: str) -> bool:
    try:
        pwd.getpwnam(name)
    except KeyError:
        details = [
            "--no-create-home",
            "--home-dir",
            NOBODYS_HOME,
            "--shell",
            "/usr/sbin/nologin",
            "--comment",
            "AIPress",
        ]
        run(["useradd", "--system", "--user-group", *details, name], seconds=30)
        return True
    return False


def _named(name: str) -> Account:
    entry = pwd.getpwnam(name)
    return Account(name, entry.pw_uid, entry.pw_gid)
