"""What is wrong on Google Cloud, in one shape, and how answers are read for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.resources import Json, at


@dataclass(frozen=True)
class Complaint:
    """One thing that is wrong: in which project (and region), with what, how it is, and what mends it."""

    where: str
    what: str
    said: str
    remedy: str


def in_region(shard: Standing) -> str:
    """Where something of a region's is."""
    return f"{shard.project}/{shard.region}"


async def found(google: Google, api: str, path: str) -> Json | None:
    """What stands at a path, or None."""
    try:
        return await google.read(api, path)
    except Gone:
        return None


def listed(of: Mapping[str, object], path: str) -> list[Json]:
    """The objects of a list at a path."""
    there = at(of, path)
    return [one for one in there if isinstance(one, dict)] if isinstance(there, list) else []


def last(name: object) -> str:
    """The last part of a resource's name or link."""
    return str(name or "").rsplit("/", 1)[-1]
