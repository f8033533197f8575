"""Installing distribution packages without starting anything system-wide: the platform runs instances of its own."""

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from aipress.cli.machine.commands import clean_environment
from aipress.cli.machine.distribution import missing_packages
from aipress.clouds.local.command import run

POLICY = Path("/usr/sbin/policy-rc.d")
# invoke-rc.d's contract: exit code 101 means "not allowed to start this".
NOTHING_STARTS = "#!/bin/sh\nexit 101\n"
SERVICES = {"nginx": ("nginx",), "mariadb-server": ("mariadb",), "redis-server": ("redis-server",)}


def install(packages: Sequence[str]) -> None:
    """Install them, as root. Raises CloudRefused with apt's last words."""
    environment = clean_environment() | {"DEBIAN_FRONTEND": "noninteractive"}
    quiet = ["apt-get", "--quiet", "--yes", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"]
    run([*quiet, "update"], seconds=300, env=environment)
    # Asked again: before the update a fresh machine knows of no optional package.
    everything = sorted({*packages, *missing_packages(packages)})
    with _nothing_starts():
        run([*quiet, "install", "--no-install-recommends", *everything], seconds=1800, env=environment)
    _keep_asleep(packages)


def sudo_line(packages: Sequence[str]) -> str:
    """The one line to run where we are not root."""
    return f"sudo apt-get install -y --no-install-recommends {' '.join(packages)}"


@contextmanager
def _nothing_starts() -> Iterator[None]:
    if POLICY.exists():
        yield
        return
    POLICY.write_text(NOTHING_STARTS)
    POLICY.chmod(0o755)
    try:
        yield
    finally:
        POLICY.unlink(missing_ok=True)


def _keep_asleep(packages: Sequence[str]) -> None:
    """What was installed just now for the platform must not come up by itself after a reboot, on a port someone else uses."""
    if not Path("/run/systemd/system").is_dir():
        return
    units = [unit for package in packages for unit in SERVICES.get(package, ())]
    units += [Path(name).stem for name in _php_units() if any("fpm" in package for package in packages)]
    if units:
        run(["systemctl", "disable", "--quiet", *units], seconds=60, env=clean_environment())


def _php_units() -> list[str]:
    folder = Path("/usr/lib/systemd/system")
    return [name for name in os.listdir(folder) if name.startswith("php") and name.endswith("-fpm.service")]
