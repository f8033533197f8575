"""Things are planted on the simulator that nobody can want there; the audit finds each, says why, and nothing else."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import accounts, buckets, caches, domains, routing, secrets
from aipress.clouds.gcp.audit import Stray, strays
from aipress.clouds.gcp.placements import Placed
from aipress.clouds.gcp.services import service
from aipress.clouds.gcp.shards import Placement
from gcpsim.simulator import Simulator
from tests.clouds.gcp.rig import DOMAIN, ENVIRONMENT, ID, PARTS, PLACE, ask, say
from tests.clouds.gcp.simulated import Simulated
from tests.clouds.gcp.standing import GLOBAL, HERE, PROJECT, SECRETS, SQL, STANDING, changed, stand

OTHER = replace(ENVIRONMENT, id="fedcba987654", slug="old-bakery")
PLACED = Placed(
    ID, ENVIRONMENT.tenant, "sunrise-bakery", "standard", Placement(PROJECT, PLACE.region, "pool-1")
)
NOWHERE = f"environment {OTHER.id} is placed nowhere"
Plant = Callable[[Simulator], None]


def whole(simulator: Simulator, environment: EnvironmentSpec) -> None:
    """Something of every kind that an environment has."""
    made = [
        accounts.account(environment, PLACE),
        secrets.secret(environment, PLACE, f"w{environment.id}-db-password"),
        buckets.bucket(environment, PLACE),
        domains.authorization(environment, DOMAIN, PLACE),
        domains.certificate(environment, DOMAIN, PLACE),
        domains.map_entry(environment, DOMAIN, PLACE, "sites"),
        routing.domain_group(environment, PLACE),
        routing.backend(PLACE, f"w{environment.id}"),
    ]
    for one in made:
        ask(simulator, one)
    url_map = say(simulator, "GET", f"/compute/v1/projects/{PROJECT}/global/urlMaps/sites")
    ask(simulator, routing.written(routing.with_domain(url_map, environment, DOMAIN, PLACE), PLACE))
    rules = [caches.rule(environment, "x" * 64)]
    changed(simulator, f"memorystore/{HERE}/aclPolicies/sites", "rules", rules)
    say(simulator, "POST", f"{SQL}/pool-1/databases", {"name": f"w{environment.id}"})
    run(simulator, environment)


def run(simulator: Simulator, environment: EnvironmentSpec) -> None:
    """Its service, with none of the things it refers to."""
    wanted = service(replace(PARTS, environment=environment), PLACE)
    key = f"run/projects/{PROJECT}/locations/{PLACE.region}/services/{wanted.name}"
    simulator.world.store.put(key, {"name": key.split("/", 1)[1], **wanted.body})


@pytest.fixture
def tidy(on_google: Simulated) -> Simulated:
    """A platform with one site, of which everything is there."""
    stand(on_google.simulator)
    whole(on_google.simulator, ENVIRONMENT)
    return on_google


async def found(there: Simulated, *known: Placed) -> list[Stray]:
    return await strays(there.google, STANDING, known or (PLACED,))


async def test_where_everything_is_somebodys_nothing_is_found(tidy: Simulated) -> None:
    assert await found(tidy) == []


async def test_all_of_an_environment_that_is_placed_nowhere_is_found(on_google: Simulated) -> None:
    stand(on_google.simulator)
    on_google.simulator.world.store.remove(f"storage/b/{PROJECT}-w{ID}", 0)
    whole(on_google.simulator, OTHER)
    told = await found(on_google)
    assert {one.why for one in told} == {NOWHERE}
    assert sorted(one.kind for one in told) == [
        "Cloud Run service",
        "DNS authorization",
        "backend service",
        "bucket",
        "cache user",
        "certificate",
        "certificate map entry",
        "database",
        "endpoint group",
        "path matcher",
        "secret",
        "service account",
    ]


async def test_an_environment_that_is_placed_elsewhere_has_nothing_here(tidy: Simulated) -> None:
    told = await found(tidy, replace(PLACED, placement=Placement("aipress-eu2", PLACE.region, "pool-1")))
    assert {one.why for one in told} == {f"environment {ID} is placed in aipress-eu2"}
    assert len(told) == 12


SERVICE = f"run/projects/{PROJECT}/locations/{PLACE.region}/services/sunrise-bakery"
SECRET = f"secretmanager/projects/{PROJECT}/secrets/w{ID}-db-password"
BUCKET = f"storage/b/{PROJECT}-w{ID}"


def field(key: str, path: str, value: object) -> Plant:
    return lambda simulator: changed(simulator, key, path, value)


def nobodys_secret(simulator: Simulator) -> None:
    say(simulator, "POST", SECRETS, {"replication": {"automatic": {}}}, secretId="forgotten")


def renamed(simulator: Simulator) -> None:
    run(simulator, replace(ENVIRONMENT, slug="sunset-bakery"))


PLANTED: dict[str, tuple[Plant, str, str, str]] = {
    "a service whose revisions say nothing": (
        field(SERVICE, "template.labels", {}),
        "Cloud Run service",
        "sunrise-bakery",
        "has no aipress-tenant-id in template.labels, where the bill looks for it",
    ),
    "a service without labels": (
        field(SERVICE, "labels.aipress-tenant-id", None),
        "Cloud Run service",
        "sunrise-bakery",
        "has no aipress-tenant-id in labels, where the bill looks for it",
    ),
    "a secret without labels": (
        field(SECRET, "labels", {}),
        "secret",
        f"w{ID}-db-password",
        "has no aipress-tenant-id in labels, where the bill looks for it",
    ),
    "a bucket of another tenant": (
        field(BUCKET, "labels.aipress-tenant-id", "tnt_other"),
        "bucket",
        f"{PROJECT}-w{ID}",
        f"is billed to tnt_other, but its environment is {ENVIRONMENT.tenant}'s",
    ),
    "a bucket of another environment": (
        field(BUCKET, "labels.aipress-environment-id", OTHER.id),
        "bucket",
        f"{PROJECT}-w{ID}",
        NOWHERE,
    ),
    "a secret of nobody's": (
        nobodys_secret,
        "secret",
        "forgotten",
        "has no aipress-tenant-id in labels, where the bill looks for it",
    ),
    "the service under its old name": (
        renamed,
        "Cloud Run service",
        "sunset-bakery",
        f"environment {ID} is served by sunrise-bakery",
    ),
    "a certificate of nobody's": (
        field(f"certificatemanager/{GLOBAL}/certificates/sites", "managed.domains", ["elsewhere.example"]),
        "certificate",
        "sites",
        "has no aipress-tenant-id in labels, where the bill looks for it",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
async def test_what_is_planted_is_found_and_nothing_else(tidy: Simulated, name: str) -> None:
    plant, kind, called, why = PLANTED[name]
    plant(tidy.simulator)
    assert await found(tidy) == [Stray(kind, called, PROJECT, why)]


async def test_what_is_shared_by_all_sites_is_nobodys_and_said_to_be(tidy: Simulated) -> None:
    nobodys_secret(tidy.simulator)
    labels = {"aipress-pool": "pool-1"}
    changed(tidy.simulator, f"secretmanager/projects/{PROJECT}/secrets/forgotten", "labels", labels)
    assert await found(tidy) == []


async def test_only_looks(tidy: Simulated) -> None:
    before, asked = tidy.left, len(tidy.simulator.world.journal.entries)
    await found(tidy)
    assert {one.http for one in tidy.simulator.world.journal.entries[asked:]} == {"GET"}
    assert tidy.left == before
