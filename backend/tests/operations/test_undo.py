"""Receipts and undo: what was done can be taken back once, while nothing else came between, by whoever may."""

import asyncio
from collections import Counter
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest
from fastapi import Request
from sqlalchemy import func, select

from aipress.auth.door import Doorkeeper
from aipress.auth.principal import Principal, Voucher
from aipress.errors import NotSignedIn
from aipress.kit import clock
from aipress.kit.db import Session
from aipress.operations import service
from aipress.operations.models import Operation
from tests import make
from tests.api.world import Json, World, tolerant
from tests.make import Headers
from tests.tenants.held import held
from tests.tenants.lasting import together
from tests.users.looking import audited

pytestmark = together


async def renamed(world: World, headers: Headers, name: str, site: str = "blog") -> Json:
    """The receipt of a renaming."""
    answer = await world.ask("PATCH", f"/tenants/{site}", headers, {"name": name})
    assert answer.status_code == 200, answer.text
    receipt = await world.ask("GET", f"/operations/{answer.headers['aipress-operation']}", headers)
    found: Json = receipt.json()
    return found


async def undo(world: World, headers: Headers, operation: Json) -> tuple[int, Json]:
    answer = await tolerant(world).post(f"/api/operations/{operation['id']}/undo", headers=headers)
    return answer.status_code, answer.json()


async def name_of(world: World, headers: Headers) -> str:
    return str((await world.ask("GET", "/tenants/blog", headers)).json()["name"])


async def creation_of(world: World, headers: Headers) -> Json:
    found: Json = (await world.ask("GET", "/operations?kind=provision", headers)).json()["items"][0]
    return found


async def aged(world: World, operation: Json, by: timedelta) -> None:
    """As if the operation had ended that much earlier."""
    async with world.rows.transaction() as session:
        stored = await session.get_one(Operation, operation["id"])
        stored.ended_at = clock.now() - by


async def how_many(world: World, kind: str) -> int:
    async with world.rows.reading() as session:
        return await session.scalar(select(func.count(Operation.id)).where(Operation.kind == kind)) or 0


async def test_a_renaming_leaves_a_receipt_that_says_who_and_how_to_undo_it(world: World) -> None:
    ada = await world.ada(email="ada@example.com")
    await world.site(ada, "Blog")
    receipt = await renamed(world, ada, "Notes")
    assert (receipt["kind"], receipt["state"], receipt["steps"]) == ("rename", "succeeded", [])
    told = {name: value for name, value in receipt["result"].items() if value is not None}
    assert told == {"name": "Notes", "was": "Blog"}
    assert (receipt["actor"]["kind"], receipt["actor"]["email"]) == ("user", "ada@example.com")
    assert (receipt["undo"]["label"], receipt["undone_by"]) == ("Call it “Blog” again", None)


async def test_what_changes_nothing_has_no_receipt(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    answer = await world.ask("PATCH", "/tenants/blog", ada, {"name": " Blog "})
    assert (answer.status_code, answer.headers.get("aipress-operation")) == (200, None)
    assert await how_many(world, "rename") == 0


async def test_undoing_renames_back_and_is_an_operation_that_can_be_undone(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    receipt = await renamed(world, ada, "Notes")
    status, undoing = await undo(world, ada, receipt)
    assert (status, undoing["kind"], undoing["result"]["name"]) == (202, "rename", "Blog")
    assert await name_of(world, ada) == "Blog"
    first = (await world.ask("GET", f"/operations/{receipt['id']}", ada)).json()
    assert (first["undone_by"], first["undo"]) == (undoing["id"], None)
    assert undoing["undo"]["label"] == "Call it “Notes” again"
    assert (await undo(world, ada, undoing))[0] == 202
    assert await name_of(world, ada) == "Notes"


async def test_undone_twice_is_undone_once_and_answered_the_same(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    receipt = await renamed(world, ada, "Notes")
    _, first = await undo(world, ada, receipt)
    status, second = await undo(world, ada, receipt)
    assert (status, second["id"]) == (202, first["id"])
    assert await how_many(world, "rename") == 2
    assert [action for _, action, _ in await audited(world.rows)].count("UNDO") == 1


async def test_of_a_hundred_undoings_at_once_one_is_done(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    receipt = await renamed(world, ada, "Notes")
    answers = await asyncio.gather(*(undo(world, ada, receipt) for _ in range(100)))
    assert {status for status, _ in answers} == {202}
    assert len({answer["id"] for _, answer in answers}) == 1
    assert (await how_many(world, "rename"), await name_of(world, ada)) == (2, "Blog")


async def test_of_a_hundred_undoings_of_a_creation_at_once_one_removes_the_site(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    made = await creation_of(world, ada)
    answers = await asyncio.gather(*(undo(world, ada, made) for _ in range(100)))
    assert Counter(status for status, _ in answers).keys() <= {202, 409}
    removals = {answer["id"] for status, answer in answers if status == 202}
    assert (len(removals), await how_many(world, "remove")) == (1, 1)
    await world.ended(ada, removals.pop())
    assert world.cloud.is_empty()


async def test_a_renaming_and_an_undoing_that_meet_are_never_both_the_last_word(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    receipt = await renamed(world, ada, "Notes")
    client = tolerant(world)
    (undone, _), other = await asyncio.gather(
        undo(world, ada, receipt), client.patch("/api/tenants/blog", json={"name": "Diary"}, headers=ada)
    )
    assert {undone, other.status_code} <= {202, 200, 409}
    expected = {(202, 200): "Diary", (202, 409): "Blog", (409, 200): "Diary"}
    assert await name_of(world, ada) == expected[undone, other.status_code]


async def test_what_was_renamed_again_since_is_left_alone(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    first = await renamed(world, ada, "Notes")
    await renamed(world, ada, "Diary")
    status, said = await undo(world, ada, first)
    assert (status, "renamed again" in said["detail"], "Diary" in said["detail"]) == (409, True, True)
    await renamed(world, ada, "Notes")
    assert (await undo(world, ada, first))[0] == 409
    assert (await world.ask("GET", f"/operations/{first['id']}", ada)).json()["undo"] is None
    assert await name_of(world, ada) == "Notes"


async def test_what_is_being_removed_is_not_renamed_back_nor_renamed(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    receipt = await renamed(world, ada, "Notes")
    with held(world.cloud.caches, "remove") as hold:
        asked = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
        await hold.asked.wait()
        status, said = await undo(world, ada, receipt)
        assert (status, "removed" in said["detail"]) == (409, True)
        assert (await world.ask("PATCH", "/tenants/blog", ada, {"name": "Diary"})).status_code == 409
        hold.go.set()
    removal = await world.ended(ada, asked.json()["id"])
    assert (await undo(world, ada, receipt))[0] == 409
    status, said = await undo(world, ada, removal)
    assert (status, "no way back" in said["detail"], removal["undo"]) == (409, True, None)


@pytest.mark.parametrize("minutes", [14, 16])
async def test_a_creation_is_undone_within_a_quarter_of_an_hour(world: World, minutes: int) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    made = await creation_of(world, ada)
    assert made["undo"]["label"] == "Remove “Blog” with everything in it"
    await aged(world, made, timedelta(minutes=minutes))
    offered = (await creation_of(world, ada))["undo"]
    status, said = await undo(world, ada, made)
    if minutes > 15:
        assert (status, offered, "too late" in said["detail"]) == (409, None, True)
        return
    assert (status, said["kind"]) == (202, "remove")
    assert (await world.ended(ada, said["id"]))["state"] == "succeeded"
    assert (await world.ask("GET", "/tenants/blog", ada)).status_code == 404


async def test_a_renaming_is_undone_within_an_hour(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    receipt = await renamed(world, ada, "Notes")
    await aged(world, receipt, timedelta(minutes=61))
    assert (await undo(world, ada, receipt))[0] == 409
    await aged(world, receipt, timedelta(minutes=59))
    assert (await undo(world, ada, receipt))[0] == 202


async def test_an_agent_renames_and_undoes_that_but_a_creation_only_its_person_undoes(world: World) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    await world.site(agent, "Blog")
    made = await creation_of(world, agent)
    assert (made["actor"]["kind"], made["actor"]["id"], made["undo"]) == ("agent", person.id, None)
    status, said = await undo(world, agent, made)
    assert (status, "plan" in said["detail"]) == (403, True)
    receipt = await renamed(world, agent, "Notes")
    assert (await undo(world, agent, receipt))[0] == 202
    assert (await undo(world, ada, made))[0] == 202


async def test_a_stranger_sees_and_undoes_nothing_and_an_admin_may(world: World) -> None:
    ada, bob, grace = await world.ada(), await world.ada(), await world.grace()
    await world.site(ada, "Blog")
    receipt = await renamed(world, ada, "Notes")
    assert (await undo(world, bob, receipt))[0] == 404
    assert (await undo(world, {}, receipt))[0] == 401
    assert (await undo(world, grace, receipt))[0] == 202


@dataclass(frozen=True)
class Unsure:
    """A doorkeeper that admits as before, and vouches for nobody."""

    before: Doorkeeper

    async def admit(self, request: Request, session: Session) -> Principal:
        return await self.before.admit(request, session)

    async def vouch(self, caller: Principal) -> None:
        raise NotSignedIn(f"{caller.name} is signed out elsewhere.")


async def test_a_person_nobody_vouches_for_undoes_nothing_and_their_agent_no_more_than_before(
    world: World,
) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    await world.site(ada, "Blog")
    made, receipt = await creation_of(world, ada), await renamed(world, ada, "Notes")
    state = world.app.state
    before, state.doorkeeper = state.doorkeeper, Unsure(state.doorkeeper)
    try:
        assert [(await undo(world, ada, one))[0] for one in (made, receipt)] == [401, 401]
        assert (await undo(world, agent, made))[0] == 403
        assert (await undo(world, agent, receipt))[0] == 202
    finally:
        state.doorkeeper = before


async def test_a_token_of_an_old_sign_in_undoes_a_renaming_but_removes_no_site(world: World) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    await world.site(ada, "Blog")
    made, receipt = await creation_of(world, ada), await renamed(world, ada, "Notes")
    stale = replace(
        person.principal(), voucher=Voucher("uid", by_token=True), signed_in_at=clock.in_seconds(-301)
    )
    async with world.rows.transaction() as session:
        with pytest.raises(NotSignedIn):
            await service.undone(session, stale, await session.get_one(Operation, made["id"]))
        assert await service.undone(session, stale, await session.get_one(Operation, receipt["id"]))


async def test_what_failed_or_is_under_way_is_not_undone(world: World) -> None:
    ada = await world.ada()
    with held(world.cloud.caches, "ensure") as hold:
        asked = (await world.ask("POST", "/tenants", ada, {"name": "Blog"})).json()
        await hold.asked.wait()
        status, said = await undo(world, ada, asked)
        assert (status, "under way" in said["detail"]) == (409, True)
        hold.go.set()
    await world.ended(ada, asked["id"])
    async with world.rows.transaction() as session:
        (await session.get_one(Operation, asked["id"])).state = "failed"
    assert (await undo(world, ada, asked))[0] == 409


async def test_operations_are_sought_by_site_state_kind_and_person(world: World) -> None:
    person = await make.user(world.rows)
    ada, grace = make.as_person(world.settings, person), await world.grace()
    site = await world.site(ada, "Blog")
    await renamed(world, grace, "Notes")
    for sought, kinds in {
        "tenant=blog": ["rename", "provision"],
        f"tenant={site['id']}&kind=rename": ["rename"],
        f"actor={person.id}": ["provision"],
        "state=succeeded&limit=1": ["rename"],
        "state=failed": [],
        "tenant=shop": [],
    }.items():
        found = (await world.ask("GET", f"/operations?{sought}", ada)).json()["items"]
        assert (sought, [one["kind"] for one in found]) == (sought, kinds)
    for nonsense in ("kind=explode", "state=maybe", "limit=0"):
        assert (await world.ask("GET", f"/operations?{nonsense}", ada)).status_code == 422
