"""Amounts are said as people say them."""

import pytest

from aipress.kit.amounts import said


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0, "count", "0"),
        (1204, "count", "1,204"),
        (1.5, "count", "1.5"),
        (0.034, "count", "0.034"),
        (0.874, "ratio", "87 %"),
        (999, "bytes", "999 B"),
        (1000, "bytes", "1 kB"),
        (12_400_000, "bytes", "12.4 MB"),
        (3_210_000_000_000_000, "bytes", "3,210 TB"),
        (230.4, "ms", "230 ms"),
        (45_000, "ms", "45 s"),
        (4.123, "s", "4.1 s"),
        (0.02, "s", "0.02 s"),
        (131, "s", "131 s"),
        (9000, "s", "2.5 h"),
    ],
)
def test_an_amount_has_a_unit_people_know_and_few_digits(value: float, unit: str, words: str) -> None:
    assert said(value, unit) == words
