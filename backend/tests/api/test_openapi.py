"""The API's own description: what clients are made from is what the app does."""

import json

import pytest

from checks.api import KEPT, description, differences
from tests.api.world import Json


@pytest.fixture
def described() -> Json:
    described: Json = json.loads(description())
    return described


def operations(described: Json) -> list[Json]:
    return [operation for path in described["paths"].values() for operation in path.values()]


def test_the_front_end_is_made_from_what_the_app_does(described: Json) -> None:
    kept = KEPT.read_text()
    assert list(differences(kept, json.dumps(described))) == []
    described["paths"].pop("/api/me")
    (said,) = differences(kept, json.dumps(described))
    assert "bin/api" in said


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does(described: Json) -> None:
    names = [operation["operationId"] for operation in operations(described)]
    assert len(names) == len(set(names))
    assert [operation for operation in operations(described) if not operation.get("description")] == []


def test_every_operation_says_how_it_fails(described: Json) -> None:
    for operation in operations(described):
        assert {"4XX", "5XX"} <= operation["responses"].keys()


def test_every_post_takes_an_idempotency_key(described: Json) -> None:
    for path, methods in described["paths"].items():
        if "post" in methods:
            names = [one["name"] for one in methods["post"].get("parameters", [])]
            assert (path, "Idempotency-Key" in names) == (path, True)


def test_a_problem_is_described_as_one_and_every_door_says_what_to_show(described: Json) -> None:
    for operation in operations(described):
        for status in ("4XX", "5XX"):
            assert operation["responses"][status]["content"].keys() == {"application/problem+json"}
    guarded = {one["operationId"] for one in operations(described) if "security" in one}
    assert {"read_me", "list_users", "make_token"} <= guarded
    assert guarded.isdisjoint({"live", "ready", "send_email_link", "redeem_email_link", "show_public_keys"})
    assert described["components"]["securitySchemes"].keys() == {"token", "session"}
