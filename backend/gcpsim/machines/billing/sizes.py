"""How large things are that Google sells by the hour: from what their tier or their limits say."""

import re
from dataclasses import dataclass
from fractions import Fraction

from gcpsim.wire import Json

UNITS = {"Ki": 2**10, "Mi": 2**20, "Gi": 2**30, "K": 10**3, "M": 10**6, "G": 10**9, "k": 10**3, "": 1}
GIB = 2**30


@dataclass(frozen=True)
class Size:
    """Processors and memory."""

    vcpus: Fraction
    gib: Fraction


SHARED = {
    "db-f1-micro": Size(Fraction(1, 5), Fraction(3, 5)),
    "db-g1-small": Size(Fraction(1, 2), Fraction(17, 10)),
}


def instance_size(tier: str) -> Size:
    """A Cloud SQL instance's, by its tier: `db-custom-4-15360` (MiB), `db-perf-optimized-N-8`; one processor where it is unknown."""
    if found := re.fullmatch(r"db-custom-(\d+)-(\d+)", tier):
        return Size(Fraction(int(found[1])), Fraction(int(found[2]), 1024))
    if found := re.fullmatch(r"db-(?:perf-optimized-N|n1-highmem|c4a-highmem)-(\d+)", tier):
        return Size(Fraction(int(found[1])), Fraction(8 * int(found[1])))
    return SHARED.get(tier, Size(Fraction(1), Fraction(15, 4)))


def vcpus(template: Json) -> Fraction:
    """What the containers of an instance have together."""
    return sum((_cpu(str(limits.get("cpu", "1"))) for limits in _limits(template)), Fraction(0))


def gib(template: Json) -> Fraction:
    """What the containers of an instance have together."""
    return sum((_memory(str(limits.get("memory", "512Mi"))) for limits in _limits(template)), Fraction(0))


def _limits(template: Json) -> list[Json]:
    return [one.get("resources", {}).get("limits", {}) for one in template.get("containers", [{}])]


def _cpu(told: str) -> Fraction:
    return Fraction(told.removesuffix("m")) / (1000 if told.endswith("m") else 1)


def _memory(told: str) -> Fraction:
    found = re.fullmatch(r"([\d.]+)([A-Za-z]*)", told)
    return Fraction(found[1]) * UNITS.get(found[2], 1) / GIB if found else Fraction(1, 2)
