"""However a request fails, it leaves as RFC 9457 problem details that say what to do, and nothing about our insides."""

import re

import pytest
from sqlalchemy.exc import DataError

from aipress.auth.door import Anyone
from aipress.errors import CloudBusy, CloudRefused, NoRoom
from tests import make
from tests.api.world import World, tolerant
from tests.tenants.lasting import together

pytestmark = together

MEMBERS = {"type", "title", "status", "detail", "code", "ref"}
NUL = "%00"


def is_a_problem(answer: object) -> bool:
    body = answer.json()  # type: ignore[attr-defined]
    return (
        answer.headers["content-type"] == "application/problem+json"  # type: ignore[attr-defined]
        and MEMBERS <= body.keys() <= MEMBERS | {"errors"}
        and body["status"] == answer.status_code  # type: ignore[attr-defined]
        and body["type"] == f"urn:aipress:problem:{body['code']}"
        and bool(re.fullmatch(r"[0-9a-f]{8}", body["ref"]))
    )


async def test_what_is_not_there_is_a_problem_wherever_it_is_not(world: World) -> None:
    ada = await world.ada()
    for path in ("/", "/api", "/api/nothing", "/api/tenants/none", "/api/operations/none", "/api/plans/none"):
        answer = await world.client.get(path, headers=ada)
        assert (answer.status_code, is_a_problem(answer)) == (404, True), path


async def test_a_method_that_is_not_allowed_says_which_are(world: World) -> None:
    answer = await world.client.put("/api/tenants")
    assert (answer.status_code, is_a_problem(answer)) == (405, True)
    assert {"GET", "POST"} & set(answer.headers["allow"].split(", "))


async def test_who_shows_nothing_is_asked_for_a_bearer_token(world: World) -> None:
    answer = await world.client.get("/api/me")
    assert (answer.status_code, is_a_problem(answer)) == (401, True)
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_every_wrong_field_is_named_with_what_is_wrong_with_it(world: World) -> None:
    answer = await world.ask("POST", "/tenants", await world.ada(), {"tier": "huge", "nme": "Blog"})
    assert (answer.status_code, is_a_problem(answer)) == (422, True)
    wrong = {one["field"]: one["message"] for one in answer.json()["errors"]}
    assert wrong.keys() == {"name", "tier", "nme"}
    assert "basic" in wrong["tier"]


async def test_what_is_wrong_is_said_in_our_own_words(world: World) -> None:
    answer = await world.ask("POST", "/auth/email-link", await world.ada(), {"email": "not an address"})
    assert answer.json()["errors"] == [{"field": "email", "message": "that is not an e-mail address"}]


@pytest.mark.parametrize("body", [b"{", b"", b"[]", b'"x"', b"null", b"\xff", b'{"name": "\\ud800"}'])
async def test_a_body_that_can_not_be_read_is_a_problem_with_the_body(world: World, body: bytes) -> None:
    answer = await world.client.post(
        "/api/tenants", content=body, headers=await world.ada() | {"Content-Type": "application/json"}
    )
    assert (answer.status_code in (400, 422), is_a_problem(answer)) == (True, True)
    assert {one["field"] for one in answer.json().get("errors", [])} <= {"body", "name"}


async def test_a_character_no_database_can_store_is_refused_and_breaks_nothing(world: World) -> None:
    ada = await world.ada()
    client = tolerant(world)
    for path in ("tenants", "operations", "plans", "threads"):
        answer = await client.get(f"/api/{path}/a{NUL}b", headers=ada)
        assert (answer.status_code in (404, 422), is_a_problem(answer)) == (True, True), path
    thread = (await world.ask("POST", "/threads", ada, {"title": ""})).json()["id"]
    message = {"role": "user", "text": "a\0b"}
    answer = await client.put(f"/api/threads/{thread}/messages/m1", json=message, headers=ada)
    assert answer.status_code in (200, 422)
    assert (await client.post("/api/threads", json={"title": "\0"}, headers=ada)).status_code in (201, 422)


async def test_a_crash_tells_nothing_but_a_reference(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Blog")
    world.cloud.broken["admit database"] = [ZeroDivisionError("password=hunter2")]
    answer = await tolerant(world).post(f"/api/tenants/{site['id']}/login-links", headers=ada)
    assert (answer.status_code, is_a_problem(answer)) == (500, True)
    assert answer.json()["ref"] in answer.json()["detail"]
    for inside in ("hunter2", "ZeroDivision", "Traceback", "aipress/"):
        assert inside not in answer.text


async def test_after_a_crash_nothing_is_changed_and_the_next_request_is_fine(world: World) -> None:
    ada = await world.ada()
    world.cloud.broken["look for room in runtime"] = [ZeroDivisionError("ouch")]
    crashed = await tolerant(world).post("/api/tenants", json={"name": "Blog"}, headers=ada)
    assert crashed.status_code == 500
    assert (await world.ask("GET", "/tenants", ada)).json()["items"] == []
    await world.site(ada, "Blog")


async def test_what_the_cloud_says_is_passed_on_with_its_own_status(world: World) -> None:
    ada = await world.ada()
    for error, status in ((CloudBusy("Later."), 503), (CloudRefused("Never."), 502), (NoRoom("Full."), 507)):
        world.cloud.broken["look for room in runtime"] = [error]
        answer = await world.ask("POST", "/tenants", ada, {"name": "Blog"})
        assert (answer.status_code, answer.json()["detail"]) == (status, str(error))
        assert is_a_problem(answer)


async def test_a_method_that_is_not_there_is_told_which_ones_are(world: World) -> None:
    ada = await world.ada()
    for path, methods in (("/tenants", "GET, POST"), ("/tenants/blog", "DELETE, GET, PATCH")):
        refused = await world.ask("PUT", path, ada)
        assert (refused.status_code, refused.headers["allow"]) == (405, methods)
        assert refused.headers["content-type"] == "application/problem+json"


async def unstorable(_: Anyone) -> None:
    raise DataError("INSERT", {}, Exception("a character password=hunter2"))


async def test_what_the_database_can_not_store_is_the_callers_to_leave_out(world: World) -> None:
    async with make.client_of(make.app(world.settings, world.rows, unstorable)) as client:
        answer = await client.post("/api/unstorable")
    assert (answer.status_code, is_a_problem(answer)) == (422, True)
    assert ("Leave it out" in answer.json()["detail"], "hunter2" in answer.text) == (True, False)
