"""Messages: written with what they tell, sent once, tried again ever more rarely, and given up in the end."""

import json
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from aipress.kit import clock
from aipress.telemetry.alerts import deliveries
from aipress.telemetry.alerts.models import Alert, AlertDelivery
from aipress.telemetry.alerts.steadiness import Turn
from tests import make
from tests.api.world import World
from tests.make import Headers
from tests.telemetry.alerts.conftest import Posted, mails
from tests.tenants.lasting import together

pytestmark = together
HOOK = {"url": "https://hooks.example.com/secret-path", "secret": "a-long-random-secret"}


async def with_hook(world: World, **more: Any) -> tuple[Headers, str]:
    """An admin who hears by webhook."""
    person = await make.admin(world.rows)
    shown = make.as_person(world.settings, person)
    answer = await world.ask("PUT", "/alert-settings", shown, {"webhook": HOOK, **more})
    assert answer.status_code == 200, answer.text
    return shown, person.email


async def turns(world: World, tenant: str | None, turn: Turn = "opened") -> Alert:
    """An alert opens or closes, and its messages are written."""
    alert = await make.alert(world.rows, tenant)
    async with world.rows.transaction() as session:
        await deliveries.write(session, await session.get_one(Alert, alert.id), turn)
    return alert


async def all_of(world: World) -> list[AlertDelivery]:
    async with world.rows.reading() as session:
        return list(await session.scalars(select(AlertDelivery).order_by(AlertDelivery.id)))


async def time_passes(world: World) -> None:
    """Whatever is to be tried again is due."""
    async with world.rows.transaction() as session:
        await session.execute(update(AlertDelivery).values(next_at=clock.now() - timedelta(seconds=1)))


async def test_a_webhook_is_told_everything_signed_with_its_secret(world: World, posted: Posted) -> None:
    await with_hook(world)
    site = await world.site(await world.ada(), "Bakery")
    alert = await turns(world, site["id"])
    await deliveries.send_due(world.rows)
    ((url, body, delivery, secret),) = posted.kept
    told = json.loads(body)
    assert (url, secret) == (HOOK["url"], HOOK["secret"])
    assert told["id"] == delivery
    assert (told["event"], told["alert"], told["kind"]) == ("alert.opened", alert.id, "error_rate")
    assert told["tenant"] == {"id": site["id"], "slug": "bakery", "name": "Bakery"}
    assert told["url"].endswith("/sites/bakery")


async def test_what_does_not_arrive_is_tried_again_and_arrives_once(world: World, posted: Posted) -> None:
    shown, _ = await with_hook(world)
    await turns(world, None)
    posted.fails.extend(["It answered 500."] * 3)
    for _ in range(3):
        await deliveries.send_due(world.rows)
        assert posted.kept == []
        assert await deliveries.send_due(world.rows) == 0  # not before its time
        await time_passes(world)
    hook = (await world.ask("GET", "/alert-settings", shown)).json()["webhook"]
    assert hook == {"host": "hooks.example.com", "trouble": "It answered 500."}
    await deliveries.send_due(world.rows)
    await time_passes(world)
    await deliveries.send_due(world.rows)
    assert len(posted.kept) == 1
    assert (await world.ask("GET", "/alert-settings", shown)).json()["webhook"]["trouble"] is None


async def test_after_six_tries_it_is_given_up(world: World, posted: Posted) -> None:
    await with_hook(world, by_mail=False)
    await turns(world, None)
    posted.fails.extend(["It did not answer within 10 s."] * 50)
    for _ in range(10):
        await deliveries.send_due(world.rows)
        await time_passes(world)
    (one,) = await all_of(world)
    assert (one.state, one.attempts) == ("given_up", 1 + len(deliveries.PAUSES))


async def test_mail_whose_sender_died_before_noting_it_is_the_same_mail(world: World, posted: Posted) -> None:
    ada = await make.user(world.rows)
    site = await world.site(make.as_person(world.settings, ada), "Bakery")
    await turns(world, site["id"])
    await deliveries.send_due(world.rows)
    (sent,) = await mails(world, ada.email)
    async with world.rows.transaction() as session:
        await session.execute(update(AlertDelivery).values(state="pending"))
    await time_passes(world)
    assert await deliveries.send_due(world.rows) == 1
    assert await mails(world, ada.email) == [sent]


async def test_who_wishes_no_mail_and_who_takes_the_webhook_away_hear_nothing(
    world: World, posted: Posted
) -> None:
    shown, email = await with_hook(world, by_mail=False)
    await turns(world, None)
    await world.ask("PUT", "/alert-settings", shown, {"by_mail": False, "webhook": None})
    await deliveries.send_due(world.rows)
    assert posted.kept == []
    assert await mails(world, email) == []
    assert [one.trouble for one in await all_of(world)] == ["There is no webhook any more."]


async def test_who_is_no_admin_any_more_hears_of_nothing_new(world: World, posted: Posted) -> None:
    await with_hook(world)
    other = await make.admin(world.rows)
    root = make.as_person(world.settings, other)
    people = (await world.ask("GET", "/users", root)).json()["items"]
    demoted = next(one for one in people if one["email"] != other.email)
    changed = await world.ask("PATCH", f"/users/{demoted['id']}", root, {"role": "tenant"})
    assert changed.status_code == 200, changed.text
    await turns(world, None)
    assert {one.target for one in await all_of(world)} == {other.email}
