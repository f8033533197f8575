"""What there is survives the simulator's end, and is readable by nobody else."""

import json
from pathlib import Path

from gcpsim.clock import RealClock
from gcpsim.keeping import Keeper
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from gcpsim.wire import Json, Request
from gcpsim.world import World

SECRETS = "/secretmanager/v1/projects/p/secrets"
SERVICES = "/run/v2/projects/p/locations/europe-west1/services"


def say(world: World, method: str, path: str, body: Json | None = None, **query: str) -> Json:
    answer = Simulator(world).answer(
        Request(method, path, {name: [one] for name, one in query.items()}, body)
    )
    assert answer.status == 200, answer.body
    return answer.body or {}


def begun(folder: Path) -> tuple[World, Keeper]:
    world = new_world()
    keeper = Keeper(folder)
    keeper.begin(world)
    return world, keeper


def test_a_world_is_the_same_after_its_end(tmp_path: Path) -> None:
    world, keeper = begun(tmp_path)
    say(world, "POST", SECRETS, {"replication": {"automatic": {}}}, secretId="db")
    say(world, "POST", f"{SECRETS}/db:addVersion", {"payload": {"data": "aHVudGVyMg=="}})
    operation = say(world, "POST", SERVICES, {"template": {"containers": [{"image": "i"}]}}, serviceId="shop")
    say(world, "DELETE", f"{SERVICES}/shop")
    say(
        world,
        "POST",
        "/logging/v2/entries:write",
        {"entries": [{"logName": "projects/p/logs/l", "textPayload": "one"}]},
    )
    world.clock.pass_time(10)
    keeper.end()
    again, keeper = begun(tmp_path)
    payload = say(again, "GET", f"{SECRETS}/db/versions/latest:access")["payload"]
    assert payload["data"] == "aHVudGVyMg=="
    assert say(again, "GET", f"/run/v2/{operation['name']}")["done"] is True
    assert say(again, "GET", SERVICES) == {}
    (entry,) = say(again, "POST", "/logging/v2/entries:list", {"resourceNames": ["projects/p"]})["entries"]
    assert entry["textPayload"] == "one"
    assert again.clock.now() == world.clock.now()
    assert say(again, "POST", f"{SECRETS}/db:addVersion", {"payload": {"data": "eA=="}})["name"].endswith(
        "/2"
    )
    keeper.end()


def test_what_is_kept_is_nobody_elses(tmp_path: Path) -> None:
    world, keeper = begun(tmp_path)
    say(world, "POST", SECRETS, {"replication": {"automatic": {}}}, secretId="db")
    world.keep()
    keeper.end()
    assert {one.name: oct(one.stat().st_mode & 0o777) for one in tmp_path.iterdir()} == {
        "world.json": "0o600",
        "entries.jsonl": "0o600",
    }


def test_a_call_is_kept_before_it_is_answered_and_a_half_written_line_is_none(tmp_path: Path) -> None:
    world, keeper = begun(tmp_path)
    say(world, "POST", SECRETS, {"replication": {"automatic": {}}}, secretId="db")
    world.keep()
    kept = json.loads((tmp_path / "world.json").read_text())
    assert [one["key"] for one in kept["resources"]][-1] == "secretmanager/projects/p/secrets/db"
    keeper.end()
    with (tmp_path / "entries.jsonl").open("a") as log:
        log.write('{"logName": "projects/p/logs/l"}\n{"logName": "projects/p/lo')
    again, keeper = begun(tmp_path)
    assert len(list(again.logbook.of(["projects/p"]))) == 1
    keeper.end()


def test_what_went_on_when_it_was_kept_has_failed(tmp_path: Path) -> None:
    world, keeper = begun(tmp_path)
    operation = say(world, "POST", SERVICES, {"template": {"containers": [{"image": "i"}]}}, serviceId="shop")
    found = world.operations.newest()
    assert found
    found.going = True
    keeper.end()
    again, keeper = begun(tmp_path)
    told = say(again, "GET", f"/run/v2/{operation['name']}")
    assert (told["done"], told["error"]["code"]) == (True, 10)
    keeper.end()


def test_the_real_clock_goes_by_itself_and_never_back() -> None:
    clock = RealClock()
    first = clock.now()
    clock.pass_time(100)
    assert clock.now() >= first + 100
    later = RealClock()
    later.bring_back(clock.now() + 50, 7)
    assert later.now() >= first + 150
    assert later.stamp() > clock.stamp()
