"""How fast environments can be made: what each takes of Google's limits a minute, and which limits have to be raised before.

A limit is Google's default where `source` names its page; where it is empty it was read nowhere. All are to be looked up in the project.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from aipress.clouds.gcp.resources import Resource
from aipress.clouds.gcp.routing import LARGEST_MAP_BYTES


@dataclass(frozen=True)
class Rate:
    """How many writes of an API, or of one kind there, a project may ask for in a minute."""

    api: str
    per_minute: int
    kind: str = ""
    source: str = ""


@dataclass(frozen=True)
class Ceiling:
    """How many of a thing there may be, and whether Google raises that when asked."""

    what: str
    most: int
    scope: str
    raised: bool
    source: str


RATES = (
    Rate("secretmanager", 600, source="https://cloud.google.com/secret-manager/quotas"),
    Rate("storage", 30, "bucket", "https://cloud.google.com/storage/quotas"),
    Rate("iam", 600, source="https://cloud.google.com/iam/quotas"),
    Rate("certificatemanager", 300, source="https://cloud.google.com/certificate-manager/docs/quotas"),
    Rate("run", 180),
)
CEILINGS = (
    Ceiling("services", 1000, "project and region", False, "https://cloud.google.com/run/quotas"),
    Ceiling("service accounts", 100, "project", True, "https://cloud.google.com/iam/quotas"),
    Ceiling(
        "bytes of a URL map",
        LARGEST_MAP_BYTES,
        "load balancer",
        False,
        "https://cloud.google.com/load-balancing/docs/quotas",
    ),
    Ceiling(
        "certificates",
        1_000_000,
        "load balancer",
        False,
        "https://cloud.google.com/certificate-manager/docs/quotas",
    ),
    Ceiling("members of a policy", 1500, "resource", False, "https://cloud.google.com/iam/quotas"),
)
"""A shard of 950 environments wants as many service accounts: to be asked for before the first hundred."""


def slowest(resources: Sequence[Resource]) -> tuple[Rate, Fraction]:
    """The rate that holds up making many such environments in a project, and how many a minute it lets through."""
    found = [(rate, writes(rate, resources)) for rate in RATES]
    return min(
        ((rate, Fraction(rate.per_minute, count)) for rate, count in found if count), key=lambda one: one[1]
    )


def writes(rate: Rate, resources: Sequence[Resource]) -> int:
    """How many requests count against a rate. A secret gets its value by a request of its own."""
    counted = Counter(one.kind for one in resources if one.api == rate.api and rate.kind in ("", one.kind))
    return counted.total() + counted["secret"]
