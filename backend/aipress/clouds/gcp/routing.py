"""How visitors' hosts become services: for all platform hosts of a shard one endpoint group with a URL mask, so that a new site changes

nothing at the load balancer; for a customer's own domain a group and backend of its own, and a rule in the one URL map.
"""

import json
from collections.abc import Sequence

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.domains import checked_domain
from aipress.clouds.gcp.labels import labels_of
from aipress.clouds.gcp.names import own_name, service_name
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable

SHARED = "sites"
LARGEST_MAP_BYTES = 1024 * 1024
"""Of a global external Application Load Balancer's URL map (https://cloud.google.com/load-balancing/docs/quotas)."""

SORTED = {"hostRules": "pathMatcher", "pathMatchers": "name"}

CDN: Json = {
    "cacheMode": "USE_ORIGIN_HEADERS",
    "cacheKeyPolicy": {
        "includeHost": True,
        "includeProtocol": True,
        "includeQueryString": True,
        "includeHttpHeaders": ["X-AIPress-Host", "X-AIPress-Proof"],
    },
    "bypassCacheOnRequestHeaders": [{"headerName": "Authorization"}, {"headerName": "X-AIPress-Probe"}],
    "negativeCaching": True,
    "serveWhileStale": 86400,
    "requestCoalescing": True,
}
"""Sites say what may be kept. Without the host in the key one tenant's page would be shown on another's address, and without the proof

a page for the platform's host to visitors whom another edge passes on, or what somebody made up for them.
"""


def group(place: Place) -> Resource:
    """The shard's endpoint group: the first label of a host is the service's name."""
    mask: Json = {"urlMask": f"<service>.{place.domain}"}
    return _group(place, SHARED, mask)


def domain_group(environment: EnvironmentSpec, place: Place) -> Resource:
    """The group of one environment, for domains no mask can match."""
    labels_of(environment)
    return _group(place, own_name(environment.id), {"service": service_name(environment)})


def backend(place: Place, name: str = SHARED, armor: str = "sites") -> Resource:
    """The backend service in front of a group of that name, with its cache and its firewall. Endpoint groups know no health checks."""
    here = f"projects/{place.project}"
    body: Json = {
        "name": name,
        "loadBalancingScheme": "EXTERNAL_MANAGED",
        "protocol": "HTTPS",
        "backends": [{"group": f"{here}/regions/{place.region}/networkEndpointGroups/{name}"}],
        "enableCDN": True,
        "cdnPolicy": CDN,
        "compressionMode": "AUTOMATIC",
        "securityPolicy": f"{here}/global/securityPolicies/{armor}",
        "logConfig": {"enable": True, "sampleRate": 1.0},
    }
    return Resource(
        "backend service",
        name,
        "compute",
        f"/compute/v1/projects/{place.project}/global/backendServices",
        body,
    )


def with_domain(url_map: Json, environment: EnvironmentSpec, domain: str, place: Place) -> Json:
    """The URL map with this domain leading to this environment. Its fingerprint stays, so that a change in between is refused.

    Raises Unbuildable where another environment has the domain, or the map would grow beyond what Google takes.
    """
    name, host = own_name(environment.id), checked_domain(domain)
    rules = [one for one in _list(url_map, "hostRules") if one["hosts"]]
    holder = next((one["pathMatcher"] for one in rules if host in _hosts(one)), name)
    if holder != name:
        raise Unbuildable(
            f"{host} leads to another site already. Take it away there first; nothing was changed."
        )
    own = {host, *(one for rule in rules if rule["pathMatcher"] == name for one in _hosts(rule))}
    backend_path = f"projects/{place.project}/global/backendServices/{name}"
    matchers = [one for one in _list(url_map, "pathMatchers") if one["name"] != name]
    return _written(
        url_map,
        [
            *(one for one in rules if one["pathMatcher"] != name),
            {"hosts": sorted(own), "pathMatcher": name},
        ],
        [*matchers, {"name": name, "defaultService": backend_path}],
    )


def without_domain(url_map: Json, environment_id: str, domain: str) -> Json:
    """The URL map without this domain of this environment; its last domain takes the matcher along."""
    name, host = own_name(environment_id), checked_domain(domain)
    rules: list[Json] = []
    for one in _list(url_map, "hostRules"):
        hosts = [other for other in _hosts(one) if one["pathMatcher"] != name or other != host]
        rules += [{**one, "hosts": hosts}] if hosts else []
    left = {one["pathMatcher"] for one in rules}
    matchers = [one for one in _list(url_map, "pathMatchers") if one["name"] != name or name in left]
    return _written(url_map, rules, matchers)


def hosts_of(url_map: Json, environment_id: str) -> set[str]:
    """The own domains that a map leads to an environment."""
    name = own_name(environment_id)
    rules = [one for one in _list(url_map, "hostRules") if one["pathMatcher"] == name]
    return {host for one in rules for host in _hosts(one)}


def written(url_map: Json, place: Place) -> Resource:
    """The whole map as it should be; one writer sends it, and begins anew when Google says that it was changed (412)."""
    if not url_map.get("fingerprint"):
        raise Unbuildable("The URL map has no fingerprint; read it again, change that, and write it then.")
    name = str(url_map["name"])
    path = f"/compute/v1/projects/{place.project}/global/urlMaps/{name}"
    return Resource("URL map", name, "compute", path, url_map, verb="PUT")


def _group(place: Place, name: str, run: Json) -> Resource:
    path = f"/compute/v1/projects/{place.project}/regions/{place.region}/networkEndpointGroups"
    body: Json = {"name": name, "networkEndpointType": "SERVERLESS", "cloudRun": run}
    return Resource("endpoint group", name, "compute", path, body)


def _written(url_map: Json, rules: Sequence[Json], matchers: Sequence[Json]) -> Json:
    """What says the same as before stays as it is, to the letter: then nobody needs to write it."""
    new: Json = {"hostRules": _sorted(rules, "pathMatcher"), "pathMatchers": _sorted(matchers, "name")}
    if new == {name: _sorted(_list(url_map, name), by) for name, by in SORTED.items()}:
        return url_map
    changed = {**url_map, **new}
    size = len(json.dumps(changed))
    if size > LARGEST_MAP_BYTES:
        raise Unbuildable(
            f"The URL map would have {size} bytes; {LARGEST_MAP_BYTES} are the most. Put further domains on another load balancer."
        )
    return changed


def _sorted(of: Sequence[Json], by: str) -> list[Json]:
    return sorted(of, key=lambda one: str(one[by]))


def _list(url_map: Json, name: str) -> list[Json]:
    found = url_map.get(name, [])
    return list(found) if isinstance(found, list) else []


def _hosts(rule: Json) -> list[str]:
    found = rule["hosts"]
    return [str(one) for one in found] if isinstance(found, list) else []
