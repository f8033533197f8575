"""What Google answers, in our words; and what may be asked of it only so often."""

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aipress.clouds.gcp import databases, purges, secrets
from aipress.clouds.gcp.answers import Changed, Gone, Taken, refusal, words_of
from aipress.clouds.gcp.purges import EVERYTHING, Purge, together
from aipress.clouds.gcp.resources import Unbuildable
from aipress.errors import CloudAtWork, CloudBusy, CloudRefused, NoRoom
from gcpsim.faults import Fault
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from gcpsim.wire import Answer, Request
from tests.clouds.gcp import rig
from tests.clouds.gcp.rig import ENVIRONMENT, PLACE

INSTANCES = "/sqladmin/v1/projects/aipress-eu1/instances"
few = settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(new_world())


def meant(answer: Answer) -> Exception:
    return refusal(answer.status, answer.body, "this")


def test_pitfall_30_an_error_without_a_status_is_read_too(simulator: Simulator) -> None:
    older = simulator.answer(Request("GET", f"{INSTANCES}/none"))
    assert older.body is not None
    assert "status" not in older.body["error"]
    assert words_of(older.body)
    newer = simulator.answer(Request("GET", "/run/v2/projects/p/locations/r/services/none"))
    assert words_of(newer.body) == {"NOT_FOUND"}
    assert (type(meant(older)), type(meant(newer))) == (Gone, Gone)


def test_each_refusal_is_sorted_by_what_can_be_done(simulator: Simulator) -> None:
    wanted = secrets.secret(ENVIRONMENT, PLACE, "s")
    rig.ask(simulator, wanted)
    assert type(meant(rig.ask(simulator, wanted))) is Taken
    assert type(meant(rig.ask(simulator, replace(wanted, query={"secretId": "a b"})))) is CloudRefused
    for kind in ("429", "503"):
        simulator.world.faults.planned.append(Fault(kind, "secretmanager.*"))
        assert type(meant(rig.ask(simulator, replace(wanted, query={"secretId": kind})))) is CloudBusy
    assert type(refusal(412, {}, "this")) is Changed
    assert type(refusal(409, {"error": {"status": "ABORTED"}}, "this")) is CloudBusy
    assert type(refusal(429, {"error": {"errors": [{"reason": "quotaExceeded"}]}}, "this")) is NoRoom


@few
@given(
    body=st.recursive(
        st.none() | st.booleans() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner)
            | st.dictionaries(
                st.sampled_from(["error", "errors", "status", "code", "reason", "message"]), inner
            )
        ),
    ),
    status=st.integers(300, 599),
)
def test_no_answer_is_too_strange_to_be_refused(body: object, status: int) -> None:
    assert isinstance(refusal(status, body, "this"), CloudBusy | CloudRefused | NoRoom)


def test_no_message_of_googles_is_passed_on() -> None:
    body = {
        "error": {
            "code": 400,
            "message": "near 'hunter2'",
            "status": "INVALID_ARGUMENT",
            "errors": [{"reason": "hunter2 is bad"}],
        }
    }
    assert "hunter2" not in str(refusal(400, body, "SQL on pool-1"))


def test_pitfall_25_an_instance_exports_one_database_at_a_time(simulator: Simulator) -> None:
    simulator.world.latency = 60
    rig.say(
        simulator,
        "POST",
        INSTANCES,
        {"name": "pool-1", "region": PLACE.region, "settings": {"tier": "db-n1-standard-4"}},
    )
    simulator.world.clock.pass_time(61)
    wanted = databases.export(ENVIRONMENT, PLACE, "first")
    assert rig.ask(simulator, wanted).status == 200
    assert type(meant(rig.ask(simulator, databases.export(ENVIRONMENT, PLACE, "second")))) is CloudAtWork
    simulator.world.clock.pass_time(61)
    assert rig.ask(simulator, databases.export(ENVIRONMENT, PLACE, "second")).status == 200


@pytest.mark.parametrize("file", ["", "../other", "a/b", "a b", ".hidden", "x" * 101])
def test_a_copy_stays_in_its_folder(file: str) -> None:
    with pytest.raises(Unbuildable, match="no name for a copy"):
        databases.export(ENVIRONMENT, PLACE, file)


hosts = st.sampled_from([f"s{n}.example" for n in range(40)])
paths = st.sampled_from([EVERYTHING, *(f"/{n}/" for n in range(30))])


@few
@given(wishes=st.lists(st.builds(Purge, hosts, paths), max_size=400), room=st.integers(0, 60))
def test_pitfall_10_purges_stay_within_a_minute_and_none_is_forgotten(wishes: list[Purge], room: int) -> None:
    now, later = together(wishes, room)
    assert len(now) <= room
    asked = {*now, *later}
    assert len(asked) == len(now) + len(later)
    assert all(wish in asked or Purge(wish.host) in asked for wish in wishes)
    assert {one.host for one in asked} == {one.host for one in wishes}
    assert together([*now, *later], room) == (now, later)


def test_pitfall_10_a_thousand_edits_of_one_site_are_one_purge() -> None:
    assert together([Purge("a.example", f"/{n}/") for n in range(1000)]) == ([Purge("a.example")], [])


@pytest.mark.parametrize("wish", [Purge("", "/"), Purge("a.example", "menu"), Purge("a.example", "")])
def test_nobodys_or_everybodys_pages_are_not_purged(wish: Purge) -> None:
    with pytest.raises(Unbuildable, match="one host"):
        purges.purge(wish, PLACE, "sites")
