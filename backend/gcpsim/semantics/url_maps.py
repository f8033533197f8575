"""URL maps: each host is in one rule, each rule leads to a matcher that is there, and each matcher to a backend that is there."""

import json
from collections import Counter
from collections.abc import Iterator

from gcpsim.errors import Refused
from gcpsim.rules import Rules
from gcpsim.wire import Json
from gcpsim.world import Call

WRITES = ("compute.urlMaps.insert", "compute.urlMaps.update", "compute.urlMaps.patch")
BACKENDS = {"backendServices", "backendBuckets"}
LARGEST = 1024 * 1024  # bytes (https://cloud.google.com/load-balancing/docs/quotas)


def enter(rules: Rules) -> None:
    """Hold whatever is written to it."""
    rules.check(*WRITES)(check_map)


def check_map(call: Call) -> None:
    """Refused 400, as Google does, for a map that would lead somewhere nobody is."""
    body = call.body
    if (size := len(json.dumps(body))) > LARGEST:
        raise _invalid("", f"A URL map has at most {LARGEST} bytes, not {size}.")
    hosts = [str(host) for rule in body.get("hostRules", []) for host in rule.get("hosts", [])]
    if twice := [one for one, count in Counter(hosts).items() if count > 1]:
        raise _invalid("hostRules", f"The host {twice[0]} is in more than one rule.")
    matchers = {str(one.get("name")) for one in body.get("pathMatchers", [])}
    for rule in body.get("hostRules", []):
        if rule.get("pathMatcher") not in matchers and (
            "pathMatchers" in body or call.method.http != "PATCH"
        ):
            raise _invalid("hostRules.pathMatcher", f"'{rule.get('pathMatcher')}' is no matcher of the map.")
    for link in _backends(body):
        parts = f"projects/{link.split('projects/', 1)[1]}".split("/") if "projects/" in link else []
        if len(parts) == 5 and parts[3] in BACKENDS and call.store.get(f"compute/{'/'.join(parts)}") is None:
            raise _invalid("pathMatchers.service", f"The referenced resource '{link}' cannot be found.")


def _backends(url_map: Json) -> Iterator[str]:
    for matcher in url_map.get("pathMatchers", []):
        yield str(matcher.get("defaultService", ""))
        for rule in [*matcher.get("pathRules", []), *matcher.get("routeRules", [])]:
            yield str(rule.get("service", ""))


def _invalid(field: str, why: str) -> Refused:
    return Refused(400, f"Invalid value for field 'resource.{field}': {why}", reason="invalid")
