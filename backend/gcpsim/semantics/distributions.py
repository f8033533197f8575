"""Distributions of Cloud Monitoring: counts by bucket, added up, and what they say of a share of all values."""

from collections.abc import Sequence
from itertools import zip_longest

from gcpsim.wire import Json


def together(several: Sequence[Json]) -> Json:
    """All their values as one distribution. They have the same buckets, as those of one metric do."""
    count = sum(_count(one) for one in several)
    total = sum(_count(one) * float(one.get("mean", 0)) for one in several)
    counts = zip_longest(*(one.get("bucketCounts", []) for one in several), fillvalue=0)
    options: Json = next((one["bucketOptions"] for one in several if one.get("bucketOptions")), {})
    return {
        "count": str(count),
        "mean": total / count if count else 0.0,
        "bucketOptions": options,
        "bucketCounts": [str(sum(map(int, same))) for same in counts],
    }


def mean(one: Json) -> float:
    """The mean of its values."""
    return float(one.get("mean", 0))


def quantile(one: Json, share: float) -> float:
    """The value below which that share lies, as if values were spread evenly in their bucket."""
    bounds, wanted = _bounds(one.get("bucketOptions", {})), share * _count(one)
    before = 0.0
    for at, count in enumerate(map(int, one.get("bucketCounts", []))):
        if count and before + count >= wanted:
            lower = bounds[at - 1] if at else min(0.0, *bounds[:1])
            upper = bounds[at] if at < len(bounds) else lower
            return lower + (upper - lower) * (wanted - before) / count
        before += count
    return float(one.get("mean", 0))


def _count(one: Json) -> int:
    return int(one.get("count", 0))


def _bounds(options: Json) -> list[float]:
    """Where buckets end: the first holds what is below the first, the last what is from the last on."""
    if told := options.get("explicitBuckets"):
        return [float(bound) for bound in told.get("bounds", [])]
    if told := options.get("exponentialBuckets"):
        scale, growth = float(told.get("scale", 1)), float(told.get("growthFactor", 2))
        return [scale * growth**power for power in range(int(told.get("numFiniteBuckets", 0)) + 1)]
    told = options.get("linearBuckets") or {}
    offset, width = float(told.get("offset", 0)), float(told.get("width", 1))
    return [offset + width * step for step in range(int(told.get("numFiniteBuckets", 0)) + 1)]
