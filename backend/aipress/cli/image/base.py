"""The image's base where no registry is in reach: Debian as mmdebstrap makes it from the mirrors this machine uses already."""

import tempfile
from collections.abc import Callable
from pathlib import Path

from aipress.cli.image.tools import run
from aipress.cli.trouble import Trouble
from aipress.clouds.local.distribution import APT_SETTINGS, Source, machine_sources, stanza

SUITE = "trixie"
NAME = f"localhost/aipress-base:{SUITE}"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
# What nobody reads in a container.
LEFT_OUT = ("doc", "info", "lintian", "locale", "man")
SECONDS = 900


def write_sources(folder: Path, mirror: str = "", apt_settings: Path = APT_SETTINGS) -> Path:
    """The suite's package sources, as one file in `folder`: `mirror`, else those of a Debian machine's own apt.

    Returns the folder. Raises Trouble where there are none.
    """
    found = [{"Types": "deb", "URIs": mirror, "Suites": f"{SUITE} {SUITE}-updates"}] if mirror else []
    found = found or [source for each in machine_sources(apt_settings) if (source := _of_the_suite(each))]
    if not found:
        raise Trouble("apt of this machine names no mirror of Debian.", "Say which one: --mirror URL.")
    folder.mkdir(parents=True, exist_ok=True)
    written = [{**source, "Components": "main", "Signed-By": KEYRING} for source in found]
    (folder / "debian.sources").write_text("\n".join(map(stanza, written)))
    return folder


def ensure_base(sources: Path, tell: Callable[[str], None]) -> str:
    """The base's name, made anew where buildah does not have it yet (about a minute). It names no mirror."""
    if run(["buildah", "images", "--quiet", "--filter", f"reference={NAME}"], seconds=60).strip():
        return NAME
    tell(f"Making a base of Debian {SUITE}")
    with tempfile.TemporaryDirectory(prefix="aipress-base-") as corner:
        run(base_command(Path(corner, "base.tar"), sources), seconds=SECONDS)
        Path(corner, "Dockerfile").write_text("FROM scratch\nADD base.tar /\n")
        run(["buildah", "bud", "--isolation", "chroot", "--tag", NAME, corner], seconds=SECONDS)
    return NAME


def base_command(archive: Path, sources: Path) -> list[str]:
    """mmdebstrap's arguments: the smallest Debian that has apt."""
    left_out = [f"--dpkgopt=path-exclude=/usr/share/{name}/*" for name in LEFT_OUT]
    hooks = ['--customize-hook=rm -rf "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*']
    return [
        *("mmdebstrap", "--mode=root", "--variant=minbase", *left_out, *hooks),
        *(SUITE, str(archive), str(sources / "debian.sources")),
    ]


def _of_the_suite(source: Source) -> Source | None:
    """The same mirror, asked for our suite; None where it has no suites of Debian's stable releases."""
    names = {"bookworm": SUITE, "trixie": SUITE, "stable": SUITE, "oldstable": SUITE}
    parts = [suite.partition("-") for suite in source["Suites"].split()]
    suites = [f"{names[name]}{dash}{rest}" for name, dash, rest in parts if name in names]
    return {"Types": "deb", "URIs": source["URIs"], "Suites": " ".join(suites)} if suites else None
