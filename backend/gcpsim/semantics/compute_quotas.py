"""How much of Compute Engine a project and each of its regions may have, and has: shown with them, and held where it was set."""

from gcpsim.crud import present
from gcpsim.errors import Refused
from gcpsim.rules import Rules
from gcpsim.store import Store
from gcpsim.wire import Json
from gcpsim.world import Call

COUNTED = {
    "global": {
        "BACKEND_SERVICES": "backendServices",
        "URL_MAPS": "urlMaps",
        "SECURITY_POLICIES": "securityPolicies",
    },
    "region": {"NETWORK_ENDPOINT_GROUPS": "networkEndpointGroups", "STATIC_ADDRESSES": "addresses"},
}
MOST = {
    "BACKEND_SERVICES": 2000,
    "URL_MAPS": 100,
    "SECURITY_POLICIES": 100,
    "NETWORK_ENDPOINT_GROUPS": 2000,
    "STATIC_ADDRESSES": 100,
}
"""Numbers of ours: Google's differ from project to project. `World.limits` has others, by `<scope>/<metric>`."""


def enter(rules: Rules) -> None:
    """Into Compute's rules."""
    rules.does("compute.projects.get")(project)
    rules.does("compute.regions.get")(region)
    rules.check("compute.backendServices.insert")(check_backends)
    rules.check("compute.regionNetworkEndpointGroups.insert")(check_groups)


def project(call: Call) -> Json:
    """A project with its global quotas."""
    scope = f"compute/projects/{call.found.segments[1]}/global"
    return {
        "kind": "compute#project",
        "name": call.found.segments[1],
        "quotas": quotas(call, scope, "global"),
    }


def region(call: Call) -> Json:
    """A region with its quotas."""
    found = dict(present(call).content)
    return {
        **found,
        "kind": "compute#region",
        "name": call.key.rsplit("/", 1)[-1],
        "quotas": quotas(call, call.key, "region"),
    }


def quotas(call: Call, scope: str, kind: str) -> list[Json]:
    """Each with what is used of it."""
    return [
        {
            "metric": metric,
            "limit": float(_most(call, scope, metric)),
            "usage": float(_used(call.store, scope, collection)),
        }
        for metric, collection in COUNTED[kind].items()
    ]


def check_backends(call: Call) -> None:
    """Not more backend services than a project was given."""
    _check(call, "BACKEND_SERVICES")


def check_groups(call: Call) -> None:
    """Not more endpoint groups than a region was given."""
    _check(call, "NETWORK_ENDPOINT_GROUPS")


def _check(call: Call, metric: str) -> None:
    scope, _, collection = call.key.rpartition("/")
    most = call.world.limits.get(f"{scope}/{metric}")
    if most is not None and _used(call.store, scope, collection) >= most:
        raise Refused(403, f"Quota '{metric}' exceeded. Limit: {most}.0.", reason="quotaExceeded")


def _most(call: Call, scope: str, metric: str) -> int:
    return call.world.limits.get(f"{scope}/{metric}", MOST[metric])


def _used(store: Store, scope: str, collection: str) -> int:
    return len(store.under(f"{scope}/{collection}"))
