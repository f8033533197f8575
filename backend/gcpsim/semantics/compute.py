"""Compute Engine: references that must exist, things in use that stay, fingerprints, and the verbs of load balancing."""

import json

from gcpsim.crud import present, started
from gcpsim.errors import Refused, in_use, missing
from gcpsim.rules import Rules
from gcpsim.semantics import compute_quotas, url_maps
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(merges=True)
compute_quotas.enter(RULES)
url_maps.enter(RULES)
REFERRED = (
    "networks",
    "subnetworks",
    "backendServices",
    "backendBuckets",
    "urlMaps",
    "healthChecks",
    "sslCertificates",
    "targetHttpsProxies",
    "targetHttpProxies",
    "networkEndpointGroups",
    "securityPolicies",
    "addresses",
)
"""Kinds of things that are looked for when something refers to them, and kept while something does."""

LABELLED = (
    "globalAddresses",
    "addresses",
    "globalForwardingRules",
    "forwardingRules",
    "instances",
    "disks",
    "snapshots",
    "images",
    "externalVpnGateways",
    "vpnTunnels",
)
MOST_PURGES = 500
LAST_RULES = range(2**31 - 4, 2**31)
"""Priorities of the rules every policy ends with."""

RULED = (
    "firewallPolicies",
    "networkFirewallPolicies",
    "regionNetworkFirewallPolicies",
    "securityPolicies",
    "regionSecurityPolicies",
)


def check_unused(call: Call) -> None:
    """Something another thing refers to is not deleted."""
    present(call)
    name = call.name
    if call.key.split("/")[-2] not in REFERRED:
        return
    for other in call.store.everything():
        if other.key.startswith("compute/") and other.key != call.key and _refers(other.content, name):
            raise in_use(name, other.key.split("/", 1)[1])


def check_references(call: Call) -> None:
    """What a new thing refers to is there."""
    for field, value in call.body.items():
        for one in value if isinstance(value, list) else [value]:
            key = _key(one)
            if key and call.store.get(key) is None:
                raise Refused(
                    400,
                    f"Invalid value for field 'resource.{field}': '{one}'. The referenced resource cannot be found.",
                    reason="invalid",
                )


def _refers(content: Json, name: str) -> bool:
    told = {field: value for field, value in content.items() if field not in {"selfLink", "selfLinkWithId"}}
    return f'{name}"' in json.dumps(told)


def _key(value: object) -> str:
    """The key of what a link means, or '' where the text is no link to something of `REFERRED`."""
    if not isinstance(value, str) or "/projects/" not in "/" + value:
        return ""
    path = "projects/" + value.split("projects/", 1)[1]
    parts = path.split("/")
    if (
        len(parts) not in (5, 6)
        or parts[-2] not in REFERRED
        or parts[2] not in {"global", "regions", "zones"}
    ):
        return ""
    return f"compute/{path}"


def _kinds() -> list[str]:
    return [
        *REFERRED,
        "globalAddresses",
        "globalForwardingRules",
        "forwardingRules",
        *(f"region{kind[0].upper()}{kind[1:]}" for kind in REFERRED),
    ]


for _kind in _kinds():
    if _kind != "regionHealthChecks":  # Google lets those go
        RULES.check(f"compute.{_kind}.delete")(check_unused)
    RULES.check(f"compute.{_kind}.insert")(check_references)


@RULES.does(*(f"compute.{kind}.setLabels" for kind in LABELLED))
def set_labels(call: Call) -> Json:
    """Labels change only on the basis of the newest fingerprint."""
    call.key = call.key.removesuffix("/setLabels")
    resource = present(call)
    given, now = call.body.get("labelFingerprint"), resource.content.get("labelFingerprint")
    if given and now and given != now:
        raise Refused(
            412,
            "Labels fingerprint either invalid or resource labels have changed.",
            reason="conditionNotMet",
        )
    resource.content["labels"] = call.body.get("labels", {})
    resource.generation += 1
    resource.content["labelFingerprint"] = resource.etag
    return started(call, {})


def snapshot_key(call: Call) -> str:
    """A disk's snapshot is the project's."""
    return f"compute/projects/{call.segment('projects')}/global/snapshots/{call.body.get('name', '')}"


RULES.makes |= dict.fromkeys(
    ("compute.disks.createSnapshot", "compute.regionDisks.createSnapshot"), snapshot_key
)


@RULES.does("compute.urlMaps.invalidateCache")
def invalidate(call: Call) -> Json:
    """A purge; what was purged is in the journal."""
    call.key = call.key.removesuffix("/invalidateCache")
    present(call)
    if not str(call.body.get("path", "/")).startswith("/") and not call.body.get("cacheTags"):
        raise Refused(
            400, "Invalid value for field 'resource.path': it begins with a slash.", reason="invalid"
        )
    _count_purge(call)
    if call.fault != "operation":
        call.world.edge.invalidate(call.key, call.body, call.world.clock.now() + call.world.latency)
    return started(call, {})


def _count_purge(call: Call) -> None:
    """Google takes so many purges in a minute, of all maps together."""
    now = call.world.clock.now()
    call.world.purges = [at for at in call.world.purges if at > now - 60]
    if len(call.world.purges) >= MOST_PURGES:
        raise Refused(
            429,
            f"Quota exceeded: at most {MOST_PURGES} cache invalidations in a minute.",
            reason="rateLimitExceeded",
        )
    call.world.purges.append(now)


@RULES.does(*(f"compute.{kind}.{word}Rule" for kind in RULED for word in ("add", "get", "patch", "remove")))
def one_rule(call: Call) -> Json:
    """Rules of a policy are known by their priority, and each priority is there once."""
    verb = call.method.last.removesuffix("Rule")
    call.key = call.key.removesuffix("/" + call.method.last)
    policy = present(call)
    priority = int(call.query.get("priority") or call.body.get("priority") or 0)
    rules: dict[str, Json] = policy.hidden.setdefault("rules", {})
    if not rules:
        rules |= {
            str(last): {"priority": last, "kind": policy.content.get("kind", "")} for last in LAST_RULES
        }
    if verb != "add" and str(priority) not in rules:
        raise Refused(
            400,
            f"Invalid value for field 'priority': '{priority}'. The policy does not contain a rule at priority {priority}.",
            reason="invalid",
        )
    if verb == "add" and str(priority) in rules:
        raise Refused(
            400,
            f"Invalid value for field 'priority': '{priority}'. A rule with this priority is there already.",
            reason="invalid",
        )
    if verb == "get":
        return dict(rules[str(priority)])
    if verb == "remove":
        del rules[str(priority)]
    else:
        rules[str(priority)] = {**rules.get(str(priority), {}), **call.body, "priority": priority}
    policy.content["rules"] = [rules[key] for key in sorted(rules, key=int)]
    return started(call, {})


@RULES.does(*(f"compute.{kind}.{word}Association" for kind in RULED for word in ("add", "get", "remove")))
def one_association(call: Call) -> Json:
    """What a policy is attached to, each under a name."""
    verb = call.method.last.removesuffix("Association")
    call.key = call.key.removesuffix("/" + call.method.last)
    policy = present(call)
    name = str(call.query.get("name") or call.body.get("name", ""))
    attached: dict[str, Json] = policy.hidden.setdefault("associations", {})
    if verb == "add":
        attached[name] = {**call.body, "name": name}
        return started(call, {})
    if name not in attached and not policy.supposed:
        raise missing(f"{call.name}/associations/{name}")
    return attached.get(name, {"name": name}) if verb == "get" else started(call, attached.pop(name, {}))
