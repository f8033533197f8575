"""What stands on Google Cloud and belongs to no environment that is placed there, and what is billed to nobody for want of a label.

`existing` of each facet says who has something; this looks at every thing by itself, also at what is labelled wrongly. It only reads.
"""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.caches import API, list_of
from aipress.clouds.gcp.google import NOTHING, Google
from aipress.clouds.gcp.labels import BILLED_AT, TENANT, environment_of, label
from aipress.clouds.gcp.names import admin_secret
from aipress.clouds.gcp.placements import Placed
from aipress.clouds.gcp.platform import Platform, Standing
from aipress.clouds.gcp.resources import Json, at

SHARED = "aipress-pool"
"""The label of what belongs to all sites of a shard: its cost is split."""
OWN = re.compile(r"(?<![0-9a-z])w([0-9a-f]{12})(?![0-9a-z])")
"""How things are named after their environment."""


@dataclass(frozen=True)
class Stray:
    """One thing: its kind and name, where it is, and why nobody can want it there so."""

    kind: str
    name: str
    project: str
    why: str


@dataclass(frozen=True)
class Collection:
    """Where things of a kind are listed, under what name the answer has them, and which field is their name."""

    kind: str
    api: str
    path: str
    items: str
    named: str = "name"
    query: Mapping[str, str] = field(default_factory=lambda: NOTHING)


async def strays(google: Google, platform: Platform, known: Sequence[Placed]) -> list[Stray]:
    """All of them, shard by shard."""
    by_id = {one.environment_id: one for one in known}
    found: dict[tuple[str, str, str], Stray] = {}
    for shard in platform.shards:
        async for kind, name, thing in _things(google, shard):
            if why := _why(kind, name, thing, by_id, shard):
                found[shard.project, kind, name] = Stray(kind, name, shard.project, why)
    return list(found.values())


async def _things(google: Google, shard: Standing) -> AsyncIterator[tuple[str, str, Json]]:
    for collection in _collections(shard):
        for thing in await _listed(google, collection):
            yield collection.kind, str(thing.get(collection.named, "")).rsplit("/", 1)[-1], thing
    here = f"/v1/projects/{shard.project}/locations/global/certificateMaps"
    for one in await _listed(google, Collection("", "certificatemanager", here, "certificateMaps")):
        path = f"/v1/{one['name']}/certificateMapEntries"
        entries = Collection("certificate map entry", "certificatemanager", path, "certificateMapEntries")
        for thing in await _listed(google, entries):
            yield entries.kind, str(thing["name"]).rsplit("/", 1)[-1], thing
    for matcher in await _ways(google, shard):
        yield "path matcher", str(matcher.get("name", "")), matcher
    for rule in await _cache_rules(google, shard):
        yield "cache user", str(rule.get("username", "")), rule


def _collections(shard: Standing) -> list[Collection]:
    project, sql = f"/v1/projects/{shard.project}", f"/v1/projects/{shard.project}/instances"
    compute = f"/compute/v1/projects/{shard.project}"
    everywhere = f"{project}/locations/global"
    return [
        Collection(
            "Cloud Run service",
            "run",
            f"/v2/projects/{shard.project}/locations/{shard.region}/services",
            "services",
        ),
        Collection("Cloud SQL instance", "sqladmin", sql, "items"),
        Collection("secret", "secretmanager", f"{project}/secrets", "secrets"),
        Collection("bucket", "storage", "/storage/v1/b", "items", query={"project": shard.project}),
        Collection("service account", "iam", f"{project}/serviceAccounts", "accounts", "email"),
        Collection("certificate", "certificatemanager", f"{everywhere}/certificates", "certificates"),
        Collection(
            "DNS authorization", "certificatemanager", f"{everywhere}/dnsAuthorizations", "dnsAuthorizations"
        ),
        Collection("backend service", "compute", f"{compute}/global/backendServices", "items"),
        Collection(
            "endpoint group", "compute", f"{compute}/regions/{shard.region}/networkEndpointGroups", "items"
        ),
        *(
            Collection("database", "sqladmin", f"{sql}/{one.name}/databases", "items")
            for one in shard.instances
        ),
    ]


async def _listed(google: Google, collection: Collection) -> list[Json]:
    try:
        return await google.read_all(collection.api, collection.path, collection.items, collection.query)
    except Gone:  # an instance that the platform's file has and Google has not: the doctor says so
        return []


async def _ways(google: Google, shard: Standing) -> list[Json]:
    """Where the URL map leads own domains."""
    path = f"/compute/v1/projects/{shard.project}/global/urlMaps/{shard.url_map}"
    try:
        matchers = (await google.read("compute", path)).get("pathMatchers")
    except Gone:
        return []
    return [one for one in matchers if isinstance(one, dict)] if isinstance(matchers, list) else []


async def _cache_rules(google: Google, shard: Standing) -> list[Json]:
    path = f"/v1/{list_of(shard.project, shard.region, shard.cache.name)}"
    try:
        rules = (await google.read(API, path)).get("rules")
    except Gone:
        return []
    return [one for one in rules if isinstance(one, dict)] if isinstance(rules, list) else []


def _why(kind: str, name: str, thing: Json, known: Mapping[str, Placed], shard: Standing) -> str:
    """Why nobody can want this; '' for what is somebody's, or the platform's own."""
    told = OWN.search(name)
    environment = environment_of(thing) or (told[1] if told else "")
    unlabelled = [path for path in BILLED_AT.get(kind, ()) if not at(thing, f"{path}.{TENANT}")]
    if not environment and not label(thing, TENANT):
        return (
            "" if not unlabelled or _is_the_platforms(name, thing, shard) else _billed_to_nobody(unlabelled)
        )
    placed = known.get(environment)
    if placed is None:
        return f"environment {environment or 'of no name'} is placed nowhere"
    if placed.placement.project != shard.project:
        return f"environment {environment} is placed in {placed.placement.project}"
    if unlabelled:
        return _billed_to_nobody(unlabelled)
    return _mixed_up(kind, name, thing, placed)


def _mixed_up(kind: str, name: str, thing: Json, placed: Placed) -> str:
    tenant = label(thing, TENANT)
    if kind in BILLED_AT and tenant != placed.tenant:
        return f"is billed to {tenant}, but its environment is {placed.tenant}'s"
    if kind == "Cloud Run service" and name != placed.service:
        return f"environment {placed.environment_id} is served by {placed.service}"
    return ""


def _billed_to_nobody(paths: Sequence[str]) -> str:
    return f"has no {TENANT} in {' and '.join(paths)}, where the bill looks for it"


def _is_the_platforms(name: str, thing: Json, shard: Standing) -> bool:
    """What Terraform made for all sites."""
    own = {admin_secret(one.name) for one in shard.instances} | {one.name for one in shard.instances}
    own.add(f"aipress-cache-sweeper-{shard.cache.name}")
    domains = at(thing, "managed.domains")
    hosts = [thing.get("domain"), thing.get("hostname"), *(domains if isinstance(domains, list) else [])]
    is_for_all = bool({shard.domain, f"*.{shard.domain}"}.intersection(str(one) for one in hosts))
    return bool(label(thing, SHARED)) or name in own or is_for_all
