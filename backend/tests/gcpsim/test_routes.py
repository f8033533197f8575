"""Where a visitor's request goes: URL maps, endpoint groups and their masks, read from the store alone."""

import pytest

from gcpsim.machines.routes import route
from gcpsim.store import Store
from gcpsim.wire import Json

SERVICE: Json = {
    "invokerIamDisabled": True,
    "latestReadyRevision": "projects/p/locations/r/services/s/revisions/s-1",
    "traffic": [{"percent": 100}, {"tag": "green", "revision": "s-0"}],
}


def store(**clouds: Json) -> Store:
    """Services `shop`, `www` and `api`, and a backend service for each of these groups by name."""
    made = Store()
    for name in ("shop", "www", "api"):
        made.put(f"run/projects/p/locations/r/services/{name}", SERVICE)
    for name, cloud in clouds.items():
        group = f"projects/p/regions/r/networkEndpointGroups/{name}"
        made.put(f"compute/{group}", {"cloudRun": cloud})
        backend = {"backends": [{"group": f"https://www.googleapis.com/compute/v1/{group}"}]}
        made.put(f"compute/projects/p/global/backendServices/{name}", backend)
    return made


def url_map(made: Store, name: str, default: str, *rules: tuple[str, str], **paths: str) -> None:
    matchers = [
        {
            "name": f"m{at}",
            "defaultService": _backend(to),
            "pathRules": [{"paths": [path], "service": _backend(there)} for there, path in paths.items()],
        }
        for at, (_, to) in enumerate(rules)
    ]
    told: Json = {
        "hostRules": [{"hosts": [host], "pathMatcher": f"m{at}"} for at, (host, _) in enumerate(rules)],
        "pathMatchers": matchers,
    }
    made.put(
        f"compute/projects/p/global/urlMaps/{name}",
        told | ({"defaultService": _backend(default)} if default else {}),
    )


def _backend(name: str) -> str:
    return f"projects/p/global/backendServices/{name}"


@pytest.mark.parametrize(
    ("cloud", "host", "path", "service"),
    [
        ({"urlMask": "<service>.example.test"}, "shop.example.test", "/", "shop"),
        ({"urlMask": "<service>.example.test"}, "deep.shop.example.test", "/", ""),
        ({"urlMask": "<service>.example.test"}, "shop.example.test.evil.test", "/", ""),
        ({"urlMask": "<service>.example.test"}, "shopxexample.test", "/", ""),
        ({"urlMask": "<service>.example.test"}, "none.example.test", "/", ""),
        ({"urlMask": "example.test/<service>"}, "example.test", "/api/v1", "api"),
        ({"urlMask": "example.test/<service>"}, "example.test", "/", ""),
        ({"service": "www"}, "anything.test", "/", "www"),
    ],
)
def test_a_group_finds_its_service_by_name_or_mask(cloud: Json, host: str, path: str, service: str) -> None:
    made = store(sites=cloud)
    url_map(made, "edge", "sites")
    found = route(made, f"{host.upper()}:8443", path)
    assert (found.service.rpartition("/")[2], found.status) == (service, 0 if service else 404)


def test_rules_for_a_host_come_before_patterns_and_any_rule_before_a_default() -> None:
    made = store(all={"service": "shop"}, pattern={"service": "api"}, exact={"service": "www"})
    url_map(made, "a-default", "all")
    url_map(made, "b-rules", "", ("*.b.test", "pattern"), ("a.b.test", "exact"))
    names = [route(made, host, "/").service.rpartition("/")[2] for host in ("a.b.test", "x.b.test", "c.test")]
    assert names == ["www", "api", "shop"]


def test_paths_lead_elsewhere() -> None:
    made = store(exact={"service": "www"}, api={"service": "api"})
    url_map(made, "edge", "", ("a.test", "exact"), api="/v1/*")
    names = [route(made, "a.test", path).service.rpartition("/")[2] for path in ("/", "/v1", "/v1/x", "/v12")]
    assert names == ["www", "api", "api", "www"]


def test_a_map_no_address_leads_to_is_none_where_there_is_another() -> None:
    made = store(old={"service": "api"}, new={"service": "www"})
    url_map(made, "a-old", "old")
    url_map(made, "b-new", "new")
    made.put("compute/projects/p/global/targetHttpsProxies/t", {"urlMap": "projects/p/global/urlMaps/b-new"})
    assert route(made, "a.test", "/").service.endswith("/www")


def test_a_tag_is_one_revision() -> None:
    made = store(sites={"urlMask": "<tag>---<service>.example.test"})
    url_map(made, "edge", "sites")
    found = route(made, "green---shop.example.test", "/")
    name = found.revision(made, 0.5)
    assert name
    assert name.parts[3] == "s-0"
    assert route(made, "blue---shop.example.test", "/").revision(made, 0.5) is None
