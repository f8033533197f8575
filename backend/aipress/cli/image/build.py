"""Builds the image with buildah: no daemon, and no registry where there is none, since the base may be made here."""

import datetime
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from aipress import __version__
from aipress.cli.image.base import ensure_base, write_sources
from aipress.cli.image.context import write_context
from aipress.cli.image.tools import check_tools, run
from aipress.cli.installation import CHECKOUT
from aipress.clouds.local.wordpress import ensure_wordpress

SHELF = CHECKOUT / "artifacts/image"
TAG = "localhost/aipress-wordpress:latest"
SECONDS = 1800


@dataclass(frozen=True)
class Wish:
    """What to build: under which name, with which WordPress, on which base (empty: one made here), from which mirror
    (empty: this machine's)."""

    wordpress: str
    tag: str = TAG
    base: str = ""
    mirror: str = ""


def build_image(wish: Wish, tell: Callable[[str], None]) -> str:
    """Build the image; returns its name. Raises Trouble with the last words of whatever failed."""
    check_tools()
    core = ensure_wordpress(SHELF, wish.wordpress, tell)
    with tempfile.TemporaryDirectory(prefix="aipress-image-") as corner:
        sources, context = Path(corner, "sources"), Path(corner, "context")
        write_sources(sources, wish.mirror)
        if not wish.base:
            wish = replace(wish, base=ensure_base(sources, tell))
        context.mkdir()
        write_context(context, core)
        tell(f"Building {wish.tag} with WordPress {core.name}")
        run(build_command(context, sources, replace(wish, wordpress=core.name)), seconds=SECONDS)
    return wish.tag


def build_command(context: Path, sources: Path, wish: Wish) -> list[str]:
    """buildah's arguments. A base of ours has no package sources: they are mounted while it builds, and in no image."""
    today = datetime.datetime.now(datetime.UTC).date().isoformat()
    arguments = {"BASE": wish.base, "DAY": today, "VERSION": __version__, "WORDPRESS": wish.wordpress}
    on_ours = ["--pull-never", "--volume", f"{sources}:/etc/apt/sources.list.d:ro"]
    return [
        *("buildah", "bud", "--isolation", "chroot", "--network", "host", "--layers"),
        *(on_ours if wish.base.startswith("localhost/") else []),
        *(part for name, value in arguments.items() for part in ("--build-arg", f"{name}={value}")),
        *("--tag", wish.tag, str(context)),
    ]
