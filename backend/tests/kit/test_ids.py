"""Identifiers, the clock and cursors."""

import re
from datetime import timedelta

import pytest

from aipress.errors import Invalid
from aipress.kit import clock, ids
from aipress.kit.paging import Slice


def test_an_id_says_what_it_is_of_and_sorts_by_the_time_it_was_made() -> None:
    made = []
    for _ in range(5):
        made.append(ids.new("ten"))
        began = clock.now()
        while clock.now() - began < timedelta(milliseconds=2):
            pass
    assert made == sorted(made)
    assert all(re.fullmatch(r"ten_[0-9a-hjkmnp-tv-z]{26}", one) for one in made)


def test_numbers_grow_as_they_were_made_within_a_millisecond_and_when_the_clock_goes_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seconds = iter([2_000_000_000.0] * 1_000 + [1_999_999_999.0] * 1_000)
    monkeypatch.setattr("aipress.kit.ids.time.time", lambda: next(seconds))
    numbers = ids.Numbers()
    made = [numbers.fresh() for _ in range(2_000)]
    assert made == sorted(set(made))


def test_ids_of_the_same_moment_differ() -> None:
    assert len({ids.new("op") for _ in range(10_000)}) == 10_000
    assert len({ids.short() for _ in range(1_000)}) == 1_000


def test_an_id_holds_its_millisecond() -> None:
    before = int(clock.now().timestamp() * 1000)
    letters = ids.new("op").removeprefix("op_")
    after = int(clock.now().timestamp() * 1000)
    number = 0
    for letter in letters:
        number = number << 5 | ids.ALPHABET.index(letter)
    assert before <= number >> 80 <= after


def test_a_short_id_is_twelve_hexadecimal_characters() -> None:
    assert re.fullmatch(r"[0-9a-f]{12}", ids.short())


@pytest.mark.parametrize("text", ["", "ten_", "ten", ids.short(), "ten_" + "u" * 26, ids.new("ten") + "\n"])
def test_what_is_no_id_does_not_look_like_one(text: str) -> None:
    assert not ids.looks_like_one(text)
    assert ids.looks_like_one(ids.new("ten"))


def test_the_time_has_a_zone_and_it_is_utc() -> None:
    assert clock.now().utcoffset() == timedelta(0)
    assert timedelta(seconds=59) < clock.in_seconds(60) - clock.now() <= timedelta(seconds=60)
    assert clock.in_seconds(-1) < clock.now()


def test_a_slice_begins_after_an_id_or_at_the_beginning() -> None:
    assert Slice(9, ids.new("op")).limit == 9
    assert (Slice().limit, Slice().cursor) == (50, None)
    with pytest.raises(Invalid) as refused:
        Slice(9, "nonsense")
    assert refused.value.fields.keys() == {"cursor"}
