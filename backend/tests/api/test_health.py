"""Is it alive, is it ready, and what is wrong if not."""

from dataclasses import replace

from aipress import clouds
from aipress.errors import CloudBusy
from aipress.kit.db import Database
from tests import make
from tests.api.world import World
from tests.fakes.cloud import FakeCloud
from tests.fakes.shelf import Shelf
from tests.tenants.lasting import together

pytestmark = together

READY = dict.fromkeys(("database", "vault", "databases", "caches", "runtime", "stranded", "lost"), "ok")


class Away(Shelf):
    """A facet that does not answer, and says why."""

    def __init__(self, why: Exception) -> None:
        super().__init__(FakeCloud(), "anything")
        self.why = why

    async def existing(self) -> set[str]:
        raise self.why


async def test_it_is_alive_and_ready_and_says_of_each_part_that_it_is_well(world: World) -> None:
    alive = await world.client.get("/api/health/live")
    ready = await world.client.get("/api/health/ready")
    assert (alive.status_code, alive.json()) == (200, {"status": "ok", "checks": {}})
    assert (ready.status_code, ready.json()) == (200, {"status": "ok", "checks": READY})


async def test_while_a_facet_is_away_it_is_not_ready_and_says_which_and_why(world: World) -> None:
    why = "It is starting. Ask again in a moment."
    for facet in ("vault", "databases", "caches", "runtime"):
        clouds.use(replace(world.cloud.as_cloud(), **{facet: Away(CloudBusy(why))}))
        answer = await world.client.get("/api/health/ready")
        assert answer.status_code == 503
        assert answer.json() == {"status": "degraded", "checks": READY | {facet: why}}
    assert (await world.client.get("/api/health/live")).status_code == 200
    clouds.use(world.cloud.as_cloud())
    assert (await world.client.get("/api/health/ready")).status_code == 200


async def test_what_a_facet_did_not_mean_to_say_is_not_shown(world: World) -> None:
    clouds.use(replace(world.cloud.as_cloud(), vault=Away(ValueError("password=hunter2"))))
    answer = await world.client.get("/api/health/ready")
    assert (answer.status_code, answer.json()["checks"]["vault"]) == (503, "failed")
    assert "hunter2" not in answer.text


async def test_what_needs_a_person_is_said_and_is_no_reason_to_send_nobody_here(world: World) -> None:
    world.app.state.findings.stranded = ["provision:a:1", "provision:b:1"]
    world.app.state.findings.lost = ["databases of c"]
    answer = await world.client.get("/api/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["checks"] == READY | {
        "stranded": "2 workflows do not go on",
        "lost": "1 parts of sites are gone",
    }


async def test_without_its_database_it_is_not_ready_and_says_so_calmly(world: World) -> None:
    world.app.state.rows = nowhere = Database("sqlite+aiosqlite:////nowhere/aipress.sqlite3")
    answer = await world.client.get("/api/health/ready")
    await nowhere.close()
    assert (answer.status_code, answer.json()["code"]) == (503, "cloud_busy")
    assert "nowhere" not in answer.text


async def test_leaks_name_what_belongs_to_nobody(world: World) -> None:
    world.cloud.databases.things.add("feedfeedfeed")
    operator = make.as_operator(world.settings)
    found = (await world.client.get("/api/health/leaks", headers=operator)).json()
    assert found == {
        "items": [
            {
                "kind": "databases",
                "name": "feedfeedfeed",
                "why": "its environment is unknown",
                "cloud": "local",
            }
        ]
    }


async def test_how_sites_run_here_is_said_as_it_is(world: World) -> None:
    report = (await world.ask("GET", "/health/runtime", await world.ada())).json()
    assert (report["isolated"], report["sandbox"], report["asleep"]) == (False, "none", 0)
