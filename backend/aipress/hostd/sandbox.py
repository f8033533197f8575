"""What one environment's PHP sees of the machine: its own files, the core, two sockets, and as little else as possible.

As root, bubblewrap makes the namespaces with root's own rights and setpriv gives all of them up before PHP exists: no user
namespace, so the tenant's uid needs no right to enter `environments/<id>`. Without root, the same in a user namespace of one's
own, with every path as it is outside.
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from aipress.clouds.local.php import (
    CONTENT,
    CORE,
    FPM_CONF,
    LABEL,
    OPCACHE,
    PURGE,
    SETTINGS,
    SPOOL,
    opcache_arguments,
)
from aipress.hostd import seccomp
from aipress.hostd.host import Host

SOCKETS = Path("/run/aipress")
TMP = Path("/tmp")  # noqa: S108 - the sandbox's own
# Descriptors of the started program. The first is FPM's listening socket for as long as it lives.
LISTEN_FD, PASSWD_FD, GROUP_FD, SECCOMP_FD = 3, 4, 5, 6
OWN_NAMESPACES = ("--unshare-pid", "--unshare-ipc", "--unshare-uts", "--unshare-net", "--unshare-cgroup-try")
ONLY_TO_GIVE_UP_ROOT = ("CAP_SETUID", "CAP_SETGID", "CAP_SETPCAP")


@dataclass(frozen=True, slots=True)
class View:
    """Where PHP finds things. The alias is the listening socket's name for FPM, which unlinks it when it ends."""

    core: Path
    content: Path
    tmp: Path
    settings: Path
    conf: Path
    opcache: Path
    sockets: Path
    label: Path
    purge: Path
    spool: Path

    @property
    def alias(self) -> Path:
        return self.tmp / "fpm.sock"


def view_of(host: Host, place: Path) -> View:
    """What PHP of the environment at `place` sees, by its own names."""
    if host.is_root:
        return View(CORE, CONTENT, TMP, SETTINGS, FPM_CONF, OPCACHE, SOCKETS, LABEL, PURGE, SPOOL)
    core = Path(os.path.realpath(place / "core"))
    return View(
        core,
        place / "content",
        place / "tmp",
        host.data / "php",
        place / "fpm.conf",
        place / "opcache",
        host.own / "sockets",
        place / "label",
        place / "purge",
        place / "mail",
    )


def sandbox(host: Host, place: Path, uid: int) -> list[str]:
    """The command line to put before PHP-FPM's. Says no secret: it is readable by everyone on the machine."""
    if not host.has_bubblewrap:
        return []
    command = ["/usr/bin/bwrap", "--as-pid-1", *OWN_NAMESPACES, "--hostname", "site"]
    command += [*_skeleton(host), *_mounts(host, place)]
    command += ["--chdir", "/", *(["--seccomp", str(SECCOMP_FD)] if seccomp.is_known() else [])]
    if not host.is_root:
        return [*command, "--unshare-user", "--disable-userns"]
    capabilities = [part for name in ONLY_TO_GIVE_UP_ROOT for part in ("--cap-add", name)]
    return [*command, "--cap-drop", "ALL", *capabilities, *_give_up_root(uid)]


def passwd_of(uid: int) -> bytes:
    """`/etc/passwd` of the sandbox."""
    lines = ("root:x:0:0::/nonexistent:/usr/sbin/nologin", f"site:x:{uid}:{uid}::/tmp:/usr/sbin/nologin")
    return "".join(f"{line}\n" for line in lines).encode()


def group_of(uid: int) -> bytes:
    """`/etc/group` of the sandbox."""
    return f"root:x:0:\nsite:x:{uid}:\n".encode()


def _skeleton(host: Host) -> Iterator[str]:
    yield from ("--ro-bind", "/usr", "/usr")
    for name in ("bin", "sbin", "lib", "lib32", "lib64", "libx32"):
        if os.path.islink(f"/{name}"):
            yield from ("--symlink", os.readlink(f"/{name}"), f"/{name}")
    yield from ("--ro-bind", str(host.own / "etc"), "/etc", "--proc", "/proc", "--dev", "/dev")
    # A parent bubblewrap makes for a file is its owner's only, unless it was made before.
    for directory in ("/srv", "/run"):
        yield from ("--perms", "0755", "--dir", directory)
    for descriptor, name in ((PASSWD_FD, "/run/passwd"), (GROUP_FD, "/run/group")):
        yield from ("--perms", "0444", "--file", str(descriptor), name)


def _mounts(host: Host, place: Path) -> Iterator[str]:
    sees, core = view_of(host, place), Path(os.path.realpath(place / "core"))
    read_only = {
        core: sees.core,
        host.data / "php": sees.settings,
        place / "fpm.conf": sees.conf,
        host.own / "sockets": sees.sockets,
        place / "label": sees.label,
    }
    own = {"content": sees.content, "tmp": sees.tmp, "purge": sees.purge, "mail": sees.spool}
    writable = {place / name: seen for name, seen in own.items()}
    if not host.is_root:
        writable[place / "opcache"] = sees.opcache
    for how, mounts in (("--ro-bind", read_only), ("--bind", writable)):
        for source, target in mounts.items():
            yield from (how, str(source), str(target))
    if host.is_root:
        yield from opcache_arguments(host.data, core, place)


def _give_up_root(uid: int) -> list[str]:
    nothing = ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all", "--ambient-caps=-all"]
    return ["/usr/bin/setpriv", f"--reuid={uid}", f"--regid={uid}", "--clear-groups", *nothing]
