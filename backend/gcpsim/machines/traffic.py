"""Which revision answers: a service's traffic is shares of its newest ready revision and of others by name."""

from collections.abc import Sequence

from gcpsim.machines.scaling import Limits
from gcpsim.wire import Json

Share = tuple[str, int]
"""A revision's id, and per cent."""


def shares(service: Json) -> list[Share]:
    """What is to be answered by whom; nothing while no revision was ever ready."""
    newest = str(service.get("latestReadyRevision", "")).rsplit("/", 1)[-1]
    found = [
        (str(one.get("revision") or newest).rsplit("/", 1)[-1], int(one.get("percent", 0)))
        for one in service.get("traffic", [])
    ]
    return [(revision, percent) for revision, percent in found if revision and percent > 0]


def tagged(service: Json, tag: str) -> str:
    """The revision with this tag, or ''."""
    newest = str(service.get("latestReadyRevision", "")).rsplit("/", 1)[-1]
    for one in service.get("traffic", []):
        if one.get("tag") == tag:
            return str(one.get("revision") or newest).rsplit("/", 1)[-1]
    return ""


def chosen(among: Sequence[Share], draw: float) -> str:
    """The revision a request goes to; `draw` is from 0 up to 1."""
    at = draw * sum(percent for _, percent in among)
    for revision, percent in among:
        at -= percent
        if at < 0:
            return revision
    return among[-1][0] if among else ""


def tags(service: Json) -> set[str]:
    """The revisions somebody can reach by a tag."""
    return {tagged(service, str(one["tag"])) for one in service.get("traffic", []) if one.get("tag")}


def limits_of(service: Json, revision: Json, percent: int, idle_seconds: float) -> Limits:
    """A revision's limits; of the instances a service has at least, it has its share."""
    whole, own = service.get("scaling", {}), revision.get("scaling", {})
    shared = -(-int(whole.get("minInstanceCount", 0)) * percent // 100)
    most = int(own.get("maxInstanceCount") or 100)
    return Limits(
        int(revision.get("maxInstanceRequestConcurrency") or 80),
        max(shared, int(own.get("minInstanceCount", 0)) if percent else 0),
        min(most, int(whole.get("maxInstanceCount") or most)),
        idle_seconds,
    )
