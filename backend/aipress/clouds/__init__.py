"""What hosts environments. The cloud in use is chosen once, at start."""

from aipress.clouds.base import Cloud

_chosen: list[Cloud] = []


def use(cloud: Cloud) -> None:
    """Make `cloud` the one that new and existing environments live on."""
    _chosen[:] = [cloud]


def current() -> Cloud:
    """The cloud in use. A LookupError means that start-up forgot `use`."""
    if not _chosen:
        raise LookupError("no cloud chosen: call clouds.use() at start")
    return _chosen[0]
