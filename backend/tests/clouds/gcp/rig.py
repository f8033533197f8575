"""One environment's things as they would be asked of Google, and the simulator to ask; `python -m tests.clouds.gcp.rig` writes the golden files anew."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aipress.clouds.base import Bucket, Cache, Database, EnvironmentSpec, Supply
from aipress.clouds.gcp import (
    accounts,
    armor,
    bigquery,
    buckets,
    caches,
    custom,
    databases,
    deployed,
    domains,
    logs,
    metrics,
    notes,
    purges,
    routing,
    secrets,
    services,
    signing,
    sql_instances,
)
from aipress.clouds.gcp.code import Code
from aipress.clouds.gcp.names import account_email
from aipress.clouds.gcp.placements import Found, Placed
from aipress.clouds.gcp.places import Instance, Place
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.gcp.shards import Placement
from aipress.clouds.logs import LogQuery
from aipress.clouds.metrics import Span
from aipress.clouds.notes import Note
from aipress.clouds.options import Options
from gcpsim.discovery.documents import version_in
from gcpsim.discovery.methods import match
from gcpsim.discovery.requests import read_query
from gcpsim.discovery.values import Fault, Reading, read_object, snake
from gcpsim.simulator import Simulator
from gcpsim.wire import Answer, Request

GOLDEN = Path(__file__).parent / "golden"
ID = "0123456789ab"
ENVIRONMENT = EnvironmentSpec(ID, 7, "tnt_01kajq", "sunrise-bakery", tier="standard")
CHOSEN = replace(ENVIRONMENT, options=Options(min_instances=2, max_instances=6, concurrency=30))
APART = replace(ENVIRONMENT, options=Options(media="bucket"))
PLACE = Place(
    project="aipress-eu1",
    region="europe-west1",
    image=f"europe-west1-docker.pkg.dev/aipress/sites/wordpress@sha256:{'ab' * 32}",
    network="projects/aipress-eu1/global/networks/sites",
    subnetwork="projects/aipress-eu1/regions/europe-west1/subnetworks/sites",
    instance=Instance("pool-1", "10.20.0.3"),
    cache="10.30.0.5:6379",
    domain="eu1.aipress.com",
)
SOCKET = replace(PLACE, instance=Instance("pool-1", way="socket"))
OWN = replace(PLACE, instance=Instance(f"w{ID}-0a1b", "10.20.0.9", reads=("10.20.0.10", "10.20.0.11")))
ALONE = replace(ENVIRONMENT, options=Options(database="own", replicas=2))
POOLED = replace(ENVIRONMENT, tier="performance", options=Options(database="own", pooling=True))
PARTS = services.Parts(
    environment=ENVIRONMENT,
    bucket=Bucket(f"aipress-eu1-w{ID}"),
    database=Database(f"w{ID}", f"w{ID}"),
    cache=Cache(f"w{ID}", f"w{ID}:"),
    pins=dict.fromkeys(services.PLATFORM_SECRETS, 1),
    supply=Supply(2, {"STRIPE_KEY": 2}),
)
OWN_CODE = Code("ab" * 32, 20 * 2**20, 70 * 2**20, "cd" * 32)
DOMAIN = "www.sunrise-bakery.example"
NOON = datetime(2026, 11, 28, 12, tzinfo=UTC)
LINES = LogQuery(
    ENVIRONMENT.tenant,
    NOON - timedelta(hours=1),
    NOON,
    ID,
    frozenset({"php", "wordpress"}),
    "warning",
    'no "such" file',
)
HOME = logs.Home(ID, ENVIRONMENT.slug)
PLACED = Placed(
    ID,
    ENVIRONMENT.tenant,
    ENVIRONMENT.slug,
    ENVIRONMENT.tier,
    Placement(PLACE.project, PLACE.region, "pool-1"),
)
FOUND = Found(PLACED, PLACE)
NOTE = Note(ID, "cron", "info", "wp_version_check ran", "", {"hook": "wp_version_check", "lag_ms": 1200})
URL_MAP: Json = {
    "name": "sites",
    "fingerprint": "abcdefgh",
    "defaultService": "projects/aipress-eu1/global/backendServices/nobody",
    "hostRules": [{"hosts": [f"*.{PLACE.domain}"], "pathMatcher": "sites"}],
    "pathMatchers": [
        {"name": "sites", "defaultService": "projects/aipress-eu1/global/backendServices/sites"}
    ],
}


KEPT = f"projects/{PLACE.project}/secrets/w{ID}-own-STRIPE_KEY"


def golden() -> dict[str, Resource]:
    """Everything that has a golden file, by the file's name."""
    return {
        "service": services.service(PARTS, PLACE),
        "service-by-socket": services.service(PARTS, SOCKET),
        "service-changed": services.change(PARTS, PLACE, '"1"'),
        "service-supplied": deployed.supplied(_standing(), ID, Supply(3, {"STRIPE_KEY": 3})),
        "service-published": deployed.let_in(_standing(), visitors=True),
        "service-with-options": services.service(replace(PARTS, environment=CHOSEN), PLACE),
        "service-with-code": services.service(replace(PARTS, code=OWN_CODE), PLACE),
        "service-with-media-apart": services.service(replace(PARTS, environment=APART), PLACE),
        "grant-signing": accounts.signs_itself(APART, PLACE),
        "account": accounts.account(ENVIRONMENT, PLACE),
        "grant-secret": accounts.reads_secret(ENVIRONMENT, PLACE, f"w{ID}-db-password"),
        "grant-bucket": accounts.writes_bucket(ENVIRONMENT, PLACE),
        "secret": secrets.secret(ENVIRONMENT, PLACE, f"w{ID}-db-password"),
        "secret-version": secrets.version(PLACE, f"w{ID}-db-password", b"not-a-password"),
        "secret-numbered": secrets.numbered({"name": KEPT, "etag": '"3"'}, {1: 1, 4: 2}),
        "secret-version-destroyed": secrets.destroyed(f"{KEPT}/versions/1"),
        "signature": signing.signature(account_email(ID, PLACE.project), "GOOG4-RSA-SHA256"),
        "bucket": buckets.bucket(ENVIRONMENT, PLACE),
        "purge": purges.purge(purges.Purge(f"sunrise-bakery.{PLACE.domain}", "/menu/"), PLACE, "sites"),
        "cache-rules": caches.policy(
            caches.list_of(PLACE.project, PLACE.region, "sites"), [caches.rule(ENVIRONMENT, "not-a-password")]
        ),
        "endpoint-group": routing.group(PLACE),
        "endpoint-group-of-domain": routing.domain_group(ENVIRONMENT, PLACE),
        "backend": routing.backend(PLACE),
        "url-map": routing.written(routing.with_domain(URL_MAP, ENVIRONMENT, DOMAIN, PLACE), PLACE),
        "firewall": armor.policy(PLACE),
        "dns-authorization": domains.authorization(ENVIRONMENT, DOMAIN, PLACE),
        "certificate": domains.certificate(ENVIRONMENT, DOMAIN, PLACE),
        "map-entry": domains.map_entry(ENVIRONMENT, DOMAIN, PLACE, "sites"),
        "dns-change": domains.records(
            "sites", PLACE.project, [domains.record(f"*.{PLACE.domain}.", "A", "192.0.2.1")]
        ),
        **_databases(),
        **_watching(),
    }


def _databases() -> dict[str, Resource]:
    """Copies on a shared instance, and instances of sites' own."""
    return {
        "database-export": databases.export(ENVIRONMENT, PLACE, "2026-11-28T1200"),
        "sql-instance": sql_instances.primary(ALONE, OWN),
        "sql-instance-pooled": sql_instances.primary(POOLED, OWN),
        "sql-replica": sql_instances.replica(ALONE, OWN, f"{OWN.instance.name}-r4e5f"),
        "sql-unprotected": sql_instances.unprotected(OWN.instance.name, OWN.project),
        "sql-edition": sql_instances.changes(POOLED, _standing_instance(), OWN.project)[0],
        "sql-pooling": sql_instances.changes(POOLED, _standing_instance(), OWN.project)[1],
        "service-with-replicas": services.service(PARTS, OWN),
    }


def _watching() -> dict[str, Resource]:
    return {
        "costs": bigquery.question(
            bigquery.Table("aipress-eu1", "billing", "gcp_billing_export_resource_v1_0A1B2C"),
            "SELECT 1 FROM billing_export AS b WHERE b.usage_start_time >= @exported_since OR DATE(b.usage_start_time) = @first",
            {"first": NOON.date(), "exported_since": NOON},
            2**30,
            "0123456789abcdef",
        ),
        "lines": logs.entries(LINES, [HOME], [PLACE.project], logs.Page(size=101)),
        "note": notes.entry(NOTE, FOUND, "0123456789abcdef", NOON),
        "figures-written": next(
            custom.written([custom.point(custom.WATCHED, {"environment": ID}, 1, NOON)], PLACE.project)
        ),
        "figures-of-our-own": custom.of_environment(
            custom.CUSTOM["db_time"], ID, Span(NOON - timedelta(hours=1), NOON), PLACE.project
        ),
        "figures-by-label": custom.by_label(
            custom.LOOKS, custom.AT, Span(NOON - timedelta(hours=1), NOON), PLACE.project
        ),
        "figures": metrics.of_service(
            metrics.FIGURES["latency_p95"],
            ENVIRONMENT.slug,
            Span(NOON - timedelta(hours=1), NOON),
            PLACE.project,
        ),
    }


def _standing_instance() -> Json:
    """A site's own instance as it was before pooling was chosen."""
    return sql_instances.primary(ALONE, OWN).body


def _standing() -> Json:
    """The service as Google shows it after it was made, with what its owner gave it."""
    made = services.service(PARTS, PLACE)
    return {**made.body, "name": f"{made.path.removeprefix('/v2/')}/{made.name}", "etag": '"2"'}


def shown(resource: Resource) -> dict[str, Any]:
    """A resource as its golden file has it."""
    return {
        "request": f"{resource.verb} {resource.api}{resource.path}",
        "query": dict(resource.query),
        "body": resource.body,
    }


def faults(resource: Resource) -> list[Fault]:
    """What Google's own discovery document says against a request: unknown names, wrong types, what is missing."""
    found = match(resource.api, version_in(resource.path.strip("/").split("/")), resource.verb, resource.path)
    assert found, resource.path
    read_query(Request(resource.verb, resource.path, lists(resource.query)), found.method)
    method = found.method
    if not method.request:
        return [("body", "none is taken")] if resource.body else []
    told: list[Fault] = []
    bound = frozenset({"name", *method.parameters, *map(snake, method.parameters)})
    reading = Reading(method.document.schemas, creating=method.creates, bound=bound)
    read = read_object(resource.body, method.document.schemas[method.request], reading, "", told)
    return told + [(name, "only Google writes it") for name in lost(resource.body, read)]


def lost(given: Any, read: Any, where: str = "") -> list[str]:
    """Where a value is not in what was read: what the document calls output only."""
    if isinstance(given, dict):
        return [
            one
            for name, inner in given.items()
            for one in (lost(inner, read[name], f"{where}.{name}") if name in read else [f"{where}.{name}"])
        ]
    if isinstance(given, list):
        return [one for left, right in zip(given, read, strict=True) for one in lost(left, right, where)]
    return []


def lists(query: Mapping[str, str]) -> dict[str, list[str]]:
    return {name: [value] for name, value in query.items()}


def ask(simulator: Simulator, resource: Resource) -> Answer:
    """Ask the simulator for it, as its one client would."""
    request = Request(resource.verb, f"/{resource.api}{resource.path}", lists(resource.query), resource.body)
    return simulator.answer(request)


def say(simulator: Simulator, verb: str, path: str, body: Any = None, **query: str) -> dict[str, Any]:
    """Ask for anything else; it has to succeed."""
    answer = simulator.answer(Request(verb, path, lists(query), body))
    assert answer.status == 200, answer.body
    return answer.body or {}


if __name__ == "__main__":
    GOLDEN.mkdir(exist_ok=True)
    for name, resource in golden().items():
        (GOLDEN / f"{name}.json").write_text(json.dumps(shown(resource), indent=1) + "\n")
