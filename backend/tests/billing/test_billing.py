"""What people are told of costs, over HTTP: counted from the export, exactly, once, and to those alone whose they are."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from aipress.billing import keeping
from aipress.kit import clock
from tests import make
from tests.api.world import Json, World
from tests.billing.counting import bakery, count, read
from tests.fakes.costs import row
from tests.tenants.lasting import together
from tests.waiting import until

pytestmark = together


def first_of_month() -> date:
    return clock.now().date().replace(day=1)


async def test_a_bill_is_what_the_export_says_and_its_parts_add_up(world: World) -> None:
    ada, site = await bakery(world)
    today = clock.now().date()
    world.cloud.costs.rows = [
        row(today, site, "0.100000001"),
        row(today, site, "2.5", service={"description": "Storage"}, credits=[{"amount": "-0.5"}]),
        row(first_of_month(), site, "-0.25", cost_type="adjustment"),
        row(today, "ten_somebody_else", "99"),
    ]
    await count(world)
    told = await read(world, ada)
    (bill,) = told["bills"]
    assert bill["month_to_date"] == "1.850000001"
    assert bill["by_service"] == [
        {"service": "Storage", "amount": "2.00"},
        {"service": "Hosting", "amount": "-0.149999999"},
    ]
    assert sum(Decimal(one["amount"]) for one in bill["by_day"]) == Decimal("1.850000001")
    assert (told["month"], told["budget"]) == (f"{today:%Y-%m}", None)
    assert told["as_of"] is not None


async def test_nothing_is_told_before_anything_was_counted(world: World) -> None:
    ada, _ = await bakery(world)
    told = await read(world, ada)
    assert (told["bills"], told["as_of"]) == ([], None)


async def test_each_currency_has_a_bill_of_its_own(world: World) -> None:
    ada, site = await bakery(world)
    today = clock.now().date()
    world.cloud.costs.rows = [row(today, site), row(today, site, "3", currency="EUR")]
    await count(world)
    bills = (await read(world, ada))["bills"]
    assert [(one["currency"], one["month_to_date"]) for one in bills] == [("EUR", "3.00"), ("USD", "1.00")]


async def test_counting_again_doubles_nothing_and_what_is_gone_goes(world: World) -> None:
    ada, site = await bakery(world)
    world.cloud.costs.rows = [row(clock.now().date(), site, "1"), row(clock.now().date(), site, "2")]
    for _ in range(2):
        await count(world)
        assert (await read(world, ada))["bills"][0]["month_to_date"] == "3.00"
    world.cloud.costs.rows.pop()
    await count(world)
    assert (await read(world, ada))["bills"][0]["month_to_date"] == "1.00"
    world.cloud.costs.rows.clear()
    await count(world)
    assert (await read(world, ada))["bills"] == []


async def test_the_first_count_goes_back_and_later_ones_find_what_was_restated_however_long_ago(
    world: World,
) -> None:
    ada, site = await bakery(world)
    long_ago = clock.now().date() - timedelta(200)
    world.cloud.costs.rows = [row(long_ago, site, "5", export_time=f"{long_ago}T13:00:00+00:00")]
    await count(world)
    path = f"/tenants/bakery/billing?month={long_ago:%Y-%m}"
    assert (await read(world, ada, path))["bills"][0]["month_to_date"] == "5.00"
    world.cloud.costs.rows.append(row(long_ago, site, "-1.25", cost_type="adjustment"))
    await count(world, f"{clock.now():%Y-%m-%dT%H}")
    assert (await read(world, ada, path))["bills"][0]["month_to_date"] == "3.75"


async def test_days_nobody_counted_are_counted_by_the_next(world: World) -> None:
    ada, site = await bakery(world)
    await count(world)
    day = clock.now().date() - timedelta(20)
    world.cloud.costs.rows = [row(day, site, "4", export_time=f"{day}T13:00:00+00:00")]
    await count(world, f"{clock.now():%Y-%m-%dT%H}")
    path = f"/tenants/bakery/billing?month={day:%Y-%m}"
    assert (await read(world, ada, path))["bills"] == []
    await count(world)
    assert (await read(world, ada, path))["bills"][0]["month_to_date"] == "4.00"


async def test_sites_and_what_is_nobodys_are_everything(world: World) -> None:
    _, site = await bakery(world)
    today = clock.now().date()
    whole = {"labels": [{"key": "aipress-pool", "value": "machine"}], "service": {"description": "Machine"}}
    world.cloud.costs.rows = [
        row(today, site, "1"),
        row(today, "ten_gone", "2"),
        row(today, "", "0.3"),
        row(today, "", "10", **whole),
        row(today, "", "7", labels=[{"key": "aipress-pool", "value": "unknown"}]),
    ]
    world.cloud.costs.shared = {"machine": {site: 1, "ten_gone": 1, "ten_third": 1}}
    await count(world)
    (bill,) = (await read(world, await world.grace(), "/billing"))["bills"]
    assert bill["total"] == "20.30"
    assert bill["unallocated"] == "7.30"
    sites = {one["tenant"]: (one["name"], one["amount"]) for one in bill["sites"]}
    assert sites == {
        "ten_gone": (None, "5.333333333"),
        site: ("Bakery", "4.333333334"),  # the first by name
        "ten_third": (None, "3.333333333"),
    }
    parts = sum(Decimal(one["amount"]) for one in bill["sites"]) + Decimal(bill["unallocated"])
    assert parts == Decimal(bill["total"]) == sum(Decimal(one["amount"]) for one in bill["by_service"])
    assert {one["service"] for one in bill["by_service"]} == {
        "Hosting",
        "Hosting (shared)",
        "Machine (shared)",
    }


async def test_a_member_is_told_and_nobody_elses_costs_are_in_it(world: World) -> None:
    ada, site = await bakery(world)
    cecil = await world.ada()
    other = (await world.site(cecil, "Other"))["id"]
    world.cloud.costs.rows = [row(clock.now().date(), site, "1"), row(clock.now().date(), other, "1000")]
    await count(world)
    member = make.as_person(world.settings, await make.member(world.rows, site))
    for who in (ada, member, await world.grace()):
        assert (await read(world, who))["bills"][0]["month_to_date"] == "1.00"
    assert (await world.ask("GET", "/tenants/bakery/billing", cecil)).status_code == 404


async def test_an_admin_has_costs_counted_at_once_as_often_as_they_ask(world: World) -> None:
    ada, site = await bakery(world)
    for amount in ("1", "2"):
        world.cloud.costs.rows.append(row(clock.now().date(), site, amount))
        seen = str(sum(Decimal(one["cost"]) for one in world.cloud.costs.rows)) + ".00"

        async def is_counted(seen: str = seen) -> bool:
            asked = await world.ask("POST", "/billing/counts", await world.grace())
            assert asked.status_code == 202, asked.text
            bills = (await read(world, ada))["bills"]
            return bool(bills) and bills[0]["month_to_date"].startswith(seen[:2])

        await until(is_counted)


@pytest.mark.parametrize("month", ["2026-13", "2026-1", "November", "1999-01", "2026-11-01", "%00"])
async def test_a_month_is_a_month(world: World, month: str) -> None:
    ada, _ = await bakery(world)
    assert (await world.ask("GET", f"/tenants/bakery/billing?month={month}", ada)).status_code == 422


async def test_an_owner_is_told_once_a_month_of_each_threshold_that_is_crossed(world: World) -> None:
    ada, site = await bakery(world)
    wish = {"amount": "10", "thresholds": [100, 50, 90, 90]}
    assert (await world.ask("PUT", "/tenants/bakery/budget", ada, wish)).json()["thresholds"] == [50, 90, 100]
    today, costs = clock.now().date(), world.cloud.costs
    for spent, mails, told in (("4.99", 0, []), ("0.01", 1, [50]), ("0", 1, [50]), ("5.5", 2, [50, 90, 100])):
        costs.rows.append(row(today, site, spent))
        await count(world)
        assert len(await mails_about(world, "Bakery")) == mails
        budget = (await read(world, ada))["budget"]
        assert budget["told"] == told
    assert (budget["spent_percent"], budget["amount"]) == (105, "10.00")
    newest = (await mails_about(world, "Bakery"))[0]
    assert "100 %" in newest["subject"]
    assert "10.50 USD" in newest["text"]


async def test_mail_about_less_than_a_cent_says_how_much_that_is(world: World) -> None:
    ada = await world.ada()
    site = (await world.site(ada, "Penny Shop"))["id"]
    wish = {"amount": "0.0001", "thresholds": [100]}
    assert (await world.ask("PUT", "/tenants/penny-shop/budget", ada, wish)).status_code == 200
    world.cloud.costs.rows.append(row(clock.now().date(), site, "0.00025"))
    await count(world)
    (mail,) = await mails_about(world, "Penny Shop")
    assert "has cost 0.00025 USD this month. Its budget is 0.0001 USD" in mail["text"]


async def test_admins_see_all_budgets_the_fullest_first(world: World) -> None:
    ada, site = await bakery(world)
    other = (await world.site(ada, "Other"))["id"]
    await world.ask("PUT", "/tenants/bakery/budget", ada, {"amount": "10"})
    await world.ask("PUT", "/tenants/other/budget", await world.grace(), {"amount": "4"})
    today = clock.now().date()
    world.cloud.costs.rows = [row(today, site, "1"), row(today, other, "3")]
    await count(world)
    told = (await read(world, await world.grace(), "/billing?month=2020-01"))["budgets"]
    assert [(one["slug"], one["amount"], one["spent_percent"]) for one in told] == [
        ("other", "4.00", 75),
        ("bakery", "10.00", 10),
    ]


async def mails_about(world: World, name: str) -> list[dict[str, Any]]:
    me = make.as_operator(world.settings)
    caught = (await world.ask("GET", "/outbox?limit=50", me)).json()["items"]
    since = f"{(clock.now() - timedelta(minutes=1)).isoformat()}"
    return [one for one in caught if f"{name}:" in one["subject"] and one["sent_at"] > since]


async def test_a_budget_can_be_taken_away_and_nobody_is_told_any_more(world: World) -> None:
    ada, site = await bakery(world)
    before = len(await mails_about(world, "Bakery"))
    await world.ask("PUT", "/tenants/bakery/budget", ada, {"amount": "1"})
    for _ in range(2):
        assert (await world.ask("DELETE", "/tenants/bakery/budget", ada)).status_code == 204
    world.cloud.costs.rows = [row(clock.now().date(), site, "50")]
    await count(world)
    assert len(await mails_about(world, "Bakery")) == before
    assert (await read(world, ada))["budget"] is None


@pytest.mark.parametrize(
    "wish",
    [{"amount": "0"}, {"amount": "-1"}, {"amount": "NaN"}, {"amount": "1e9"}, {"amount": "0.0000000001"}, {}]
    + [{"amount": "1", "thresholds": one} for one in ([], [0], [1001], [1, 2, 3, 4, 5, 6])]
    + [{"amount": "1", "currency": "dollars"}, {"amount": "1", "more": 1}],
)
async def test_a_budget_that_is_none_is_refused(world: World, wish: Json) -> None:
    ada, _ = await bakery(world)
    assert (await world.ask("PUT", "/tenants/bakery/budget", ada, wish)).status_code == 422


async def test_who_shares_a_site_and_an_agent_set_no_budget(world: World) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    site = (await world.site(ada, "Bakery"))["id"]
    member = make.as_person(world.settings, await make.member(world.rows, site))
    for who in (member, world.agent_of(person)):
        assert (await world.ask("PUT", "/tenants/bakery/budget", who, {"amount": "1"})).status_code == 403
        assert (await world.ask("DELETE", "/tenants/bakery/budget", who)).status_code == 403
    assert (await read(world, ada))["budget"] is None


async def test_counts_that_meet_leave_each_day_once(world: World) -> None:
    ada, _ = await bakery(world)
    await keeping.meter_all(world.rows)
    world.cloud.costs.metered_until = clock.now() - timedelta(minutes=30)
    await keeping.meter_all(world.rows)
    subjects = [f"{clock.now():%Y-%m-%d}", f"{clock.now():%Y-%m-%dT%H}"]
    await asyncio.gather(*(count(world, subject) for subject in subjects * 8))
    assert (await read(world, ada))["bills"][0]["month_to_date"].startswith("0.50")


async def test_what_is_there_is_metered_and_counted_by_itself(world: World) -> None:
    ada, site = await bakery(world)
    await keeping.meter_all(world.rows)
    world.cloud.costs.metered_until = clock.now() - timedelta(minutes=30)
    await keeping.meter_all(world.rows)
    assert {one["labels"][0]["value"] for one in world.cloud.costs.rows} == {site}
    await keeping.count_what_is_due()
    await keeping.count_what_is_due()

    async def is_counted() -> bool:
        return bool((await read(world, ada))["bills"])

    # An hour that another test counted is not counted again; a day neither.
    await count(world)
    await until(is_counted)
    assert (await read(world, ada))["bills"][0]["month_to_date"].startswith("0.50")
