"""This machine as hostd finds it: where things lie, who may do what, and which protection works here."""

import argparse
import hashlib
import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from aipress.clouds.local.php import php_version
from aipress.kit.sealed import SealedStore

SYSTEM_DATA = Path("/var/lib/aipress")
TRIAL_SECONDS = 10


class Unfit(Exception):
    """hostd can't work on this machine as it was told to; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Host:
    """What was settled at start and never changes.

    `mark` tells this data directory's processes from those of another one on the same machine.
    """

    data: Path
    uids: range
    control_gid: int
    control_uid: int
    web_uid: int
    web_gid: int
    logs_gid: int
    php: str
    has_bubblewrap: bool
    idle_seconds: int

    @property
    def is_root(self) -> bool:
        return os.geteuid() == 0

    @property
    def mark(self) -> str:
        return hashlib.sha256(str(self.data).encode()).hexdigest()[:12]

    @property
    def vault(self) -> SealedStore:
        return SealedStore(self.data / "vault", self.data / "vault/master.key")

    @property
    def environments(self) -> Path:
        return self.data / "environments"

    @property
    def sites(self) -> Path:
        """One link per host name."""
        return self.data / "edge/sites"

    @property
    def own(self) -> Path:
        """What is hostd's alone; every parent belongs to root."""
        return self.data / "hostd"

    @property
    def trash(self) -> Path:
        return self.own / "trash"

    @property
    def socket(self) -> Path:
        return self.data / "run/hostd.sock"

    def environment(self, id: str) -> Path:
        return self.environments / id

    def make_own_places(self) -> None:
        """The directories hostd needs; those that are there stay as they are."""
        for place, mode in (
            (self.environments, 0o711),
            (self.sites, 0o755),
            (self.data / "run", 0o755),
            (self.own, 0o711),
            (self.trash, 0o700),
        ):
            place.mkdir(mode=mode, parents=True, exist_ok=True)


def survey(told: argparse.Namespace) -> Host:
    """Look around once. Raises Unfit."""
    control, web, logs = _accounts(told)
    return Host(
        data=Path(os.path.realpath(told.data)),
        uids=range(told.uid_base, told.uid_base + told.uid_count),
        control_uid=control.pw_uid,
        control_gid=control.pw_gid,
        web_uid=web.pw_uid,
        web_gid=web.pw_gid,
        logs_gid=logs.pw_gid,
        php=php_version(told.php),
        has_bubblewrap=_try_bubblewrap(),
        idle_seconds=told.idle_seconds,
    )


def _accounts(told: argparse.Namespace) -> tuple[pwd.struct_passwd, pwd.struct_passwd, pwd.struct_passwd]:
    if os.geteuid() != 0:
        me = pwd.getpwuid(os.geteuid())
        return me, me, me
    try:
        return pwd.getpwnam(told.control_user), pwd.getpwnam(told.web_user), pwd.getpwnam(told.logs_user)
    except KeyError as error:
        raise Unfit(f"there is an account missing: {error.args[0]}. `./aipress up` makes it.") from None


def _try_bubblewrap() -> bool:
    """Whether a sandbox can be made here. As root it has to be: without one, sites would see each other."""
    alone = (
        "--unshare-pid",
        "--unshare-ipc",
        "--unshare-uts",
        "--unshare-net",
        "--proc",
        "/proc",
        "--dev",
        "/dev",
    )
    trial = ["bwrap", *alone, "--ro-bind", "/", "/mnt", "--symlink", "mnt/usr", "/usr"]
    trial += [part for name in ("lib", "lib64") for part in ("--symlink", f"mnt/{name}", f"/{name}")]
    try:
        done = subprocess.run(
            [*trial, "/mnt/usr/bin/true"], capture_output=True, timeout=TRIAL_SECONDS, check=False
        )
        works, said = done.returncode == 0, done.stderr.decode(errors="replace").strip()
    except (OSError, subprocess.TimeoutExpired) as error:
        works, said = False, str(error)
    if os.geteuid() == 0 and not works:
        raise Unfit(f"bubblewrap does not work here, so sites could not be kept apart: {said[-300:]}")
    return works
