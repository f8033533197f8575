"""Suggestions over the wire: the person's own things, as they are at that moment."""

from typing import Any

from tests import make
from tests.chat.wire.conftest import Office
from tests.waiting import until


async def suggested(office: Office) -> list[dict[str, Any]]:
    async with office.client() as client:
        answer = await client.get("/chat/suggestions")
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_they_follow_what_happens(office: Office) -> None:
    assert (await suggested(office))[0]["text"] == "Create a site for my bakery"
    await office.say("create Sunrise Bakery", "q1")

    async def can_be_opened() -> bool:
        return (await suggested(office))[0]["label"] == "Open WP Admin of Sunrise Bakery"

    await until(can_be_opened)
    heard = await office.say("delete sunrise-bakery", "q2")
    await office.settled(heard.conversation)
    first = (await suggested(office))[0]
    assert first["label"] == "Waits for you: Delete “Sunrise Bakery”"
    assert first["conversation_id"] == heard.conversation
    plan = heard.of("data-plan")[0]["data"]
    assert isinstance(plan, dict)
    async with make.client_of(office.control) as client:
        headers = make.as_person(office.settings, office.person)
        await client.delete(f"/api/plans/{plan['plan_id']}", headers=headers)
    assert all(one["conversation_id"] is None for one in await suggested(office))


async def test_nobody_elses_site_is_in_them_not_even_for_an_admin(office: Office) -> None:
    await office.say("create Sunrise Bakery", "q1")
    rows = office.control.state.rows
    for other in (await make.user(rows), await make.admin(rows)):
        async with office.client(other) as client:
            answer = await client.get("/chat/suggestions")
        assert answer.json()["items"][0]["text"] == "Create a site for my bakery"
        assert "unrise" not in answer.text


async def test_their_address_is_no_conversations(office: Office) -> None:
    async with office.client() as client:
        for method in ("PATCH", "DELETE", "POST"):
            answer = await client.request(method, "/chat/suggestions", json={"title": "Mine"})
            assert (answer.status_code, answer.headers["allow"]) == (405, "GET"), method
