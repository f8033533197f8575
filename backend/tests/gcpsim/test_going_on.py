"""What takes real time goes on beside the calls: its operation is done when it is, and ends as it ended."""

from gcpsim.operations import Operation
from gcpsim.runs import GoesOn, Runs
from tests.gcpsim.conftest import Google
from tests.gcpsim.test_serving import SERVICE, SERVICES


class Slow(Runs):
    """Begins, and leaves it to the test how it ends."""

    def __init__(self) -> None:
        self.begun: list[Operation] = []
        self.changes: list[str] = []

    def rolls_out(self, service: str) -> GoesOn:
        return self.begun.append

    def changed(self, service: str) -> None:
        self.changes.append(service)


def test_an_operation_is_done_when_what_it_began_is(google: Google) -> None:
    google.world.runs = runs = Slow()
    begun = google.made(SERVICES, SERVICE, serviceId="shop")
    assert "done" not in begun
    google.world.clock.pass_time(3600)
    assert "done" not in google.say("GET", f"/run/v2/{begun['name']}").json()
    shown = google.say("GET", f"{SERVICES}/shop").json()
    assert shown["reconciling"] is True
    assert "latestReadyRevision" not in shown
    runs.begun[0].succeed()
    done = google.say("GET", f"/run/v2/{begun['name']}").json()
    assert done["response"]["@type"] == "type.googleapis.com/google.cloud.run.v2.Service"


def test_what_fails_ends_with_the_error_it_ended_with(google: Google) -> None:
    google.world.runs = runs = Slow()
    begun = google.made(SERVICES, SERVICE, serviceId="shop")
    runs.begun[0].fail("Revision 'shop-00001-sim' is not ready and cannot serve traffic.", code=9)
    done = google.say("GET", f"/run/v2/{begun['name']}").json()
    assert done["error"] == {"code": 9, "message": runs.begun[0].error}
    assert "response" not in done


def test_the_same_template_is_the_same_revision(google: Google) -> None:
    google.made(SERVICES, SERVICE, serviceId="shop")
    google.world.runs = runs = Slow()
    changed = {**SERVICE, "scaling": {"minInstanceCount": 1}}
    answer = google.say("PATCH", f"{SERVICES}/shop", changed, updateMask="scaling.minInstanceCount")
    assert answer.json()["done"] is True
    assert (runs.begun, len(runs.changes)) == ([], 1)
    assert len(google.say("GET", f"{SERVICES}/shop/revisions").json()["revisions"]) == 1
