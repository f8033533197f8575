"""Versions of a thing as HTTP entity tags (RFC 9110 §8.8.3)."""


def is_current(if_match: str | None, etag: str) -> bool:
    """Whether an `If-Match` means this version; without one, any. A tag that a compressing proxy weakened still does."""
    return if_match in (None, "*") or if_match.removeprefix("W/") == etag
