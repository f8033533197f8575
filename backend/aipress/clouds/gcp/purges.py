"""Forgetting kept pages at the load balancer's cache: Google takes 500 invalidations a minute of a project, of all its URL maps together.

So wishes that wait are brought together: many paths of one host become all of it, a host asked for whole swallows its paths.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable

A_MINUTE = 500  # https://cloud.google.com/cdn/docs/cache-invalidation-overview
MOST_PATHS = 10  # of one host; beyond that all of it goes
EVERYTHING = "/*"


@dataclass(frozen=True)
class Purge:
    """One host's pages, at one path or, with `/*` at its end, below it."""

    host: str
    path: str = EVERYTHING


def together(wishes: Sequence[Purge], room: int = A_MINUTE) -> tuple[list[Purge], list[Purge]]:
    """What to ask for now, at most `room` of it, and what has to wait; hosts in the order they were first asked for.

    Where there is too much for the room, every host of several paths goes whole: then nobody waits longer than there are hosts.
    """
    by_host: dict[str, list[str]] = {}
    for wish in wishes:
        paths = by_host.setdefault(wish.host, [])
        if wish.path not in paths:
            paths.append(wish.path)
    joined = _joined(by_host, MOST_PATHS)
    if len(joined) > room:
        joined = _joined(by_host, 1)
    return joined[:room], joined[room:]


def _joined(by_host: Mapping[str, Sequence[str]], most_paths: int) -> list[Purge]:
    return [
        Purge(host, path)
        for host, paths in by_host.items()
        for path in ([EVERYTHING] if EVERYTHING in paths or len(paths) > most_paths else paths)
    ]


def purge(wish: Purge, place: Place, url_map: str) -> Resource:
    """The request. Never without a host: that would be every tenant's pages."""
    if not wish.host or not wish.path.startswith("/"):
        raise Unbuildable(
            f"Pages are purged of one host, at a path that begins with /; not {wish.path[:100]}."
        )
    body: Json = {"host": wish.host, "path": wish.path}
    path = f"/compute/v1/projects/{place.project}/global/urlMaps/{url_map}/invalidateCache"
    return Resource("purge", f"{wish.host}{wish.path}", "compute", path, body)
