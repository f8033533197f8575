"""The simulator of Google Cloud as one of the platform's services: where it answers, and what it is told."""

import json
import zlib
from collections.abc import Mapping
from pathlib import Path

PROJECT, REGION = "aipress-sim", "europe-west1"
SERVICE_ACCOUNTS = "iam.googleapis.com/quota/service-account-count"  # 100 unless raised, as at Google
API, VISITORS = 19, 20  # how far their ports are from the platform's: 8099 and 8100


def endpoint(port: int) -> str:
    """Where Google's APIs answer, beside a platform at this port."""
    return f"http://127.0.0.1:{port + API}"


def visitors(port: int) -> int:
    """The port of its load balancer."""
    return port + VISITORS


def settings(data: Path, port: int, cloud: str) -> dict[str, str]:
    """The settings of a platform that has sites there and on this machine, new ones on `cloud`."""
    return {
        "other_clouds": "local" if cloud == "gcp" else "gcp",
        "gcp_endpoint": endpoint(port),
        "gcp_platform": str(platform_file(data)),
        "gcp_visitors": f"http://127.0.0.1:{visitors(port)}",
    }


def platform_file(data: Path) -> Path:
    """What stands there for all sites."""
    return data / "gcp-platform.toml"


def folder(data: Path) -> Path:
    """All that it keeps."""
    return data / "gcpsim"


def command(python: Path, data: Path, port: int) -> tuple[str, ...]:
    """How it is started. Two on one machine have other loopback addresses for their databases, by their data directories."""
    net = 20 + 2 * (zlib.crc32(str(data).encode()) % 100)
    images = [
        word
        for reference, local in known_images(data).items()
        for word in ("--image", f"{reference}={local}")
    ]
    return (
        *(str(python), "-P", "-m", "gcpsim", "serve"),
        *("--port", str(port + API), "--visitors", str(visitors(port))),
        *("--machines", str(folder(data)), "--net", str(net), "--clock", "real"),
        *("--certificates", "lenient"),  # nobody's DNS knows of a simulator
        *("--limit", f"{PROJECT}/{SERVICE_ACCOUNTS}=950"),
        *images,
    )


def know_image(data: Path, reference: str, local: str) -> None:
    """Let it run this image of the machine's for services that name `reference`; those it knows already stay known."""
    images = {**known_images(data), reference: local}
    _images(data).write_text(json.dumps(images, indent=1) + "\n")


def known_images(data: Path) -> Mapping[str, str]:
    """What may run: reference by digest → the machine's image."""
    try:
        return dict(json.loads(_images(data).read_text()))
    except (OSError, ValueError, TypeError):
        return {}


def _images(data: Path) -> Path:
    return folder(data) / "images.json"
