"""How many instances there are, which one goes and which revision answers: the decisions alone."""

import threading
import time
from collections import Counter
from typing import cast

import pytest

from gcpsim.machines.fleet import Fleet, NoInstance
from gcpsim.machines.instances import Instance
from gcpsim.machines.revisions import CannotStart, amount
from gcpsim.machines.scaling import Limits, to_end, wanted
from gcpsim.machines.traffic import chosen, limits_of, shares


@pytest.mark.parametrize(
    ("requests", "limits", "instances"),
    [
        (0, Limits(8, 0, 4), 0),
        (1, Limits(8, 0, 4), 1),
        (8, Limits(8, 0, 4), 1),
        (9, Limits(8, 0, 4), 2),
        (900, Limits(8, 0, 4), 4),
        (0, Limits(8, 2, 4), 2),
        (3, Limits(1, 0, 4), 3),
    ],
)
def test_instances_come_by_what_is_asked_at_once(requests: int, limits: Limits, instances: int) -> None:
    assert wanted(requests, limits) == instances


def test_those_idle_longest_go_first_and_never_below_the_least() -> None:
    limits = Limits(8, 1, 4, idle_seconds=60)
    assert to_end([10.0, None, 61.0, 100.0], limits) == [3, 2]
    assert to_end([100.0, 90.0], limits) == [0]
    assert to_end([100.0], limits) == []
    assert to_end([59.0], Limits(8, 0, 4)) == []


def test_traffic_is_shared_by_per_cent() -> None:
    service = {
        "latestReadyRevision": "projects/p/locations/l/services/s/revisions/s-2",
        "traffic": [
            {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_LATEST", "percent": 25},
            {"type": "TRAFFIC_TARGET_ALLOCATION_TYPE_REVISION", "revision": "s-1", "percent": 75},
            {"revision": "s-1", "tag": "old"},
        ],
    }
    assert shares(service) == [("s-2", 25), ("s-1", 75)]
    assert Counter(chosen(shares(service), draw / 100) for draw in range(100)) == {"s-2": 25, "s-1": 75}
    assert shares({"traffic": [{"percent": 100}]}) == []


def test_a_revision_has_its_share_of_the_least_and_the_smaller_most() -> None:
    service = {"scaling": {"minInstanceCount": 3, "maxInstanceCount": 5}}
    revision = {"maxInstanceRequestConcurrency": 8, "scaling": {"maxInstanceCount": 10}}
    assert limits_of(service, revision, 100, 60) == Limits(8, 3, 5, 60)
    assert limits_of(service, revision, 50, 60).least == 2
    assert limits_of({}, {}, 100, 60) == Limits(80, 0, 100, 60)


@pytest.mark.parametrize(
    ("told", "value"), [("512Mi", 2**29), ("1Gi", 2**30), ("1G", 1e9), ("1500m", 1.5), ("2", 2)]
)
def test_amounts_are_kubernetes(told: str, value: float) -> None:
    assert amount(told) == value


class Thing:
    """Stands for an instance in what needs none."""

    def __init__(self) -> None:
        self.busy, self.since, self.lives = 0, 0.0, True

    def takes_one(self) -> None:
        self.busy += 1

    def gives_one(self) -> None:
        self.busy -= 1

    def tell_to_end(self) -> None:
        self.lives = False


def fleet(limits: Limits, *, fails: bool = False) -> tuple[Fleet, list[Instance]]:
    ended: list[Instance] = []

    def begin() -> Instance:
        if fails:
            raise CannotStart("It does not start.")
        return cast(Instance, Thing())

    return Fleet(begin, ended.append, lambda: 0.0, limits), ended


def test_a_crowd_is_shared_out_and_who_finds_no_room_waits_for_it() -> None:
    made, ended = fleet(Limits(2, 0, 2))
    taken = [made.take() for _ in range(4)]
    assert sorted(Counter(id(one) for one in taken).values()) == [2, 2]
    got: list[Instance] = []
    waiting = threading.Thread(target=lambda: got.append(made.take()))
    waiting.start()
    while not made.waiting:
        time.sleep(0.001)
    assert len(made.instances) == 2
    made.give(taken[0])
    waiting.join(10)
    assert got == [taken[0]]
    made.end()
    assert len(ended) == 2


def test_who_asks_for_what_does_not_start_is_told_so() -> None:
    made, _ = fleet(Limits(2, 0, 2), fails=True)
    with pytest.raises(NoInstance, match="could not start") as refused:
        made.take()
    assert refused.value.status == 503
    with pytest.raises(CannotStart):
        made.first()


def test_a_retired_revision_ends_whoever_has_no_request() -> None:
    made, ended = fleet(Limits(2, 1, 2, idle_seconds=60))
    busy = made.take()
    made.settle()
    assert len(made.instances) == 1
    made.retired = True
    made.settle()
    assert made.instances == [busy]
    made.give(busy)
    made.settle()
    assert made.instances == []
    made.end()
    assert ended == [busy]
