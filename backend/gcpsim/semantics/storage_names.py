"""Cloud Storage's names: where buckets, objects and folders are kept in the store."""

from gcpsim.store import Resource

SLASH = "\N{DIVISION SLASH}"
"""Stands in a key for the slashes of an object's name, which are none to Google either."""


def folded(segments: tuple[str, ...]) -> tuple[str, ...]:
    """A path's parts as they are kept: slashes inside one are no slashes, and one at a folder's end says nothing."""
    parts = tuple(segment.replace("/", SLASH) for segment in segments)
    return tuple(part.rstrip(SLASH) for part in parts) if parts[2:3] == ("folders",) else parts


def bucket_key(bucket: str) -> str:
    """Where a bucket is kept."""
    return f"storage/b/{bucket}"


def object_key(bucket: str, name: str) -> str:
    """Where an object is kept."""
    return f"storage/b/{bucket}/o/{name.replace('/', SLASH)}"


def folder_key(bucket: str, name: str) -> str:
    """Where a folder is kept, its name with or without the slash at its end."""
    return f"storage/b/{bucket}/folders/{name.rstrip('/').replace('/', SLASH)}"


def is_hierarchical(bucket: Resource | None) -> bool:
    """Whether a bucket has folders that can be renamed."""
    return bool(bucket and bucket.content.get("hierarchicalNamespace", {}).get("enabled"))
