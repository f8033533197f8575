"""Every request as it was reviewed, and as Google's own discovery documents want it."""

import json
from dataclasses import replace

import pytest

from tests.clouds.gcp import rig

GOLDEN = rig.golden()


@pytest.mark.parametrize("name", list(GOLDEN))
def test_what_is_asked_for_is_what_was_reviewed(name: str) -> None:
    told = json.loads((rig.GOLDEN / f"{name}.json").read_text())
    assert json.loads(json.dumps(rig.shown(GOLDEN[name]))) == told


def test_no_golden_file_is_of_nothing() -> None:
    assert {path.stem for path in rig.GOLDEN.iterdir()} == set(GOLDEN)


@pytest.mark.parametrize("name", list(GOLDEN))
def test_googles_own_document_has_nothing_against_it(name: str) -> None:
    assert rig.faults(GOLDEN[name]) == []


@pytest.mark.parametrize("name", list(GOLDEN))
def test_googles_own_document_would_notice_a_field_nobody_knows(name: str) -> None:
    good = GOLDEN[name]
    assert rig.faults(replace(good, body={**good.body, "labls": {"a": "b"}}))


@pytest.mark.parametrize(
    "spoilt",
    [
        {"ingress": "INGRESS_TRAFFIC_SOME"},
        {"uid": "only Google writes it"},
        {"scaling": {"minInstanceCount": "a few"}},
        {"template": {"containers": [{"image": "i", "resources": {"cpu_idel": True}}]}},
    ],
)
def test_what_is_spoilt_is_found(spoilt: dict[str, object]) -> None:
    good = GOLDEN["service"]
    assert rig.faults(replace(good, body={**good.body, **spoilt}))
