"""The front end: built when its sources changed, and laid where nginx may read it, whatever folder the checkout is in."""

import shutil
from pathlib import Path

from aipress.cli.machine.files import fingerprint_of, point
from aipress.cli.machine.node import node_environment
from aipress.cli.trouble import Trouble
from aipress.clouds.local.command import run

NOT_SOURCE = frozenset({"node_modules", "dist", "e2e", "tools", "test-results", ".vite", ".cache"})
KEPT = 2


def ensure_frontend(checkout: Path, data: Path) -> bool:
    """Build and publish it as `data/frontend/current`; True when that was needed."""
    sources, shelf = checkout / "frontend", data / "frontend"
    fingerprint = fingerprint_of(sources, NOT_SOURCE)
    published = shelf / fingerprint
    if not published.is_dir():
        _publish(build(sources, checkout), published)
    changed = point(shelf / "current", fingerprint)
    _forget_older(shelf, fingerprint)
    return changed


def build(sources: Path, checkout: Path) -> Path:
    """`npm ci` where the packages are not the locked ones, then `npm run build`; the folder with the result."""
    environment = node_environment(checkout)
    ensure_node_packages(sources, environment)
    run(["npm", "run", "build"], seconds=600, cwd=sources, env=environment)
    if not (sources / "dist/index.html").is_file():
        raise Trouble("The front end was built, but there is no dist/index.html in it.")
    return sources / "dist"


def ensure_node_packages(sources: Path, environment: dict[str, str]) -> bool:
    """`npm ci`, only when package-lock.json changed since the last time. No package's own scripts are run: none is needed,
    and one of them would want a compiler."""
    lock, stamp = sources / "package-lock.json", sources / "node_modules/.aipress-lock"
    if stamp.is_file() and stamp.read_bytes() == lock.read_bytes():
        return False
    run(
        ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
        seconds=900,
        cwd=sources,
        env=environment,
    )
    shutil.copyfile(lock, stamp)
    return True


def _publish(built: Path, published: Path) -> None:
    making = published.with_name(f".{published.name}")
    shutil.rmtree(making, ignore_errors=True)
    shutil.copytree(built, making)
    run(["chmod", "-R", "u=rwX,go=rX", making], seconds=60)
    making.rename(published)


def _forget_older(shelf: Path, current: str) -> None:
    builds = sorted(
        (p for p in shelf.iterdir() if p.is_dir() and not p.is_symlink() and p.name != current),
        key=lambda p: p.stat().st_mtime,
    )
    for path in builds[: -(KEPT - 1)]:
        shutil.rmtree(path)
