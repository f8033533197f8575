"""The operating system accounts: who may touch what. Without root there is one, yourself, and sites are not isolated."""

import os
import pwd
from dataclasses import dataclass

from aipress.clouds.local.command import run

NOBODYS_HOME = "/nonexistent"


@dataclass(frozen=True)
class Account:
    """One account, with its own group."""

    name: str
    uid: int
    gid: int


@dataclass(frozen=True)
class Accounts:
    """control runs the control plane and the assistant, web nginx, data MariaDB and Redis; root runs hostd."""

    root: Account
    control: Account
    web: Account
    data: Account


def ensure_accounts(is_root: bool) -> bool:
    """Make the platform's accounts where they are missing; True when one was made. Without root: nothing to do."""
    if not is_root:
        return False
    made = [name for name in ("aipress", "aipress-web", "aipress-data") if _ensure(name)]
    return bool(made)


def accounts(is_root: bool) -> Accounts:
    """Everyone's numbers. Raises KeyError where `ensure_accounts` has not been called yet."""
    if not is_root:
        me = _named(pwd.getpwuid(os.geteuid()).pw_name)
        return Accounts(me, me, me, me)
    return Accounts(_named("root"), _named("aipress"), _named("aipress-web"), _named("aipress-data"))


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
