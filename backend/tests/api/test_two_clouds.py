"""A platform of two clouds: of a site its own is asked, of all sites both, and one that is away stops nothing of the other's."""

import asyncio
from dataclasses import dataclass, replace
from datetime import timedelta

from aipress import clouds
from aipress.billing import keeping
from aipress.clouds.base import RuntimeReport
from aipress.clouds.mail import Kept
from aipress.kit import clock
from aipress.secrets import delivery
from aipress.telemetry import collecting
from aipress.telemetry.alerts import readings
from aipress.telemetry.alerts.readings import Watched
from tests.api.both import AWAY, Both, Counting, Hanging, Silent
from tests.billing.counting import count
from tests.fakes.costs import row
from tests.fakes.logs import line
from tests.fakes.mail import caught
from tests.tenants.lasting import together

pytestmark = together


async def test_a_site_says_which_cloud_it_is_on_and_another_than_those_there_are_is_refused(
    both: Both,
) -> None:
    assert [home.site["cloud"] for home in both.homes] == ["local", "gcp"]
    clouds.use(both.bakery.cloud.as_cloud("local"))
    answer = await both.world.ask("POST", "/tenants", both.ada, {"name": "Pub", "cloud": "gcp"})
    (wrong,) = answer.json()["errors"]
    assert (answer.status_code, wrong["field"]) == (422, "cloud")
    assert wrong["message"] == "This platform has no cloud “gcp”. A site can be made on: local."
    unknown = await both.world.ask("POST", "/tenants", both.ada, {"name": "Pub", "cloud": "elsewhere"})
    assert unknown.status_code == 422


async def test_lines_figures_and_diagnosis_are_those_of_the_sites_own_cloud(both: Both) -> None:
    for home in both.homes:
        for asked in both.homes:
            of = "its own" if home is asked else "another's"
            told = line(asked.site["id"], f"Line of {of}.", environment=asked.environment)
            home.cloud.logs.put(told)
            home.cloud.metrics.tell(
                asked.environment,
                "requests",
                clock.now() - timedelta(minutes=1),
                7 if home is asked else 999,
            )
    for home in both.homes:
        lines = await both.read(f"{home.path}/logs")
        assert [one["message"] for one in lines["items"]] == ["Line of its own."]
        counted = await both.read(f"{home.path}/logs/counts")
        assert sum(one["count"] for one in counted["items"]) == 1
        assert (await both.read(f"{home.path}/logs/usage"))["stored_bytes"] > 0
        figures = await both.read(f"{home.path}/metrics?metric=requests")
        assert figures["items"][0]["overall"] == 7
        diagnosis = await both.read(f"{home.path}/diagnosis")
        assert diagnosis["unseen"] == []
        assert "another's" not in str(diagnosis)
        asked_there = {environment for environment, *_ in home.cloud.metrics.asked}
        assert asked_there == {home.environment}


async def test_mail_and_secrets_are_those_of_the_sites_own_cloud(both: Both) -> None:
    for home in both.homes:
        for asked in both.homes:
            kept: tuple[Kept, bytes] = caught(subject="Its own" if home is asked else "Another's")
            await home.cloud.mail.keep(asked.environment, *kept)
    for home in both.homes:
        mail = await both.read(f"{home.path}/mail")
        assert [one["subject"] for one in mail["items"]] == ["Its own"]
        assert (await both.read(f"{home.path}/mail/{mail['items'][0]['id']}"))["subject"] == "Its own"
        value = f"value-of-{home.site['slug']}"
        answer = await both.world.ask("PUT", f"{home.path}/secrets/KEY", both.ada, {"value": value})
        assert answer.status_code == 201, answer.text
        assert home.cloud.runtime.variables == {home.environment: {"KEY": value}}
        assert set(home.cloud.vault.values.values()) == {value}


async def test_secrets_are_delivered_while_the_other_cloud_is_away(both: Both) -> None:
    for home in both.homes:
        await both.world.ask("PUT", f"{home.path}/secrets/KEY", both.ada, {"value": "one"})
        home.cloud.runtime.supplies.clear()
        home.cloud.runtime.variables.clear()
    both.without(runtime=Silent())
    await delivery.deliver_all(both.world.rows)
    assert both.bakery.cloud.runtime.variables == {both.bakery.environment: {"KEY": "one"}}
    assert both.cafe.cloud.runtime.variables == {}
    both.without()
    await delivery.deliver_all(both.world.rows)
    assert both.cafe.cloud.runtime.variables == {both.cafe.environment: {"KEY": "one"}}


async def test_costs_are_metered_and_counted_on_each_cloud_and_a_bill_has_what_both_took(both: Both) -> None:
    today = clock.now().date()
    tenant = both.bakery.site["id"]
    both.bakery.cloud.costs.rows = [row(today, tenant, "1")]
    both.cafe.cloud.costs.rows = [row(today, tenant, "2"), row(today, both.cafe.site["id"], "5")]
    await count(both.world)
    for home, cost in zip(both.homes, ("3", "5"), strict=True):
        (bill,) = (await both.read(f"{home.path}/billing"))["bills"]
        assert bill["month_to_date"].startswith(f"{cost}.0")
        assert (await both.read(f"{home.path}/billing/advice"))["tier"] == "basic"
    for home in both.homes:
        home.cloud.costs.rows, home.cloud.costs.metered_until = [], clock.now() - timedelta(hours=1)
    await keeping.meter_all(both.world.rows)
    for home in both.homes:
        labels = [one["labels"][0]["value"] for one in home.cloud.costs.rows]
        assert labels == [home.site["id"]]


async def test_costs_of_a_cloud_are_counted_while_the_other_is_away_and_caught_up_with(both: Both) -> None:
    today = clock.now().date()
    both.without(costs=Silent())
    both.bakery.cloud.costs.rows = [row(today, both.bakery.site["id"], "1")]
    both.cafe.cloud.costs.rows = [row(today, both.cafe.site["id"], "5")]
    await count(both.world)
    assert (await both.read(f"{both.bakery.path}/billing"))["bills"]
    assert not (await both.read(f"{both.cafe.path}/billing"))["bills"]
    both.bakery.cloud.costs.metered_until = clock.now() - timedelta(hours=1)
    await keeping.meter_all(both.world.rows)
    assert len(both.bakery.cloud.costs.rows) == 2
    both.without()
    await count(both.world)
    assert (await both.read(f"{both.cafe.path}/billing"))["bills"]


async def test_metrics_are_collected_of_each_clouds_own_environments(both: Both) -> None:
    for cloud in clouds.every():
        await collecting.collect(both.world.rows, cloud)
    for home in both.homes:
        assert await home.cloud.metrics.existing() == {home.environment}


async def test_alerts_are_read_from_each_sites_own_cloud_and_of_one_that_is_away_nothing_is_known(
    both: Both,
) -> None:
    minute = clock.now().replace(second=0, microsecond=0) - timedelta(minutes=2)
    for home in both.homes:
        for asked in both.homes:
            for name, value in (("requests", 100.0), ("errors", 50.0 if home is asked else 1.0)):
                home.cloud.metrics.tell(asked.environment, name, minute, value)
    watched = [Watched(home.environment, home.site["id"], "basic", home.site["cloud"]) for home in both.homes]
    found = await readings.of_all(watched, [minute], None)
    assert [found[home.environment, "error_rate"] for home in both.homes] == [[50.0], [50.0]]
    both.without(metrics=Silent(), logs=Silent())
    found = await readings.of_all(watched, [minute], None)
    assert {environment for environment, _ in found} == {both.bakery.environment}
    assert found[both.bakery.environment, "error_rate"] == [50.0]


async def test_a_cloud_that_is_away_is_not_asked_for_all_its_sites_while_others_wait(both: Both) -> None:
    counting = Counting()
    both.without(metrics=counting, logs=Silent())
    sites = [Watched(f"{number:012x}", "ten_1", "basic", "gcp") for number in range(50)]
    here = Watched(both.bakery.environment, both.bakery.site["id"], "basic", "local")
    found = await readings.of_all([*sites, here], [clock.now() - timedelta(minutes=2)], None)
    assert {environment for environment, _ in found} == {both.bakery.environment}
    assert counting.asked < 2 * readings.AT_ONCE


async def test_the_platforms_figures_are_those_of_all_clouds_that_answer(both: Both) -> None:
    for home in both.homes:
        home.cloud.metrics.tell(home.environment, "requests", clock.now() - timedelta(minutes=2), 7)
    grace = await both.world.grace()

    async def told() -> list[bool]:
        answer = await both.world.ask("GET", "/metrics", grace)
        assert answer.status_code == 200, answer.text
        return [f'aipress_site_requests_last_hour{{site="{slug}"}} 7.0' in answer.text for slug in slugs]

    slugs = [home.site["slug"] for home in both.homes]
    assert await told() == [True, True]
    both.without(metrics=Silent())
    assert await told() == [True, False]


@dataclass
class Reporting:
    """A runtime that only says how it is."""

    report_is: RuntimeReport

    async def report(self) -> RuntimeReport:
        return self.report_is

    async def existing(self) -> set[str]:
        return set()


async def test_how_sites_run_is_said_of_each_cloud_and_one_without_walls_is_not_hidden_by_one_with(
    both: Both,
) -> None:
    apart = Reporting(RuntimeReport(True, "bubblewrap", "cgroups", "public", 1, 2, 30))
    sharing = Reporting(RuntimeReport(False, "containers that share a network", "podman", "all", 3, 4, 50))
    here = replace(both.bakery.cloud.as_cloud("local"), runtime=apart)  # type: ignore[arg-type]
    there = replace(both.cafe.cloud.as_cloud("gcp"), runtime=sharing)  # type: ignore[arg-type]
    clouds.use(here, there)
    told = await both.read("/health/runtime")
    assert (told["isolated"], told["awake"], told["asleep"], told["memory_kb"]) == (False, 4, 6, 80)
    assert [(one["name"], one["isolated"], one["sandbox"]) for one in told["clouds"]] == [
        ("local", True, "bubblewrap"),
        ("gcp", False, "containers that share a network"),
    ]
    clouds.use(here, replace(there, runtime=Silent()))  # type: ignore[arg-type]
    told = await both.read("/health/overview", await both.world.grace())
    assert (told["runtime"]["isolated"], told["runtime"]["silent"]) == (True, ["gcp"])
    clouds.use(replace(here, runtime=Silent()))  # type: ignore[arg-type]
    assert (await both.world.ask("GET", "/health/runtime", both.ada)).status_code == 503


async def test_another_cloud_that_is_away_is_said_and_keeps_nobody_from_this_platform(both: Both) -> None:
    both.without(vault=Silent())
    answer = await both.world.client.get("/api/health/ready")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    checks = answer.json()["checks"]
    assert (checks["vault"], checks["gcp vault"], checks["gcp databases"]) == ("ok", str(AWAY), "ok")
    both.without(vault=Hanging())
    async with asyncio.timeout(10):
        answer = await both.world.client.get("/api/health/ready")
    assert answer.status_code == 200, "and it is not waited for until whoever asked has given up"
    assert "does not answer within" in answer.json()["checks"]["gcp vault"]
    here = replace(both.bakery.cloud.as_cloud("local"), vault=Silent())  # type: ignore[arg-type]
    clouds.use(here, both.cafe.cloud.as_cloud("gcp"))
    assert (await both.world.client.get("/api/health/ready")).status_code == 503


async def test_sites_are_listed_while_their_cloud_is_not_there(both: Both) -> None:
    clouds.use(both.bakery.cloud.as_cloud("local"))
    listed = (await both.read("/tenants"))["items"]
    assert {one["slug"]: bool(one["url"]) for one in listed} == {"bakery": True, "cafe": False}
    assert (await both.world.ask("GET", f"{both.cafe.path}/logs", both.ada)).status_code == 502
