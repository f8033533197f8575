"""Cloud Monitoring: policies, channels and checks get their names from Google; time series are written and read."""

import re

from gcpsim.crud import page
from gcpsim.errors import invalid
from gcpsim.rules import Rules
from gcpsim.semantics.logfilter import parsed
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules()


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
    """Points of metrics."""
    for at, series in enumerate(call.body.get("timeSeries", [])):
        if not series.get("metric", {}).get("type") or not series.get("points"):
            raise invalid(f"time_series[{at}]", "A series has a metric and points.")
        call.store.put(f"{call.key}/{call.store.number()}", series)
    return {}


@RULES.does("monitoring.projects.timeSeries.list")
def read_series(call: Call) -> Json:
    """The series a filter finds, with their points inside the interval; aligned to no period."""
    text = call.query.get("filter", "")
    if "metric.type" not in text:
        raise invalid("filter", "A filter names one metric.type.")
    fits = parsed(re.sub(r'starts_with\("([^"]*)"\)', r'"^\1"', text))
    start, end = call.query.get("interval.startTime", ""), call.query.get("interval.endTime", "9999")
    series = []
    for one in call.store.under(call.key):
        points = [
            point
            for point in one.content.get("points", [])
            if start <= str(point.get("interval", {}).get("endTime", "")) <= end
        ]
        if points and fits(one.content):
            series.append({**one.content, "points": points})
    return page(call, series)
