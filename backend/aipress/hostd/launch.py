"""Starting PHP-FPM for one environment: its secrets, its sandbox, its limits, its listening socket."""

import json
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

from aipress.clouds.base import SECRET_NAMES, Supply
from aipress.clouds.local import own_secrets
from aipress.clouds.local.php import SENDMAIL, FpmSizes, fpm_command, fpm_config, fpm_environment
from aipress.hostd import seccomp
from aipress.hostd.cgroups import PROCESSES_PER_CHILD, SPARE_PROCESSES
from aipress.hostd.ground import Ground
from aipress.hostd.host import Host
from aipress.hostd.mail import SPOOL
from aipress.hostd.proc import MARK, REVISION
from aipress.hostd.process import Process
from aipress.hostd.safely import ensure_directory
from aipress.hostd.sandbox import (
    GROUP_FD,
    LISTEN_FD,
    PASSWD_FD,
    SECCOMP_FD,
    View,
    group_of,
    passwd_of,
    sandbox,
    view_of,
)
from aipress.hostd.say import say
from aipress.hostd.spawn import Order, pipe_with, spawn
from aipress.hostd.verbs import Limits

WORKER_IDLE_SECONDS = 10
# Whose the environment is can change while PHP runs: a prepared one is claimed. So it is read from a file, not at start.
TENANT_FILE, RUNTIME_FILE = "tenant", "runtime.json"
LARGEST_REQUEST_MB = 512


@dataclass(frozen=True, slots=True)
class Runtime:
    """What is written down of an environment's runtime, and all there is to know about it after a crash."""

    id: str
    uid: int
    tenant: str = ""
    limits: Limits = field(default_factory=Limits)
    supply: Supply = field(default_factory=Supply)


def launch(ground: Ground, runtime: Runtime, listening: socket.socket) -> Process:
    """Start it. Raises OSError or SealedError; that it fails later is seen by its end, and said in `logs/php.log`."""
    host, place = ground.host, ground.host.environment(runtime.id)
    secrets = _secrets(host, runtime)
    ensure_directory(
        place / SPOOL, 0o700, (runtime.uid, runtime.uid)
    )  # environments of earlier releases lack it
    view = view_of(host, place)
    own = [_open_log(host, place / "logs"), os.open(os.devnull, os.O_RDONLY | os.O_CLOEXEC)]
    try:
        descriptors = {0: own[1], 1: own[0], 2: own[0], LISTEN_FD: listening.fileno()}
        for number, content in _for_sandbox(host, runtime.uid).items():
            own.append(pipe_with(content))
            descriptors[number] = own[-1]
        join = ground.make_groups(runtime.id, runtime.limits)
        ground.cgroups.weigh(runtime.id, bool(runtime.tenant))
        order = Order(
            [*sandbox(host, place, runtime.uid), *_fpm(host, runtime, view)],
            _environment(host, runtime, view, secrets),
            descriptors,
            join,
            runtime.limits.children * PROCESSES_PER_CHILD + SPARE_PROCESSES if host.is_root else 0,
        )
        return Process(spawn(order), is_wrapped=host.has_bubblewrap)
    finally:
        for descriptor in own:
            os.close(descriptor)


def read_runtime(place: Path) -> Runtime | None:
    """What is written down of the environment at `place`; nothing where that can't be read."""
    try:
        told = json.loads((place / RUNTIME_FILE).read_text())
        supply = Supply(**told.get("supply", {}))
        return Runtime(told["id"], told["uid"], told["tenant"], Limits(**told["limits"]), supply)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        say("error", "runtime.json can't be read", environment=place.name, reason=str(error))
        return None


def configuration(host: Host, runtime: Runtime) -> str:
    """The text of its fpm.conf."""
    return fpm_config(sizes_of(runtime.limits), view_of(host, host.environment(runtime.id)).alias)


def sizes_of(limits: Limits) -> FpmSizes:
    """One request may take half of the environment's memory; a worker leaves before the environment falls asleep."""
    return FpmSizes(
        max_children=limits.children,
        idle_seconds=min(WORKER_IDLE_SECONDS, max(1, limits.idle_seconds // 2)),
        memory_mb=min(LARGEST_REQUEST_MB, limits.memory_mb // 2),
    )


def _fpm(host: Host, runtime: Runtime, view: View) -> list[str]:
    sizes = sizes_of(runtime.limits)
    return fpm_command(host.php, sizes, settings=view.settings, conf=view.conf, opcache=view.opcache)


def _secrets(host: Host, runtime: Runtime) -> dict[str, str]:
    """The variables with secrets. Of the platform's only known names are passed on, and of the owner's none as it is:
    bubblewrap reads this as root, and LD_PRELOAD is a name too."""
    sealed, scope = host.vault.read_all(runtime.id), own_secrets.scope_of(runtime.id)
    own = {
        name: host.vault.get(scope, own_secrets.sealed_name(name, version))
        for name, version in runtime.supply.versions.items()
    }
    known = {name: sealed[name] for name in SECRET_NAMES if name in sealed}
    return {**known, **own_secrets.disguised(own)}


def _environment(host: Host, runtime: Runtime, view: View, secrets: dict[str, str]) -> dict[str, str]:
    """All of it."""
    account = f"w{runtime.id}"
    return {
        **secrets,
        **fpm_environment(view.settings),
        "PATH": "/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(view.tmp),
        "TMPDIR": str(view.tmp),
        "FPM_SOCKETS": f"{view.alias}={LISTEN_FD}",
        "DB_NAME": account,
        "DB_USER": account,
        "DB_HOST": f"localhost:{view.sockets}/mariadb.sock",
        "REDIS_SOCKET": f"{view.sockets}/redis.sock",
        "REDIS_USER": account,
        "REDIS_PREFIX": f"{account}:",
        "WP_CONTENT_DIR": str(view.content),
        "AIPRESS_ENVIRONMENT": runtime.id,
        "AIPRESS_SPOOL": str(view.spool),
        "AIPRESS_SENDMAIL": str(view.settings / SENDMAIL),
        "AIPRESS_TENANT_FILE": str(view.label / TENANT_FILE),
        "AIPRESS_PURGE_DIR": str(view.purge),
        REVISION: str(runtime.supply.revision),
        MARK: f"{host.mark}:{runtime.id}",
    }


def _for_sandbox(host: Host, uid: int) -> dict[int, bytes]:
    if not host.has_bubblewrap:
        return {}
    files = {PASSWD_FD: passwd_of(uid), GROUP_FD: group_of(uid)}
    return {**files, SECCOMP_FD: seccomp.program()} if seccomp.is_known() else files


def _open_log(host: Host, directory: Path) -> int:
    """Its directory is root's, so it is what it seems. The shipper reads it and gives back the room of what was read."""
    ensure_directory(directory, 0o750, (0, host.logs_gid))
    log = os.open(
        directory / "php.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o640
    )
    if host.is_root:
        os.fchown(log, 0, host.logs_gid)
    os.fchmod(log, 0o660)
    return log
