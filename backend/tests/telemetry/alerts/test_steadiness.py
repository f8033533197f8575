"""No figure makes an alert flap: property tests over whatever figures may do, beside a definition in other words."""

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from aipress.telemetry.alerts.rules import RULES
from aipress.telemetry.alerts.steadiness import Bounds, Turn, Watch, after

BOUNDS = Bounds(bad=90, good=85, opens_after=3, closes_after=5)
anything = st.one_of(st.none(), st.floats(0, 200, allow_nan=False), st.sampled_from((84.9, 85.0, 89.9, 90.0)))
some_bounds = st.builds(
    lambda good, gap, opens, closes: Bounds(good + gap, good, opens, closes),
    st.floats(1, 100),
    st.floats(0, 50),
    st.integers(1, 6),
    st.integers(1, 6),
)


def turns(values: Sequence[float | None], bounds: Bounds = BOUNDS) -> list[tuple[int, Turn]]:
    """At which minute what happened."""
    watch, found = Watch(), []
    for minute, value in enumerate(values):
        watch, turn = after(watch, value, bounds)
        if turn:
            found.append((minute, turn))
    return found


@given(st.lists(st.floats(85, 89.999), max_size=200), st.booleans())
def test_what_hovers_between_the_bounds_changes_nothing_however_long(values: list[float], open: bool) -> None:
    begin = [95.0] * 3 if open else []
    assert turns([*begin, *values]) == ([(2, "opened")] if open else [])


@given(st.lists(st.floats(85, 200), max_size=200))
def test_what_is_never_good_opens_once_at_most(values: list[float]) -> None:
    assert len(turns(values)) <= 1


@given(st.lists(anything, max_size=300), some_bounds)
def test_turns_alternate_and_stand_as_many_minutes_apart_as_the_rule_says(
    values: list[float | None], bounds: Bounds
) -> None:
    found = turns(values, bounds)
    assert [turn for _, turn in found] == [("opened", "closed")[place % 2] for place in range(len(found))]
    for (before, _), (minute, turn) in pairwise(found):
        measured = [one for one in values[before + 1 : minute + 1] if one is not None]
        on_end = bounds.opens_after if turn == "opened" else bounds.closes_after
        assert len(measured) >= on_end
        last = measured[-on_end:]
        assert all(one >= bounds.bad if turn == "opened" else one < bounds.good for one in last)


@given(st.lists(anything, max_size=300), some_bounds)
def test_a_minute_in_which_nothing_was_measured_is_as_if_it_had_not_been(
    values: list[float | None], bounds: Bounds
) -> None:
    measured = [one for one in values if one is not None]
    assert [turn for _, turn in turns(values, bounds)] == [turn for _, turn in turns(measured, bounds)]


@given(st.lists(anything, max_size=120), some_bounds)
def test_it_opens_exactly_when_so_many_bad_minutes_end(values: list[float | None], bounds: Bounds) -> None:
    measured = [one for one in values if one is not None]
    streaks = [
        place
        for place in range(bounds.opens_after - 1, len(measured))
        if all(one >= bounds.bad for one in measured[place - bounds.opens_after + 1 : place + 1])
    ]
    assert [minute for minute, _ in turns(measured, bounds)][:1] == streaks[:1]


def test_every_rule_is_one_that_can_open_and_close() -> None:
    for rule in RULES.values():
        bad = [rule.bounds.bad] * rule.bounds.opens_after
        good = [0.0] * rule.bounds.closes_after
        assert [turn for _, turn in turns([*bad, *good], rule.bounds)] == ["opened", "closed"]
        assert f"{rule.bounds.bad:g}" in rule.sentence(rule.bounds.bad)
