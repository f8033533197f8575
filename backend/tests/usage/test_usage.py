"""Use over HTTP: labelled with the person and the site it was for, priced as text, and bounded."""

from typing import Any

from tests import make
from tests.api.world import World
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together

GEMINI = {"engine": "google", "model": "gemini-3.8-flash"}


async def used(world: World, who: Headers, wish: dict[str, str] = GEMINI, **figures: Any) -> str:
    grant = (await world.ask("POST", "/usage/grants", who, wish)).json()
    told = await world.ask("PUT", f"/usage/grants/{grant['id']}", who, {**figures, "ended": True})
    assert told.status_code == 204, told.text
    return str(grant["id"])


async def test_each_answers_use_is_labelled_with_its_person_and_the_site_it_was_about(world: World) -> None:
    person = await make.user(world.rows)
    ada, agent = make.as_person(world.settings, person), world.agent_of(person)
    site = await world.site(ada, "Bakery")
    await used(
        world, agent, tenant="bakery", input_tokens=1000, cached_tokens=400, output_tokens=100, requests=2
    )
    await used(world, agent, tenant=site["id"], input_tokens=1, requests=1)
    await used(world, agent, input_tokens=5, requests=1)
    shown = (await world.ask("GET", "/usage", ada)).json()
    assert shown["today"]["tokens"] == 1106
    rows = {row["tenant"]: row for row in shown["items"]}
    assert rows.keys() == {site["id"], None}
    about = rows[site["id"]]
    assert about["person"] == {"id": person.id, "email": person.email}
    assert (about["answers"], about["requests"], about["tokens"]) == (2, 3, 1101)
    assert about["cost"] == {"amount": "0.00085575", "currency": "USD"}
    assert rows[None]["cost"]["amount"] == "0.00000375"


async def test_a_site_of_others_or_of_nobody_is_no_label(world: World) -> None:
    ada, bob = await world.ada(), await world.ada()
    await world.site(ada, "Bakery")
    await used(world, bob, tenant="bakery", input_tokens=1)
    await used(world, bob, tenant="atlantis", input_tokens=1)
    assert {row["tenant"] for row in (await world.ask("GET", "/usage", bob)).json()["items"]} == {None}


async def test_a_model_without_a_known_price_has_use_and_no_cost(world: World) -> None:
    ada = await world.ada()
    await used(world, ada, {"engine": "openai", "model": "somebody-elses"}, input_tokens=10)
    (row,) = (await world.ask("GET", "/usage", ada)).json()["items"]
    assert (row["tokens"], row["cost"]) == (10, None)


async def test_the_settings_say_how_much_a_day_is(world: World) -> None:
    ada = await world.ada()
    today = (await world.ask("GET", "/usage", ada)).json()
    assert today["tokens_per_day"] == world.settings.tokens_per_day == today["today"]["left"]


async def test_what_is_no_figure_is_refused(world: World) -> None:
    ada = await world.ada()
    grant = (await world.ask("POST", "/usage/grants", ada, GEMINI)).json()["id"]
    for wrong in (
        {"input_tokens": -1},
        {"output_tokens": 10**12},
        {"person_id": "usr_bob"},
        {"ended": "yes"},
    ):
        assert (await world.ask("PUT", f"/usage/grants/{grant}", ada, wrong)).status_code == 422
    assert (await world.ask("POST", "/usage/grants", ada, {"engine": "", "model": "m"})).status_code == 422
    for days in ("since=soon", "since=0", "since=2020-01-01", "since=2026-11-28&until=2026-11-27"):
        assert (await world.ask("GET", f"/usage?{days}", ada)).status_code == 422
