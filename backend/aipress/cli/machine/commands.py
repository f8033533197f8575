"""How the distribution's programs are called: in clean surroundings, and as the account that owns what they touch."""

import os
from pathlib import Path

from aipress.cli.machine.accounts import Account

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def clean_environment() -> dict[str, str]:
    """Nothing of the caller's own, except how this machine reaches package sources."""
    passed_on = ("PIP_", "NPM_CONFIG_", "npm_config_", "SSL_CERT_", "NODE_EXTRA_CA_CERTS")
    kept = {
        name: value
        for name, value in os.environ.items()
        if name.startswith(passed_on) or name.lower().endswith("_proxy")
    }
    return kept | {"PATH": SYSTEM_PATH, "LANG": "C.UTF-8", "HOME": os.environ.get("HOME", "/")}


def as_account(account: Account, *command: str | Path) -> list[str | Path]:
    """The same command with the account's rights alone. Nothing to do when that is who we are."""
    if account.uid == os.geteuid():
        return list(command)
    return ["setpriv", f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups", *command]
