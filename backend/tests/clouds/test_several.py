"""A platform's clouds: one for new sites, others that sites may be on."""

from collections.abc import Iterator

import pytest

from aipress import clouds
from aipress.clouds.base import EnvironmentSpec
from aipress.errors import CloudRefused
from tests.fakes.cloud import FakeCloud


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    before = clouds.every()
    yield
    if before:
        clouds.use(*before)


def test_new_sites_are_made_on_the_first_and_others_are_found_by_name() -> None:
    here, there = FakeCloud().as_cloud("here"), FakeCloud().as_cloud("there")
    clouds.use(here, there)
    assert clouds.current() is here
    assert clouds.named("there") is there
    assert clouds.every() == (here, there)


def test_an_environment_is_on_the_cloud_it_names() -> None:
    here, there = FakeCloud().as_cloud("here"), FakeCloud().as_cloud("there")
    clouds.use(here, there)
    assert clouds.of(EnvironmentSpec("0" * 12, 1, "ten_1", "bakery", cloud="there")) is there
    assert clouds.of(EnvironmentSpec("0" * 12, 1, "ten_1", "bakery")) is here, "noted before clouds had names"


def test_a_cloud_the_platform_has_not_is_refused_by_name() -> None:
    clouds.use(FakeCloud().as_cloud("here"))
    with pytest.raises(CloudRefused, match="no cloud “elsewhere”"):
        clouds.named("elsewhere")
