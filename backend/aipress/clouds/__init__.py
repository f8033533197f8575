"""What hosts environments. A platform has one cloud for new sites, and may have others that sites are moved to; chosen once, at start."""

from collections.abc import Sequence

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.errors import CloudRefused

_chosen: dict[str, Cloud] = {}


def use(cloud: Cloud, *others: Cloud) -> None:
    """Make `cloud` the one that new sites live on. Existing ones may be on `others`, too."""
    _chosen.clear()
    _chosen.update({one.name: one for one in (cloud, *others)})


def current() -> Cloud:
    """The cloud of new sites. A LookupError means that start-up forgot `use`."""
    if not _chosen:
        raise LookupError("no cloud chosen: call clouds.use() at start")
    return next(iter(_chosen.values()))


def named(name: str) -> Cloud:
    """The cloud of this name, where an environment is. Raises CloudRefused where this platform has none of that name."""
    if name not in _chosen:
        raise CloudRefused(
            f"This platform has no cloud “{name}”. Start it with that one among AIPRESS_CLOUD and AIPRESS_OTHER_CLOUDS."
        )
    return _chosen[name]


def of(environment: EnvironmentSpec) -> Cloud:
    """The cloud this environment is on. What was noted before clouds had names is on the first."""
    return named(environment.cloud) if environment.cloud else current()


def every() -> Sequence[Cloud]:
    """All clouds of this platform, that of new sites first."""
    return tuple(_chosen.values())
