"""Service Usage: which APIs a project has switched on, and how much of each it may use."""

from gcpsim.crud import page, started
from gcpsim.rules import Rules
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules()
SERVICES = "serviceusage.services."
ACCOUNTS = "iam.googleapis.com/quota/service-account-count"
METRICS = {"iam.googleapis.com": {ACCOUNTS: 100}}
"""Quotas by API, each with Google's default; `World.limits` has what was raised, by `<project>/<metric>`."""


@RULES.does(SERVICES + "enable", SERVICES + "disable")
def turn(call: Call) -> Json:
    """An API on or off."""
    state = "ENABLED" if call.method.last == "enable" else "DISABLED"
    content = {"name": call.name, "parent": "/".join(call.name.split("/")[:2]), "state": state}
    call.store.put(call.key, content)
    return started(call, {"service": content})


@RULES.does(SERVICES + "batchEnable")
def turn_on(call: Call) -> Json:
    """Several APIs at once."""
    parent = call.key.split("/services")[0]
    for id in call.body.get("serviceIds", []):
        name = f"{parent.split('/', 1)[1]}/services/{id}"
        call.store.put(f"{parent}/services/{id}", {"name": name, "state": "ENABLED"})
    return started(call, {})


@RULES.does(SERVICES + "get")
def get(call: Call) -> Json:
    """An API nobody switched on is off."""
    found = call.store.get(call.key)
    return dict(found.content) if found and found.content else {"name": call.name, "state": "DISABLED"}


@RULES.does(SERVICES + "list")
def listed(call: Call) -> Json:
    """Those that somebody switched on or off, of one state where that is asked for."""
    state = call.query.get("filter", "").removeprefix("state:")
    found = [dict(one.content) for one in call.store.under(call.key)]
    return page(call, [one for one in found if state in ("", one["state"])])


@RULES.does(SERVICES + "consumerQuotaMetrics.list")
def quotas(call: Call) -> Json:
    """What a project may use of an API, as far as the simulator knows quotas of it."""
    project, api = call.segment("projects"), call.segment("services")
    return page(call, [_metric(call, project, one, most) for one, most in METRICS.get(api, {}).items()])


def _metric(call: Call, project: str, metric: str, default: int) -> Json:
    most = call.world.limits.get(f"{project}/{metric}", default)
    bucket = {"effectiveLimit": str(most), "defaultLimit": str(default)}
    limit = {"metric": metric, "unit": "1/{project}", "quotaBuckets": [bucket]}
    return {"metric": metric, "displayName": metric.rsplit("/", 1)[-1], "consumerQuotaLimits": [limit]}
