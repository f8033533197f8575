"""How long a step usually takes, from how long it took."""

import pytest

from aipress.operations import steps


@pytest.mark.parametrize(
    ("values", "share", "found"),
    [
        ([1.0], 0.5, 1.0),
        ([1.0], 0.9, 1.0),
        ([3.0, 1.0, 2.0], 0.5, 2.0),
        ([1.0, 2.0, 3.0, 4.0], 0.9, 4.0),
        (list(map(float, range(100))), 0.9, 90.0),
        (list(map(float, range(100))), 1.0, 99.0),
    ],
)
def test_a_quantile_is_one_of_the_values(values: list[float], share: float, found: float) -> None:
    assert steps.quantile(values, share) == found
