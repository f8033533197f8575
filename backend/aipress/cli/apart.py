"""What keeps sites apart, told of each cloud by itself in plain words: one may have walls where another has none."""

import asyncio
from dataclasses import dataclass

from aipress.cli.installation import Installation
from aipress.cli.machine import cloud
from aipress.errors import CloudError
from aipress.hostd.client import Hostd, HostStatus


@dataclass(frozen=True)
class Apart:
    """How it is on one cloud. `isolated` is None where nobody answers."""

    cloud: str
    isolated: bool | None
    in_words: str


def everywhere(place: Installation) -> list[Apart]:
    """On every cloud of the platform, that of new sites first."""
    return [_on(name, place) for name in place.settings.clouds]


def told(each: list[Apart]) -> list[str]:
    """A line for each cloud; of several each says which it is."""
    if len(each) == 1:
        return [each[0].in_words]
    return [f"on {cloud.NAMES[one.cloud]}: {one.in_words}" for one in each]


def are_apart(each: list[Apart]) -> bool | None:
    """Whether sites are kept apart on all clouds; None where that is not known and nothing speaks against it."""
    if any(one.isolated is False for one in each):
        return False
    return None if any(one.isolated is None for one in each) else True


def _on(name: str, place: Installation) -> Apart:
    if name != "local":
        return Apart(name, not place.settings.is_simulated, cloud.isolation_in_words(place))
    found = _asked_of_hostd(place)
    if found is None:
        return Apart(name, None, "unknown: hostd does not answer")
    return Apart(name, found.isolated, in_words(found))


def _asked_of_hostd(place: Installation) -> HostStatus | None:
    """What hostd says protects sites from each other; None when it does not answer."""
    try:
        return asyncio.run(Hostd(place.run / "hostd.sock", 10).status())
    except CloudError:
        return None


def in_words(protection: HostStatus) -> str:
    """One line about it, loud where there is none."""
    if not protection.isolated:
        return "NOT ISOLATED from each other: without root everything runs as you. Fine for trying out, not for strangers' sites."
    return f"{protection.sandbox}; limits: {protection.limited}; internet: {protection.outbound}"
