"""Sites over HTTP: made, shown, renamed, opened and removed, by their owner and nobody else."""

import asyncio
from collections import Counter

from sqlalchemy import select

from aipress.operations.models import Operation
from aipress.tenants.models import Tenant
from tests import make
from tests.api.world import World, tolerant
from tests.tenants.lasting import together
from tests.users.looking import count

pytestmark = together


async def test_a_site_is_asked_for_watched_and_shown(world: World) -> None:
    ada = await world.ada(email="ada@example.com")
    asked = await world.ask("POST", "/tenants", ada, {"name": "Sunrise Bakery"})
    assert (asked.status_code, asked.json()["state"]) == (202, "queued")
    operation = await world.ended(ada, asked.json()["id"])
    assert operation["result"]["url"] == "http://sunrise-bakery.fake.test"
    site = (await world.ask("GET", "/tenants/sunrise-bakery", ada)).json()
    assert site == (await world.ask("GET", f"/tenants/{site['id']}", ada)).json()
    assert site["owner"]["email"] == "ada@example.com"
    assert (site["state"], site["tier"], site["cloud"]) == ("live", "basic", "local")
    assert site["url"] == "http://sunrise-bakery.fake.test"
    assert [(one["kind"], one["state"]) for one in site["environments"]] == [("live", "live")]
    assert (await world.ask("GET", "/tenants", ada)).json()["items"] == [site]
    assert (await world.ask("GET", "/me", ada)).json()["tenants"][0]["slug"] == "sunrise-bakery"


async def test_only_what_was_read_last_is_renamed(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    tag = (await world.ask("GET", "/tenants/blog", ada)).headers["etag"]
    first = await world.ask("PATCH", "/tenants/blog", ada | {"If-Match": tag}, {"name": "One"})
    late = await world.ask("PATCH", "/tenants/blog", ada | {"If-Match": tag}, {"name": "Two"})
    assert (first.status_code, late.status_code, late.json()["code"]) == (200, 412, "outdated")
    read = await world.ask("GET", "/tenants/blog", ada)
    assert (read.json()["name"], read.json()["slug"], read.headers["etag"] != tag) == ("One", "blog", True)
    for condition in ({"If-Match": read.headers["etag"]}, {"If-Match": "*"}, {}):
        renamed = await world.ask("PATCH", "/tenants/blog", ada | condition, {"name": "Three"})
        assert renamed.status_code == 200


async def test_of_ten_renamings_of_the_same_version_at_once_one_is_done(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    tag = {"If-Match": (await world.ask("GET", "/tenants/blog", ada)).headers["etag"]}
    client = tolerant(world)
    answers = await asyncio.gather(
        *(client.patch("/api/tenants/blog", json={"name": f"N{n}"}, headers=ada | tag) for n in range(10))
    )
    assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 9}


async def test_renamings_that_meet_without_a_version_lose_or_win_and_never_crash(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    client = tolerant(world)
    answers = await asyncio.gather(
        *(client.patch("/api/tenants/blog", json={"name": f"N{n}"}, headers=ada) for n in range(10))
    )
    assert {answer.status_code for answer in answers} <= {200, 409}
    won = {answer.json()["name"] for answer in answers if answer.status_code == 200}
    assert (await world.ask("GET", "/tenants/blog", ada)).json()["name"] in won


async def test_a_name_nobody_could_mean_is_no_name_to_rename_to(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    for name in ("", "  ", "x" * 81, "a\0b", "<b>"):
        refused = await world.ask("PATCH", "/tenants/blog", ada, {"name": name})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "name")
    assert (await world.ask("GET", "/tenants/blog", ada)).json()["name"] == "Blog"


async def test_another_persons_site_is_not_there_whatever_is_asked_of_it(world: World) -> None:
    ada, bob = await world.ada(), await world.ada()
    site = await world.site(ada, "Blog")
    for name in (site["id"], "blog"):
        for method, path, body in (
            ("GET", "", None),
            ("PATCH", "", {"name": "Mine"}),
            ("DELETE", "", {"typed_name": "blog"}),
            ("POST", "/login-links", None),
        ):
            answer = await world.ask(method, f"/tenants/{name}{path}", bob, body)
            assert (answer.status_code, answer.json()["detail"]) == (404, f"There is no site “{name}”.")
    assert (await world.ask("GET", "/tenants", bob)).json()["items"] == []
    assert (await world.ask("GET", f"/operations?tenant={site['id']}", bob)).json()["items"] == []


async def test_a_site_is_removed_by_typing_its_name_and_is_gone(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Blog")
    for typed in ("", "Blog", "blog "):
        refused = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": typed})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "typed_name")
    asked = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
    assert (asked.status_code, asked.json()["kind"]) == (202, "remove")
    operation = await world.ended(ada, asked.json()["id"])
    assert (operation["state"], operation["tenant"]["name"]) == ("succeeded", "Blog")
    assert (await world.ask("GET", f"/tenants/{site['id']}", ada)).status_code == 404
    assert world.cloud.is_empty()


async def test_of_ten_removals_at_once_one_is_begun(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Blog")
    client = tolerant(world)
    answers = await asyncio.gather(
        *(
            client.request("DELETE", "/api/tenants/blog", json={"typed_name": "blog"}, headers=ada)
            for _ in range(10)
        )
    )
    assert Counter(answer.status_code for answer in answers)[202] == 1
    assert {answer.status_code for answer in answers} <= {202, 404, 409}
    async with world.rows.reading() as session:
        removals = (await session.scalars(select(Operation.id).where(Operation.kind == "remove"))).all()
    assert len(removals) == 1


async def test_a_login_link_is_for_whoever_asked_and_is_kept_nowhere(world: World) -> None:
    ada = await world.ada(email="ada@example.com", name="Ada")
    await world.site(ada, "Blog")
    made = await world.ask("POST", "/tenants/blog/login-links", ada)
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store")
    assert made.json()["url"].startswith("http://blog.fake.test/wp-login.php?aipress_login=")
    (ticket,) = world.cloud.databases.tickets
    assert (ticket.email, ticket.name) == ("ada@example.com", "Ada")
    assert ticket.token_hash not in made.json()["url"]


async def test_an_agent_makes_free_sites_and_no_others(world: World) -> None:
    agent = world.agent_of(await make.user(world.rows))
    paid = await world.ask("POST", "/tenants", agent, {"name": "Shop", "tier": "performance"})
    assert (paid.status_code, "plan" in paid.json()["detail"]) == (403, True)
    assert (await world.site(agent, "Blog"))["tier"] == "basic"


async def test_a_quota_holds_also_when_everything_is_asked_for_at_once(world: World) -> None:
    world.app.state.settings = world.settings.model_copy(update={"site_quota": 2})
    ada = await world.ada()
    answers = await asyncio.gather(
        *(world.ask("POST", "/tenants", ada, {"name": f"Blog {n}"}) for n in range(8))
    )
    assert Counter(answer.status_code for answer in answers) == {202: 2, 403: 6}
    assert await count(world.rows, Tenant) == 2


async def test_the_same_name_asked_for_by_many_at_once_is_one_site_each(world: World) -> None:
    people = [await world.ada() for _ in range(6)]
    client = tolerant(world)
    answers = await asyncio.gather(
        *(client.post("/api/tenants", json={"name": "Blog"}, headers=one) for one in people)
    )
    assert {answer.status_code for answer in answers} <= {202, 409}
    slugs = [answer.json()["tenant"]["slug"] for answer in answers if answer.status_code == 202]
    assert "blog" in slugs
    assert len(set(slugs)) == len(slugs)


async def test_the_sizes_are_listed_with_their_prices(world: World) -> None:
    tiers = (await world.ask("GET", "/tiers", await world.ada())).json()["items"]
    prices = {tier["id"]: tier["monthly"]["amount"] for tier in tiers}
    assert prices == {"basic": "0.0000", "standard": "9.0000", "performance": "29.0000"}


async def test_the_audit_log_names_the_operation_of_each_deed(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Blog")
    await world.ask("PATCH", "/tenants/blog", ada, {"name": "Journal"})
    removal = await world.ask("DELETE", "/tenants/blog", ada, {"typed_name": "blog"})
    await world.ended(ada, removal.json()["id"])
    entries = (await world.ask("GET", f"/audit?subject={site['id']}", ada)).json()["items"]
    kinds = {}
    for entry in entries:
        named = (await world.ask("GET", f"/operations/{entry['detail']['operation']}", ada)).json()
        kinds[entry["action"]] = (named["kind"], named["tenant"]["id"])
    assert kinds == {
        "CREATE_SITE": ("provision", site["id"]),
        "RENAME_SITE": ("rename", site["id"]),
        "DELETE_SITE": ("remove", site["id"]),
    }
