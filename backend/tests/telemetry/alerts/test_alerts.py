"""Alerts over HTTP and live: to those alone whose site it is, seen once seen, and settings whose secrets nobody reads back."""

from typing import Any

import pytest
from sqlalchemy import select

from aipress.audit.models import AuditEntry
from aipress.telemetry.alerts import deliveries
from aipress.telemetry.alerts.models import Alert, AlertSettings
from tests import make
from tests.api.world import World
from tests.events.listening import listening
from tests.make import Client, Headers
from tests.telemetry.alerts.conftest import Posted, mails
from tests.tenants.lasting import together

pytestmark = together
HOOK = {"url": "https://hooks.example.com/secret-path", "secret": "a-long-random-secret"}


async def listed(world: World, shown: Headers, path: str) -> list[dict[str, Any]]:
    answer = await world.ask("GET", path, shown)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


async def test_each_sees_the_alerts_of_their_sites_and_admins_the_machines_too(world: World) -> None:
    ada, cecil = await world.ada(), await world.ada()
    bakery, shop = (await world.site(ada, "Bakery"))["id"], (await world.site(cecil, "Shop"))["id"]
    mine = await make.alert(world.rows, bakery)
    old = await make.alert(world.rows, bakery, state="closed", closed_at=mine.opened_at)
    await make.alert(world.rows, shop)
    machine = await make.alert(world.rows, None, kind="machine_disk", environment_id="machine")
    assert [one["id"] for one in await listed(world, ada, "/tenants/bakery/alerts")] == [old.id, mine.id]
    assert [one["id"] for one in await listed(world, ada, "/tenants/bakery/alerts?state=open")] == [mine.id]
    assert [one["id"] for one in await listed(world, ada, "/tenants/bakery/alerts?limit=1")] == [old.id]
    everything = await listed(world, await world.grace(), "/alerts")
    assert len(everything) == 4
    assert everything[0]["id"] == machine.id
    assert everything[0]["tenant"] is None
    (shown,) = await listed(world, ada, "/tenants/bakery/alerts?state=open")
    assert shown["text"].startswith("12 % of requests failed")
    assert (shown["value"], shown["worst"], shown["bound"], shown["unit"]) == (12.0, 40.0, 5.0, "percent")


@pytest.mark.parametrize("query", ["state=both", "limit=0", "limit=201", "cursor=nowhere", "q=1"])
async def test_a_question_that_is_none_is_refused(world: World, query: str) -> None:
    assert (await world.ask("GET", f"/alerts?{query}", await world.grace())).status_code == 422


async def test_what_was_seen_says_by_whom_and_no_mail_comes_of_its_end(world: World, posted: Posted) -> None:
    person = await make.user(world.rows)
    ada = make.as_person(world.settings, person)
    site = (await world.site(ada, "Bakery"))["id"]
    alert = await make.alert(world.rows, site)
    path = f"/alerts/{alert.id}/acknowledgement"
    seen = (await world.ask("PUT", path, ada)).json()
    assert seen["acknowledged"]["by_email"] == person.email
    again = (await world.ask("PUT", path, await world.grace())).json()
    assert again == seen
    async with world.rows.transaction() as session:
        await deliveries.write(session, await session.get_one(Alert, alert.id), "closed")
        noted = select(AuditEntry).where(AuditEntry.action == "ACKNOWLEDGE_ALERT")
        (entry,) = await session.scalars(noted)
    assert (entry.subject, entry.detail["alert"]) == (site, alert.id)
    await deliveries.send_due(world.rows)
    assert await mails(world, person.email) == []
    assert (await world.ask("PUT", path, await world.ada())).status_code == 404


async def test_a_webhooks_address_and_secret_are_never_shown_and_stand_nowhere_in_clear(world: World) -> None:
    root = await make.admin(world.rows)
    shown = make.as_person(world.settings, root)
    assert (await world.ask("GET", "/alert-settings", shown)).json() == {"by_mail": True, "webhook": None}
    answer = await world.ask("PUT", "/alert-settings", shown, {"by_mail": False, "webhook": HOOK})
    assert answer.json() == {"by_mail": False, "webhook": {"host": "hooks.example.com", "trouble": None}}
    async with world.rows.reading() as session:
        kept = await session.get_one(AlertSettings, root.id)
        (entry,) = await session.scalars(select(AuditEntry).where(AuditEntry.action == "SET_ALERT_SETTINGS"))
    for secret in ("secret-path", HOOK["secret"]):
        assert secret not in answer.text + kept.webhook_sealed + str(entry.detail)
    assert entry.detail == {"by_mail": "false", "webhook": "hooks.example.com"}
    kept_on = await world.ask("PUT", "/alert-settings", shown, {"by_mail": True})
    assert kept_on.json() == {"by_mail": True, "webhook": {"host": "hooks.example.com", "trouble": None}}
    gone = await world.ask("PUT", "/alert-settings", shown, {"webhook": None})
    assert gone.json() == {"by_mail": True, "webhook": None}


@pytest.mark.parametrize(
    "hook",
    [
        {"url": "http://hooks.example.com/", "secret": HOOK["secret"]},
        {"url": "https://127.0.0.1/", "secret": HOOK["secret"]},
        {"url": HOOK["url"], "secret": "short"},
        {"url": HOOK["url"]},
        {**HOOK, "more": 1},
        "https://hooks.example.com/",
    ],
)
async def test_a_webhook_that_is_none_is_refused_and_changes_nothing(world: World, hook: object) -> None:
    shown = await world.grace()
    answer = await world.ask("PUT", "/alert-settings", shown, {"by_mail": False, "webhook": hook})
    assert answer.status_code == 422
    assert (await world.ask("GET", "/alert-settings", shown)).json() == {"by_mail": True, "webhook": None}


@pytest.mark.usefixtures("hub")
async def test_an_alert_is_told_live_to_whose_site_it_is_and_to_admins(world: World, wire: Client) -> None:
    ada = await world.ada()
    site = (await world.site(ada, "Bakery"))["id"]
    async with (
        listening(wire, ada) as hers,
        listening(wire, await world.ada()) as strangers,
        listening(wire, await world.grace()) as admins,
    ):
        alert = await make.alert(world.rows, site)
        machine = await make.alert(world.rows, None, kind="machine_disk", environment_id="machine")
        for ear in (hers, admins):
            assert (await ear.hears("alert", "open")).id == alert.id
        await admins.counts(2)
        assert {one.id for one in admins.events} == {alert.id, machine.id}
        assert {one.id for one in hers.events} == {alert.id}
        await strangers.beats(2)
        assert strangers.events == []
