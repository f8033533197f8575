"""What a site would be on Google Cloud, from the command line: the control plane is asked, and nobody else."""

import asyncio
import json

import pytest
from sqlalchemy import select
from typer.testing import CliRunner

from aipress.cli.app import app
from aipress.cli.trouble import Trouble
from aipress.tenants.models import Tenant
from tests.api.world import World
from tests.cli.test_sharing import Terminal, terminal
from tests.tenants.lasting import together

__all__ = ["terminal"]

pytestmark = together


async def plan(terminal: Terminal, *words: str) -> str:
    command = ["gcp", "plan", *words, "--data", terminal.data]
    done = await asyncio.to_thread(lambda: CliRunner().invoke(app, command))
    if done.exception is not None:
        raise done.exception
    return done.stdout


async def test_a_plan_names_what_would_be_made_and_what_it_costs(terminal: Terminal, world: World) -> None:
    site = (await world.ask("GET", "/tenants/blog", await world.grace())).json()
    (environment,) = site["environments"]
    said = [line.split() for line in (await plan(terminal, "blog")).splitlines()]
    assert said[0] == ["blog.localhost", "(live,", "basic)"]
    assert ["Cloud", "Run", "service", "blog"] in said
    assert ["database", "and", "user", f"w{environment['id']}", "on", "pool-1"] in said
    assert ["secret", f"w{environment['id']}-db-password", "and", "10", "more"] in said
    assert ["All", "of", "it", "1.78"] in said
    told = json.loads(await plan(terminal, "blog", "--json", "--place", "project-1/us-central1"))
    assert told["tenant"] == site["id"]
    (one,) = told["environments"]
    service = one["resources"][-1]
    assert service["request"] == "POST run/v2/projects/project-1/locations/us-central1/services"
    assert service["body"]["template"]["labels"]["aipress-tenant-id"] == site["id"]
    assert sum(float(line["cost"]) for line in one["price"]["lines"]) == pytest.approx(
        float(one["price"]["amount"])
    )


async def test_a_plan_is_of_what_was_chosen_for_the_site(terminal: Terminal, world: World) -> None:
    assert json.loads(await plan(terminal, "blog", "--json"))["environments"][0]["resources"]
    async with world.rows.transaction() as session:
        tenant = (await session.scalars(select(Tenant).where(Tenant.slug == "blog"))).one()
        tenant.options = {"database": "own", "replicas": 1}
    told = json.loads(await plan(terminal, "blog", "--json"))["environments"][0]
    assert [one["kind"] for one in told["resources"]].count("Cloud SQL instance") == 2
    assert float(told["price"]["amount"]) > 100


async def test_a_plan_counts_the_domains_a_site_has(terminal: Terminal, world: World) -> None:
    bare = json.loads(await plan(terminal, "blog", "--json"))["environments"][0]
    grace = await world.grace()
    for domain in ("sunrise-bakery.com", "www.sunrise-bakery.com"):
        added = await world.ask("POST", "/tenants/blog/domains", grace, {"domain": domain})
        assert added.status_code == 201, added.text
    told = json.loads(await plan(terminal, "blog", "--json"))["environments"][0]
    assert [one["name"] for one in told["resources"] if one["kind"] == "certificate"] == [
        "www.sunrise-bakery.com",
        "sunrise-bakery.com",
    ]
    assert float(told["price"]["amount"]) - float(bare["price"]["amount"]) == pytest.approx(0.40)


async def test_more_visits_cost_more(terminal: Terminal) -> None:
    few = json.loads(await plan(terminal, "blog", "--json", "--requests", "0"))
    many = json.loads(await plan(terminal, "blog", "--json", "--requests", "1000000"))
    prices = [float(told["environments"][0]["price"]["amount"]) for told in (few, many)]
    assert prices[1] - prices[0] == pytest.approx(7.2 + 0.375 + 0.4)


async def test_a_site_that_is_not_there_and_a_place_that_is_none_are_said_so(terminal: Terminal) -> None:
    with pytest.raises(Trouble, match="no such|not found|There is no"):
        await plan(terminal, "nowhere")
    for place in ("p", "p/", "/r", "My/Region", "a/b/c", "a b/r"):
        with pytest.raises(Trouble, match="is no place"):
            await plan(terminal, "blog", "--place", place)
