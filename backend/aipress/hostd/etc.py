"""The `/etc` every sandbox shares: what programs look up, and nothing of the machine's own.

Made anew at every start of hostd, so that certificates and libraries are as new as the machine's.
"""

import contextlib
import os
import shutil
from pathlib import Path

from aipress.hostd.host import Host
from aipress.hostd.safely import throw_away, write

COPIED = (
    "ld.so.cache",
    "services",
    "protocols",
    "mime.types",
    "localtime",
    "ssl/openssl.cnf",
    "ssl/certs/ca-certificates.crt",
    "fonts/fonts.conf",
    "ImageMagick-6/policy.xml",
)
WRITTEN = {
    "hosts": "127.0.0.1 localhost site\n::1 localhost site\n",
    # Of the network sandboxes have a wire to (way_out.py). Without one, there is nobody to ask, which is said at once.
    "resolv.conf": "nameserver 100.64.0.1\noptions edns0 timeout:3 attempts:1\n",
    "nsswitch.conf": "passwd: files\ngroup: files\nhosts: files dns\n",
    "hostname": "site\n",
}
# Written into every sandbox by itself, because they name its uid.
ELSEWHERE = {"passwd": "/run/passwd", "group": "/run/group", "mtab": "/proc/mounts"}


def make_etc(host: Host) -> None:
    """Replace `hostd/etc`. Environments that run keep the one they started with."""
    fresh = host.own / "etc.new"
    throw_away(fresh, host.trash)
    fresh.mkdir(mode=0o755)
    for name in COPIED:
        _copy(Path("/etc", name), fresh / name)
    for name, content in WRITTEN.items():
        write(fresh / name, content, 0o644)
    for name, target in ELSEWHERE.items():
        (fresh / name).symlink_to(target)
    throw_away(host.own / "etc", host.trash)
    fresh.rename(host.own / "etc")


def refresh_sockets(host: Host) -> None:
    """Let sandboxes see MariaDB's and Redis's sockets of this moment.

    A mounted socket is dead once its server starts again; a mounted directory is not. So they are hard links in a directory
    of their own, replaced when the server made a new one.
    """
    (host.own / "sockets").mkdir(mode=0o755, exist_ok=True)
    for name in ("mariadb.sock", "redis.sock"):
        with contextlib.suppress(FileNotFoundError):
            _follow(host.data / "run" / name, host.own / "sockets" / name)


def _follow(source: Path, link: Path) -> None:
    now = source.lstat()
    with contextlib.suppress(FileNotFoundError):
        if link.lstat().st_ino == now.st_ino:
            return
    fresh = link.with_name(f".{link.name}")
    fresh.unlink(missing_ok=True)
    os.link(source, fresh, follow_symlinks=False)
    fresh.rename(link)


def _copy(source: Path, target: Path) -> None:
    if source.is_file():
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        shutil.copyfile(source, target)
        target.chmod(0o644)
