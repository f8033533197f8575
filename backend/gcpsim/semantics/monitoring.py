"""Cloud Monitoring: policies, channels and checks get their names from Google; time series are written and read."""

import hashlib
import json
import re

from gcpsim.crud import page
from gcpsim.errors import invalid
from gcpsim.rules import Rules
from gcpsim.semantics.alignment import aggregated, seconds, wanted
from gcpsim.semantics.counted import counted
from gcpsim.semantics.logfilter import parsed
from gcpsim.series import Span
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules()
MOST_WRITTEN = 200
MOST_KEPT = 50_000  # points of a series
OLDEST, NEWEST = 25 * 3600, 300  # seconds


@RULES.names(
    *(
        f"monitoring.projects.{kind}.create"
        for kind in ("alertPolicies", "groups", "notificationChannels", "snoozes")
    )
)
def number(call: Call) -> str:
    """Google numbers these."""
    return ""


@RULES.names("monitoring.projects.uptimeCheckConfigs.create")
def check_name(call: Call) -> str:
    """Google names a check after what it is called."""
    return ""


@RULES.names("monitoring.projects.metricDescriptors.create")
def metric_type(call: Call) -> str:
    """A metric is known by its type, slashes and all."""
    return str(call.body.get("type", ""))


@RULES.check("monitoring.projects.alertPolicies.create")
def check_policy(call: Call) -> None:
    """A policy has conditions and says how they combine."""
    if not call.body.get("conditions"):
        raise invalid("alert_policy.conditions", "A policy has at least one condition.")
    for at, condition in enumerate(call.body["conditions"]):
        if not any(name.startswith("condition") for name in condition):
            raise invalid(f"alert_policy.conditions[{at}]", "A condition says what it looks at.")


@RULES.made("monitoring.projects.alertPolicies.create", "monitoring.projects.alertPolicies.patch")
def name_conditions(call: Call, policy: Resource) -> None:
    """Each condition has a name under its policy's."""
    for condition in policy.content.get("conditions", []):
        condition.setdefault("name", f"{policy.key.split('/', 1)[1]}/conditions/{call.store.number()}")


@RULES.does("monitoring.projects.timeSeries.create")
def write_series(call: Call) -> Json:
    """Points of metrics: at most 200 series in a call, one new point of each, neither older than a day nor of the future."""
    told = call.body.get("timeSeries", [])
    if len(told) > MOST_WRITTEN:
        raise invalid("time_series", f"At most {MOST_WRITTEN} series are written in a call.")
    wrong = [f"time_series[{at}]: {why}" for at, one in enumerate(told) if (why := _write(call, one))]
    if wrong:
        raise invalid("time_series", f"One or more time series could not be written: {'; '.join(wrong[:5])}")
    return {}


def _write(call: Call, series: Json) -> str:
    """Why a series' point can't be kept; '' where it is."""
    if not series.get("metric", {}).get("type") or not series.get("points"):
        return "A series has a metric and points."
    if len(series["points"]) != 1:
        return "Points of a series are written one at a time."
    end = str(series["points"][0].get("interval", {}).get("endTime", ""))
    now, at = call.world.clock.now(), seconds(end)
    if not now - OLDEST <= at <= now + NEWEST:
        return "Data points cannot be written more than 25h0s in the past or 5 minutes in the future."
    named = json.dumps([series["metric"], series.get("resource", {})], sort_keys=True)
    key = f"{call.key}/{hashlib.blake2b(named.encode(), digest_size=12).hexdigest()}"
    if (kept := call.store.get(key)) is None:
        call.store.put(key, series)
        return ""
    if seconds(str(kept.content["points"][-1]["interval"]["endTime"])) >= at:
        return "Points must be written in order."
    kept.content["points"] = [*kept.content["points"], *series["points"]][-MOST_KEPT:]
    return ""


@RULES.does("monitoring.projects.timeSeries.list")
def read_series(call: Call) -> Json:
    """The series a filter finds, with their points inside the interval, newest first; aligned and reduced as is asked for."""
    text = call.query.get("filter", "")
    if "metric.type" not in text:
        raise invalid("filter", "A filter names one metric.type.")
    fits = parsed(re.sub(r'starts_with\("([^"]*)"\)', r'"^\1"', text))
    how = wanted(call.query, tuple(call.request.query.get("aggregation.groupByFields", [])))
    end = seconds(call.query["interval.endTime"])
    start = seconds(call.query.get("interval.startTime", call.query["interval.endTime"]))
    google = call.world.series.of(
        call.segment("projects"),
        Span(call.world.clock.now(), start, end),
        lambda one: fits({**one, "points": []}),
    )
    kept = [*(one.content for one in call.store.under(call.key)), *counted(call, text), *google]
    found = [inside for one in kept if fits(one) and (inside := _inside(one, start, end, how is not None))]
    series = aggregated(found, how) if how else found
    if call.query.get("view") == "HEADERS":
        series = [{name: value for name, value in one.items() if name != "points"} for one in series]
    return page(call, series)


def _inside(series: Json, start: float, end: float, after: bool) -> Json | None:
    """The series with its points of the interval, its start in it only where points are told as they are; None without any."""
    timed = [(seconds(str(point["interval"]["endTime"])), point) for point in series.get("points", [])]
    points = [point for at, point in reversed(timed) if (start < at if after else start <= at) and at <= end]
    return {**series, "points": points} if points else None
