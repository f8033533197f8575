"""What people can do with a site's secrets, over HTTP: and that a value which went in is said by nobody again."""

import asyncio
from typing import Any

import pytest
from sqlalchemy import text

from aipress.errors import CloudBusy
from aipress.kit.db import Row
from aipress.secrets import delivery, service
from tests import make
from tests.api.world import Json, World
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together

CANARY = "sk_live_canary_4c1d9e"


async def owner_of(world: World, name: str = "Bakery") -> tuple[Headers, Json]:
    """A person and their live site."""
    ada = await world.ada()
    return ada, await world.site(ada, name)


async def put(world: World, who: Headers, name: str, value: Any, site: str = "bakery") -> Any:
    return await world.ask("PUT", f"/tenants/{site}/secrets/{name}", who, {"value": value})


def variables(world: World, site: Json) -> dict[str, str]:
    """What the site's WordPress has."""
    return world.cloud.runtime.variables.get(site["environments"][0]["id"], {})


async def test_a_secret_is_set_replaced_and_taken_away_and_the_site_has_what_was_said_last(
    world: World,
) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    site = await world.site(ada, "Bakery")
    first = await put(world, ada, "STRIPE_KEY", CANARY)
    assert first.status_code == 201
    told = first.json()
    assert (told["name"], told["last_four"], told["version"]) == ("STRIPE_KEY", CANARY[-4:], 1)
    assert told["set_by"] == {"id": person.id, "email": person.email}
    assert variables(world, site) == {"STRIPE_KEY": CANARY}
    second = await put(world, ada, "STRIPE_KEY", "short")
    assert (second.status_code, second.json()["version"], second.json()["last_four"]) == (200, 2, None)
    assert variables(world, site) == {"STRIPE_KEY": "short"}
    path = "/tenants/bakery/secrets/STRIPE_KEY"
    assert (await world.ask("GET", path, ada)).json() == second.json()
    assert (await world.ask("DELETE", path, ada)).status_code == 204
    assert variables(world, site) == {}
    assert (await world.ask("GET", path, ada)).status_code == 404
    assert (await world.ask("DELETE", path, ada)).status_code == 404
    again = await put(world, ada, "STRIPE_KEY", "sixteen letters!")
    assert (again.status_code, again.json()["version"], again.json()["last_four"]) == (201, 4, "ers!")
    assert world.cloud.vault.values.keys() == {(site["environments"][0]["id"], "STRIPE_KEY", 4)}


async def test_no_answer_row_or_log_line_holds_a_value(
    world: World, capfd: pytest.CaptureFixture[str]
) -> None:
    ada, _ = await owner_of(world)
    keyed, path = {**ada, "Idempotency-Key": "once"}, "/tenants/bakery/secrets/STRIPE_KEY"
    answers = [
        await put(world, keyed, "STRIPE_KEY", CANARY),
        await world.ask("GET", "/tenants/bakery/secrets", ada),
        await world.ask("GET", path, ada),
        await world.ask("GET", "/secrets", await world.grace()),
    ]
    assert [one.status_code for one in answers] == [201, 200, 200, 200]
    assert [one.headers["cache-control"] for one in answers] == ["no-store"] * 4
    refused = [
        await put(world, keyed, "STRIPE_KEY", CANARY + "\0"),
        await put(world, keyed, "stripe", CANARY),
        await put(world, keyed, "STRIPE_KEY", [CANARY]),
        await world.ask("PUT", path, keyed, {"value": "x", "more": CANARY}),
        await world.ask("PUT", path, keyed, CANARY),
    ]
    assert [one.status_code for one in refused] == [422] * 5
    answers += [*refused, await world.ask("GET", "/audit", ada)]
    assert not [one.text for one in answers if CANARY in one.text]
    async with world.rows.reading() as session:
        for table in Row.metadata.sorted_tables:
            rows = (await session.execute(text(f"SELECT * FROM {table.name}"))).all()  # noqa: S608
            assert CANARY not in str(rows), table.name
    assert CANARY not in "".join(capfd.readouterr())


async def test_what_was_done_is_in_the_audit_log_without_values(world: World) -> None:
    ada, site = await owner_of(world)
    await put(world, ada, "STRIPE_KEY", CANARY)
    await world.ask("DELETE", "/tenants/bakery/secrets/STRIPE_KEY", ada)
    entries = (await world.ask("GET", f"/audit?subject={site['id']}", ada)).json()["items"]
    assert [(one["action"], one["detail"]) for one in entries if "SECRET" in one["action"]] == [
        ("DELETE_SECRET", {"name": "STRIPE_KEY"}),
        ("SET_SECRET", {"name": "STRIPE_KEY", "version": "1"}),
    ]


@pytest.mark.parametrize(
    "name",
    [
        *("AIPRESS_X", "DB_PASSWORD", "WP_DEBUG", "PHP_INI_SCAN_DIR", "PHPRC", "PATH", "HOME", "LD_PRELOAD", "AUTH_KEY"),
        *("SHORTINIT", "DOING_CRON", "XMLRPC_REQUEST", "ALLOW_UNFILTERED_UPLOADS", "COOKIEHASH", "WPINC"),
        *("HTTP_HOST", "REDIS_PASSWORD", "HTTPS", "lower", "1ST", "_X", "A-B", "A" * 65, "%C3%84", "A%00B", "A%0a"),
    ],
)  # fmt: skip
async def test_names_of_the_platform_and_what_is_no_name_are_refused(world: World, name: str) -> None:
    ada, site = await owner_of(world)
    answer = await put(world, ada, name, CANARY)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["field"] == "name"
    assert variables(world, site) == {}


@pytest.mark.parametrize("value", ["", "a\0b", "x" * 8193, "ä" * 4097, None, 7, ["x"], {"x": 1}])
async def test_values_that_can_be_no_variable_are_refused(world: World, value: object) -> None:
    ada, site = await owner_of(world)
    assert (await put(world, ada, "KEY", value)).status_code == 422
    assert variables(world, site) == {}


async def test_half_a_character_is_refused(world: World) -> None:
    ada, site = await owner_of(world)
    headers, body = {**ada, "Content-Type": "application/json"}, '{"value": "half \\ud800"}'
    path = "/api/tenants/bakery/secrets/KEY"
    assert (await world.client.request("PUT", path, content=body, headers=headers)).status_code == 422
    assert variables(world, site) == {}


async def test_the_longest_value_and_any_text_are_taken(world: World) -> None:
    ada, site = await owner_of(world)
    for value in ("ä" * 4096, "lines\nand 'quotes' $HOME \U0001f512"):
        assert (await put(world, ada, "KEY", value)).status_code in (200, 201)
        assert variables(world, site) == {"KEY": value}


async def test_a_site_has_a_hundred_secrets_at_most(world: World) -> None:
    ada, _ = await owner_of(world)
    for number in range(service.MOST):
        assert (await put(world, ada, f"KEY_{number}", "value")).status_code == 201
    assert (await put(world, ada, "ONE_MORE", "value")).status_code == 409
    assert (await put(world, ada, "KEY_7", "replaced")).status_code == 200
    await world.ask("DELETE", "/tenants/bakery/secrets/KEY_7", ada)
    assert (await put(world, ada, "ONE_MORE", "value")).status_code == 201
    page = (await world.ask("GET", "/tenants/bakery/secrets?limit=60", ada)).json()
    rest = await world.ask("GET", f"/tenants/bakery/secrets?limit=60&cursor={page['next_cursor']}", ada)
    assert len({one["name"] for one in page["items"] + rest.json()["items"]}) == service.MOST


async def test_names_can_not_be_worn_out_without_end_and_old_ones_come_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_EVER", 3)
    ada, _ = await owner_of(world)
    for number in range(3):
        assert (await put(world, ada, f"KEY_{number}", "value")).status_code == 201
        await world.ask("DELETE", f"/tenants/bakery/secrets/KEY_{number}", ada)
    assert (await put(world, ada, "ONE_MORE", "value")).status_code == 409
    assert (await put(world, ada, "KEY_1", "value")).status_code == 201


async def test_only_owner_and_admins_get_in_and_never_an_agent(world: World) -> None:
    person, grace = await make.user(world.rows), await world.grace()
    ada = make.as_person(world.settings, person)
    await world.site(ada, "Bakery")
    assert (await put(world, grace, "BY_ADMIN", CANARY)).status_code == 201
    for who, refusal in ((await world.ada(), 404), (world.agent_of(person), 403)):
        assert (await put(world, who, "KEY", "value")).status_code == refusal
        for method, path in (("GET", ""), ("GET", "/BY_ADMIN"), ("DELETE", "/BY_ADMIN")):
            answer = await world.ask(method, f"/tenants/bakery/secrets{path}", who)
            assert answer.status_code == refusal
    listed = (await world.ask("GET", "/tenants/bakery/secrets", ada)).json()["items"]
    assert [one["name"] for one in listed] == ["BY_ADMIN"]


async def test_admins_see_the_secrets_of_all_sites_and_whose_they_are(world: World) -> None:
    ada, site = await owner_of(world)
    bob, other = await owner_of(world, "Florist")
    await put(world, ada, "ONE", "value")
    await put(world, bob, "TWO", "value", "florist")
    found = (await world.ask("GET", "/secrets", await world.grace())).json()["items"]
    assert {one["name"]: one["tenant"] for one in found} == {
        name: {"id": of["id"], "slug": of["slug"], "name": of["name"]}
        for name, of in (("ONE", site), ("TWO", other))
    }


async def test_a_vault_that_does_not_keep_it_changes_nothing(world: World) -> None:
    ada, site = await owner_of(world)
    await put(world, ada, "KEY", "old")
    world.cloud.broken["keep secrets"] = [CloudBusy("The vault is away.")]
    assert (await put(world, ada, "KEY", "new")).status_code == 503
    assert (await world.ask("GET", "/tenants/bakery/secrets/KEY", ada)).json()["version"] == 1
    assert variables(world, site) == {"KEY": "old"}


async def test_a_runtime_that_is_away_gets_it_in_the_next_round(world: World) -> None:
    ada, site = await owner_of(world)
    world.cloud.broken["supply runtime"] = [CloudBusy("hostd is away.")]
    assert (await put(world, ada, "KEY", "value")).status_code == 201
    assert variables(world, site) == {}
    await delivery.deliver_all(world.rows)
    assert variables(world, site) == {"KEY": "value"}


async def test_of_many_at_once_each_gets_a_version_of_its_own_and_the_last_one_counts(world: World) -> None:
    ada, site = await owner_of(world)
    answers = await asyncio.gather(*(put(world, ada, "KEY", f"value {number}") for number in range(8)))
    by_version = {one.json()["version"]: number for number, one in enumerate(answers)}
    assert sorted(by_version) == list(range(1, 9))
    assert variables(world, site) == {"KEY": f"value {by_version[8]}"}
    await delivery.deliver_all(world.rows)
    assert len(world.cloud.vault.values) == 1


async def test_removing_a_site_shreds_them_and_forgets_their_names(world: World) -> None:
    ada, _ = await owner_of(world)
    await put(world, ada, "KEY", CANARY)
    removal = await world.ask("DELETE", "/tenants/bakery", ada, {"typed_name": "bakery"})
    assert (await put(world, ada, "KEY", "too late")).status_code in (404, 409)
    assert (await world.ended(ada, removal.json()["id"]))["state"] == "succeeded"
    assert world.cloud.vault.values == {}
    assert (await world.ask("GET", "/secrets", await world.grace())).json()["items"] == []
    await delivery.deliver_all(world.rows)
    async with world.rows.reading() as session:
        assert (await session.execute(text("SELECT count(*) FROM secrets"))).scalar_one() == 0
