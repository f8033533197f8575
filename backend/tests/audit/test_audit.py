"""What people did is noted in the transaction that did it: who, what, to what, and no secret."""

from sqlalchemy import select

from aipress.audit.models import AuditEntry
from aipress.errors import CloudBusy
from aipress.kit import clock
from tests import make
from tests.api.world import World, tolerant
from tests.tenants.lasting import together

pytestmark = together


async def entries(world: World) -> list[AuditEntry]:
    async with world.rows.reading() as session:
        return list(await session.scalars(select(AuditEntry).order_by(AuditEntry.at, AuditEntry.id)))


async def test_the_life_of_a_site_is_noted_from_beginning_to_end(world: World) -> None:
    person = await make.user(world.rows, email="ada@example.com")
    ada, began = make.as_person(world.settings, person), clock.now()
    site = await world.site(ada, "Blog")
    await world.ask("PATCH", "/tenants/blog", ada, {"name": "Journal"})
    await world.ask("POST", "/tenants/blog/login-links", ada)
    gone = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
    await world.ended(ada, gone.json()["id"])
    noted = await entries(world)
    operations = (await world.ask("GET", "/operations", ada)).json()["items"]
    removed, renamed, made = [one["id"] for one in operations]
    assert [(entry.action, entry.detail) for entry in noted] == [
        ("CREATE_SITE", {"name": "Blog", "slug": "blog", "operation": made}),
        ("RENAME_SITE", {"name": "Journal", "was": "Blog", "operation": renamed}),
        ("OPEN_ADMIN", {"name": "Journal"}),
        ("DELETE_SITE", {"name": "Journal", "slug": "blog", "operation": removed}),
    ]
    for entry in noted:
        assert (entry.actor_kind, entry.actor_id, entry.actor_email) == ("user", person.id, "ada@example.com")
        assert entry.subject == site["id"]
        assert began <= entry.at <= clock.now()


async def test_coming_in_and_going_out_is_noted(world: World) -> None:
    token = await make.link(world.rows, "ada@example.com")
    entered = await world.client.post("/api/auth/email-link/redeem", json={"token": token})
    secret = entered.cookies["aipress_session"]
    await world.ask("POST", "/auth/logout", make.as_browser(secret, world.settings))
    came, went = await entries(world)
    assert (came.action, came.detail, came.actor_email) == (
        "SIGN_IN",
        {"by": "email link"},
        "ada@example.com",
    )
    assert (went.action, went.actor_id) == ("SIGN_OUT", came.actor_id)
    assert token not in str(came.detail)


async def test_an_agent_is_noted_as_an_agent_of_its_person(world: World) -> None:
    person = await make.user(world.rows)
    await world.site(world.agent_of(person), "Blog")
    (noted,) = await entries(world)
    assert (noted.actor_kind, noted.actor_id, noted.action) == ("agent", person.id, "CREATE_SITE")


async def test_the_operator_and_an_admin_are_noted_by_their_own_name(world: World) -> None:
    admin = await make.admin(world.rows)
    await world.site(await world.ada(), "Blog")
    by = {"Journal": make.as_operator(world.settings), "Diary": make.as_person(world.settings, admin)}
    for name, headers in by.items():
        await world.ask("PATCH", "/tenants/blog", headers, {"name": name})
    assert [entry.actor_id for entry in await entries(world)][1:] == ["operator", admin.id]


async def test_what_was_refused_or_crashed_was_not_done_and_is_not_noted(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    before = len(await entries(world))
    client = tolerant(world)
    world.cloud.broken["look for room in runtime"] = [CloudBusy("Later."), ZeroDivisionError("ouch")]
    for _ in range(2):
        assert (await client.post("/api/tenants", json={"name": "Shop"}, headers=ada)).status_code >= 500
    refusals = [
        ("PATCH", "/tenants/blog", ada | {"If-Match": '"0"'}, {"name": "Late"}),
        ("DELETE", "/tenants/blog", ada, {"typed_name": "wrong"}),
        ("PATCH", "/tenants/blog", await world.ada(), {"name": "Mine"}),
        ("POST", "/auth/email-link/redeem", {}, {"token": "invented"}),
    ]
    for method, path, headers, body in refusals:
        assert (await world.ask(method, path, headers, body)).status_code >= 400
    assert len(await entries(world)) == before


async def test_a_request_repeated_with_its_key_is_noted_once(world: World) -> None:
    ada = await world.ada() | {"Idempotency-Key": "k"}
    for _ in range(3):
        await world.ask("POST", "/tenants", ada, {"name": "Blog"})
    assert [entry.action for entry in await entries(world)] == ["CREATE_SITE"]
