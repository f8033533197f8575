"""Finds and reads discovery documents: those google-api-python-client ships, and our own where Google's is missing."""

import importlib.util
import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gcpsim.wire import Json

OWN = Path(__file__).parent / "own"
"""memorystore.v1 is not in the client's folder: ours is drawn from the fields of the public client library."""

ALIASES = {"sql": "sqladmin", "www": ""}
VERSION = re.compile(r"(v\d+[a-z0-9]*|alpha|beta)$")


@dataclass(frozen=True)
class Document:
    """One version of one API."""

    api: str
    version: str
    content: Json

    @property
    def unwritten(self) -> bool:
        """Whether there is no document and this only stands for one."""
        return bool(self.content.get("unwritten"))

    @property
    def schemas(self) -> Json:
        """Messages by name."""
        return self.content.get("schemas", {})  # type: ignore[no-any-return]

    @property
    def parameters(self) -> Json:
        """Query parameters every method takes."""
        return self.content.get("parameters", {})  # type: ignore[no-any-return]


@cache
def read(api: str, version: str) -> Document | None:
    """The document of an API's version, or None where nobody has written one."""
    for folder in (OWN, _shipped()):
        path = folder / f"{api}.{version}.json"
        if path.is_file():
            return Document(api, version, json.loads(path.read_bytes()))
    return None


@cache
def versions(api: str) -> tuple[str, ...]:
    """The versions of an API there are documents for, the plainest first."""
    found = {
        path.name.removesuffix(".json").split(".", 1)[1]
        for folder in (OWN, _shipped())
        for path in folder.glob(f"{api}.*.json")
    }
    return tuple(sorted(found, key=lambda version: (len(version), version)))


def service_path(api: str, version: str) -> str:
    """What stands before an API's paths, for callers that were given an endpoint without it."""
    document = read(api, version)
    return str(document.content.get("servicePath") or f"{version}/") if document else ""


@cache
def names() -> frozenset[str]:
    """All APIs there is a document for."""
    return frozenset(
        path.name.split(".")[0] for folder in (OWN, _shipped()) for path in folder.glob("*.json")
    )


@cache
def _shipped() -> Path:
    found = importlib.util.find_spec("googleapiclient")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError(
            "google-api-python-client is not installed: the simulator has no routes without its documents"
        )
    return Path(found.submodule_search_locations[0]) / "discovery_cache" / "documents"


def version_in(segments: list[str]) -> str:
    """The version a path names: its first segment that looks like one."""
    return next((segment for segment in segments[:3] if VERSION.match(segment)), "")


def api_of_host(host: str) -> str:
    """`run.googleapis.com`, `us-central1-run.googleapis.com` and `run.us-central1.rep.googleapis.com` are all run.

    One that names no API (another machine's, `www`) is ''; one that names an API without a document is that name.
    """
    label = host.split(":")[0].removesuffix(".googleapis.com")
    if label == host.split(":")[0]:
        return ""
    label = ALIASES.get(label, label)
    parts = [*label.split("."), label.rsplit("-", 1)[-1]]
    return next((part for part in parts if part in names()), parts[0])
