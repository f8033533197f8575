"""APIs of Google's without a document: routed by the conventions all its newer APIs keep (AIP-122, 131 to 136), and not held to any schema.

A path is kinds and names in turn, an even number of parts is one thing, a colon begins a verb.
"""

from urllib.parse import unquote

from gcpsim.discovery.documents import VERSION, Document
from gcpsim.discovery.methods import Match, Method

WORDS = {
    "GET": ("list", "get"),
    "POST": ("create", "post"),
    "PATCH": ("patch", "patch"),
    "PUT": ("update", "update"),
    "DELETE": ("purge", "delete"),
}
"""What an HTTP verb means on a collection and on one thing."""

SCOPES = {"projects", "locations", "folders", "organizations", "billingAccounts", "regions", "zones"}
"""Kinds that other APIs make, or nobody."""


def conventional(api: str, http: str, path: str) -> Match | None:
    """The method a path of such an API must be, or None where it has no version and so is none."""
    version, *parts = [unquote(part) for part in path.strip("/").split("/")]
    if not VERSION.match(version) or not parts or http not in WORDS:
        return None
    parts[-1], _, verb = parts[-1].partition(":")
    on_item = len(parts) % 2 == 0
    word = verb or WORDS[http][on_item]
    kinds = tuple(part if at % 2 == 0 else None for at, part in enumerate(parts))
    name = ".".join([api, *(kind for kind in kinds if kind), word])
    document = Document(api, version, {"rootUrl": f"https://{api}.googleapis.com/", "unwritten": True})
    content = {
        "id": name,
        "httpMethod": http,
        "path": f"{version}/{{+name}}",
        "response": {"$ref": "Unwritten"},
    }
    return Match(Method(document, content, (version, *kinds), verb), tuple(parts), kinds)


def is_made(match: Match) -> bool:
    """Whether a thing of this shape is something that somebody makes."""
    return len(match.kinds) % 2 == 0 and match.kinds[-2] not in SCOPES
