"""The container image that sites run as under the simulator: built once for this code, and shared by every data directory."""

import hashlib
from collections.abc import Callable

from aipress.cli.image.build import Wish, build_image
from aipress.cli.image.tools import run
from aipress.cli.installation import Installation
from aipress.cli.machine import simulator
from aipress.cli.machine.files import fingerprint_of
from aipress.cli.trouble import Trouble

NAME = "localhost/aipress-wordpress"
PARTS = ("wordpress", "backend/aipress/cli/image", "backend/aipress/clouds/local")
NOT_IN_IT = frozenset({"__pycache__", "tests"})


def ensure_image(place: Installation, tell: Callable[[str], None]) -> str:
    """The image's name by digest, as services name it. It is built where this machine has none of this code yet (some minutes)."""
    tag = f"{NAME}:{_fingerprint(place)}"
    found = _ids(tag)
    if found is None:
        build_image(Wish(place.settings.wordpress_version, tag), tell)
        found = _ids(tag)
    if found is None:
        raise Trouble(f"podman does not know {tag}, which was built just now.", "See: podman images.")
    digest, local = found
    repository = f"{simulator.REGION}-docker.pkg.dev/{simulator.PROJECT}/sites/wordpress"
    reference = f"{repository}@{digest}"
    simulator.know_image(place.data, reference, local)
    return reference


def is_there(place: Installation) -> bool:
    """Whether it was built already."""
    return _ids(f"{NAME}:{_fingerprint(place)}") is not None


def _ids(tag: str) -> tuple[str, str] | None:
    """Digest and id; None where there is no such image."""
    try:
        said = run(["podman", "image", "inspect", "--format", "{{.Digest}} {{.Id}}", tag], seconds=60)
    except Trouble:
        return None
    digest, local = said.split()
    return digest, local


def _fingerprint(place: Installation) -> str:
    code = "".join(fingerprint_of(place.checkout / part, NOT_IN_IT) for part in PARTS)
    return hashlib.sha256(f"{place.settings.wordpress_version} {code}".encode()).hexdigest()[:16]
