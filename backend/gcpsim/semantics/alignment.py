"""How Cloud Monitoring makes one point of a period's, and one series of several: aligners, then reducers.

https://cloud.google.com/monitoring/api/v3/aggregation and the descriptions in its discovery document.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from gcpsim.errors import invalid
from gcpsim.semantics import distributions
from gcpsim.wire import Json

DELTAS = {
    "ALIGN_DELTA",
    "ALIGN_RATE",
}  # of metrics that count what happened, never of those that say how it stands
LIMITS: dict[str, Callable[[Sequence[float]], float]] = {"MAX": max, "MIN": min}


@dataclass(frozen=True)
class Wanted:
    """From after `start` to `end` (seconds since 1970), in periods that end with `end`."""

    start: float
    end: float
    period: float
    aligner: str
    reducer: str
    kept: tuple[str, ...] = ()


def wanted(query: Mapping[str, str], kept: tuple[str, ...]) -> Wanted | None:
    """What a query asks for; None where it wants the points as they are. Raises Refused 400 for what fits together with nothing."""
    aligner = query.get("aggregation.perSeriesAligner", "ALIGN_NONE")
    reducer = query.get("aggregation.crossSeriesReducer", "REDUCE_NONE")
    period = float((query.get("aggregation.alignmentPeriod") or "0s").removesuffix("s"))
    if aligner in {"ALIGN_NONE", ""}:
        if reducer not in {"REDUCE_NONE", ""}:
            raise invalid("aggregation.perSeriesAligner", "Series are aligned before they are reduced.")
        return None
    if period < 60:
        raise invalid("aggregation.alignmentPeriod", "The alignment period is 60 seconds or more.")
    start, end = (seconds(query.get(f"interval.{name}", "")) for name in ("startTime", "endTime"))
    return Wanted(start, end, period, aligner, reducer, kept)


def aggregated(series: Sequence[Json], how: Wanted) -> list[Json]:
    """The series as they are asked for."""
    aligned = [one for one in (_aligned(one, how) for one in series) if one["points"]]
    return aligned if how.reducer in {"REDUCE_NONE", ""} else _reduced(aligned, how)


def seconds(told: str) -> float:
    """A time as seconds since 1970."""
    try:
        return datetime.fromisoformat(told).timestamp()
    except ValueError:
        raise invalid("interval", f"“{told}” is no time.") from None


def value_of(point: Json) -> Any:
    """A number, or a distribution."""
    told = point["value"]
    if "distributionValue" in told:
        return told["distributionValue"]
    if "boolValue" in told:
        return float(bool(told["boolValue"]))
    return float(told.get("int64Value", told.get("doubleValue", 0)))


def _aligned(series: Json, how: Wanted) -> Json:
    kind = series.get("metricKind", "GAUGE")
    if how.aligner in DELTAS and kind == "GAUGE":
        raise invalid("aggregation.perSeriesAligner", f"{how.aligner} is not for a gauge.")
    periods: defaultdict[int, list[Any]] = defaultdict(list)
    for point in sorted(series["points"], key=lambda one: seconds(one["interval"]["endTime"])):
        back = int((how.end - seconds(point["interval"]["endTime"])) // how.period)
        periods[back].append(value_of(point))
    kind = "DELTA" if how.aligner == "ALIGN_DELTA" else "GAUGE"
    points = {how.end - back * how.period: _one(values, how) for back, values in periods.items()}
    return _series(series["metric"], series["resource"], kind, points, how)


def _one(values: list[Any], how: Wanted) -> Any:
    """A period's points as one."""
    name = how.aligner.removeprefix("ALIGN_")
    if isinstance(values[0], dict):
        if name not in {"DELTA", "SUM"}:
            raise invalid("aggregation.perSeriesAligner", f"{how.aligner} is not for distributions here.")
        return distributions.together(values)
    if name in {"DELTA", "SUM", "RATE"}:
        return sum(values) / (how.period if name == "RATE" else 1)
    if name in LIMITS:
        return LIMITS[name](values)
    if name == "MEAN":
        return sum(values) / len(values)
    if name == "COUNT":
        return float(len(values))
    if name == "NEXT_OLDER":
        return values[-1]
    raise invalid("aggregation.perSeriesAligner", f"The simulator does not know {how.aligner}.")


def _reduced(series: Sequence[Json], how: Wanted) -> list[Json]:
    groups: defaultdict[tuple[str, ...], list[Json]] = defaultdict(list)
    for one in series:
        groups[one["resource"]["type"], *(_field(one, field) for field in how.kept)].append(one)
    return [_together(group, how) for group in groups.values()]


def _together(group: Sequence[Json], how: Wanted) -> Json:
    told: defaultdict[float, list[Any]] = defaultdict(list)
    for one in group:
        for point in one["points"]:
            told[seconds(point["interval"]["endTime"])].append(value_of(point))
    first = group[0]
    metric = {"type": first["metric"]["type"], "labels": _labels(first, "metric", how)}
    resource = {"type": first["resource"]["type"], "labels": _labels(first, "resource", how)}
    points = {end: _reduce(values, how.reducer.removeprefix("REDUCE_")) for end, values in told.items()}
    return _series(metric, resource, first["metricKind"], points, how)


def _reduce(values: list[Any], name: str) -> Any:
    """Several series' points of a period as one."""
    spread = isinstance(values[0], dict)
    if name.startswith("PERCENTILE_"):
        share = int(name.removeprefix("PERCENTILE_")) / 100
        return (
            distributions.quantile(distributions.together(values), share)
            if spread
            else _nearest(values, share)
        )
    if name == "SUM":
        return distributions.together(values) if spread else sum(values)
    if name == "MEAN":
        return distributions.mean(distributions.together(values)) if spread else sum(values) / len(values)
    if name == "COUNT":
        return float(len(values))
    if name in LIMITS and not spread:
        return LIMITS[name](values)
    raise invalid("aggregation.crossSeriesReducer", f"The simulator does not know REDUCE_{name} of these.")


def _nearest(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[max(0, -int(-len(ordered) * share // 1) - 1)]


def _series(metric: Json, resource: Json, kind: str, points: Mapping[float, Any], how: Wanted) -> Json:
    """Newest first, as Google lists them."""
    spread = any(isinstance(value, dict) for value in points.values())
    made = [
        {
            "interval": {
                "startTime": _stamp(end - how.period if kind == "DELTA" else end),
                "endTime": _stamp(end),
            },
            "value": {"distributionValue": value} if isinstance(value, dict) else {"doubleValue": value},
        }
        for end, value in sorted(points.items(), reverse=True)
    ]
    value_type = "DISTRIBUTION" if spread else "DOUBLE"
    return {
        "metric": metric,
        "resource": resource,
        "metricKind": kind,
        "valueType": value_type,
        "points": made,
    }


def _labels(series: Json, part: str, how: Wanted) -> dict[str, str]:
    start = f"{part}.labels."
    return {one.removeprefix(start): _field(series, one) for one in how.kept if one.startswith(start)}


def _field(series: Json, path: str) -> str:
    part, _, label = path.replace(".label.", ".labels.").partition(".labels.")
    return str(series.get(part, {}).get("labels", {}).get(label, ""))


def _stamp(time: float) -> str:
    return datetime.fromtimestamp(time, UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
