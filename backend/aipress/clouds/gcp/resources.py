"""What is to be made on Google Cloud: one request, exact to the last field, or a refusal that says what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from aipress.errors import CloudRefused

Json = dict[str, object]


class Unbuildable(CloudRefused):
    """A resource that would be wrong if it were made; nothing was asked of Google."""

    code, title = "cloud_unbuildable", "That can't be made on Google Cloud"


@dataclass(frozen=True)
class Resource:
    """One thing as Google is asked for it. `kind` and `name` are for people; `api` and `path` are of Google's discovery documents."""

    kind: str
    name: str
    api: str
    path: str
    body: Json
    query: Mapping[str, str] = field(default_factory=dict)
    verb: Literal["POST", "PATCH", "PUT", "GET", "DELETE"] = "POST"


def at(body: Mapping[str, object], path: str) -> object:
    """What a body holds at a path such as `template.labels`; None where there is nothing."""
    found: object = body
    for name in path.split("."):
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
