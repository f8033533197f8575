"""Where a visitor's request goes, read from what there is: host, URL map, backend service, endpoint group, service."""

import re
from dataclasses import dataclass, field

from gcpsim.machines.revisions import Name
from gcpsim.machines.traffic import chosen, shares, tagged
from gcpsim.store import Resource, Store
from gcpsim.wire import Json

INTERNET, INTERNAL = "INGRESS_TRAFFIC_ALL", "INGRESS_TRAFFIC_INTERNAL_ONLY"


@dataclass(frozen=True)
class Route:
    """`url_map` and `backend` are '' for a service's own address. `status` is what the front itself answers, 0 where the service does."""

    status: int = 0
    service: str = ""
    tag: str = ""
    url_map: str = ""
    backend: str = ""
    policy: Json = field(default_factory=dict)

    def revision(self, store: Store, draw: float) -> Name | None:
        """The revision that answers; None while none was ever ready."""
        found = store.get(self.service)
        if found is None:
            return None
        id = tagged(found.content, self.tag) if self.tag else chosen(shares(found.content), draw)
        return Name(f"{self.service}/revisions/{id}") if id else None


NOWHERE = Route(404)


def route(store: Store, host: str, path: str) -> Route:
    """Read in the world's turn. A host is without its port; a service's own address leads to it without a load balancer."""
    host = host.partition(":")[0].lower().rstrip(".")
    for service in store.kind("run", "services"):
        if host in {str(uri).removeprefix("https://") for uri in service.content.get("urls", [])}:
            return _allowed(store, Route(service=service.key), balanced=False)
    maps = _maps(store)
    ruled = [(one, backend) for one in maps if (backend := _ruled(one.content, host, path)) is not None]
    others = [(one, str(one.content["defaultService"])) for one in maps if one.content.get("defaultService")]
    for url_map, backend in [*ruled, *others][:1]:
        return _behind(store, url_map, backend, host, path)
    return NOWHERE


def _maps(store: Store) -> list[Resource]:
    """The URL maps that an address leads to; all of them where nobody made a proxy for any."""
    found = store.kind("compute", "urlMaps")
    proxies = store.kind("compute", "targetHttpsProxies") + store.kind("compute", "targetHttpProxies")
    used = {_key(str(one.content.get("urlMap", ""))) for one in proxies}
    return [one for one in found if one.key in used] or found


def _ruled(url_map: Json, host: str, path: str) -> str | None:
    """The backend service that a map's rules send a host's path to; None where they don't speak of the host."""
    matchers = {str(one["name"]): one for one in url_map.get("pathMatchers", [])}
    rules = url_map.get("hostRules", [])
    patterns = sorted(
        ((str(one), rule) for rule in rules for one in rule.get("hosts", [])),
        key=lambda one: (one[0].startswith("*"), -len(one[0])),
    )
    for pattern, rule in patterns:
        if pattern == host or (pattern.startswith("*") and host.endswith(pattern[1:].lstrip("-"))):
            return _matched(matchers.get(str(rule.get("pathMatcher")), {}), path)
    return None


def _matched(matcher: Json, path: str) -> str:
    found = [
        (len(pattern), str(rule.get("service", "")))
        for rule in matcher.get("pathRules", [])
        for pattern in map(str, rule.get("paths", []))
        if pattern == path or (pattern.endswith("/*") and (path + "/").startswith(pattern[:-1]))
    ]
    return max(found)[1] if found else str(matcher.get("defaultService", ""))


def _behind(store: Store, url_map: Resource, backend: str, host: str, path: str) -> Route:
    found = store.get(_key(backend))
    if found is None:
        return NOWHERE
    for one in found.content.get("backends", []):
        group = store.get(_key(str(one.get("group", ""))))
        service, tag = _named(group, host, path) if group else ("", "")
        if service and store.get(service):
            policy = {"cacheMode": "CACHE_ALL_STATIC", **found.content.get("cdnPolicy", {})}
            policy = policy if found.content.get("enableCDN") else {}
            there = Route(0, service, tag, url_map.key, found.key, policy)
            return _allowed(store, there, balanced=True)
    return Route(404, url_map=url_map.key, backend=found.key)


def _named(group: Resource, host: str, path: str) -> tuple[str, str]:
    """The service and tag an endpoint group means: by name, or by its mask of host and path."""
    told = group.content.get("cloudRun", {})
    service, tag = str(told.get("service", "")), str(told.get("tag", ""))
    if mask := str(told.get("urlMask", "")):
        found = re.match(_pattern(mask), f"{host}{path}" if "/" in mask else host)
        named = found.groupdict() if found else {}
        service, tag = named.get("service", service), named.get("tag", tag)
    parts = group.key.split("/")
    return (f"run/projects/{parts[2]}/locations/{parts[4]}/services/{service}" if service else "", tag)


def _pattern(mask: str) -> str:
    """`<service>` and `<tag>` are one label of a host, or one part of a path."""
    plain = re.escape(mask.removeprefix("https://")).replace(r"\<", "<").replace(r"\>", ">")
    named = re.sub("<(service|tag)>", r"(?P<\1>[a-z0-9-]+)", plain)
    return named + (r"(?:/|$)" if "/" in mask else "$")


def _allowed(store: Store, there: Route, *, balanced: bool) -> Route:
    """Whether the service takes traffic that comes this way (ingress), and from everybody (IAM)."""
    service = store.get(there.service)
    told = service.content if service else {}
    ingress = told.get("ingress", INTERNET)
    if ingress == INTERNAL or (not balanced and (ingress != INTERNET or told.get("defaultUriDisabled"))):
        return Route(404, url_map=there.url_map, backend=there.backend)
    bindings = service.hidden.get("policy", {}).get("bindings", []) if service else []
    everybody = any(
        one.get("role") == "roles/run.invoker" and "allUsers" in one.get("members", []) for one in bindings
    )
    if not told.get("invokerIamDisabled") and not everybody:
        return Route(403, there.service, url_map=there.url_map, backend=there.backend)
    return there


def _key(link: str) -> str:
    return f"compute/projects/{link.split('projects/', 1)[1]}" if "projects/" in link else link
