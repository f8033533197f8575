"""What is watched, minute by minute: each minute once, whoever watches and whoever dies, and each thing said once."""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from aipress.clouds.metrics import Series, Span
from aipress.errors import CloudBusy
from aipress.kit import clock
from aipress.telemetry.alerts import deliveries, pace, rounds
from aipress.telemetry.alerts.models import Alert, AlertDelivery, AlertRound, AlertWatch
from aipress.users.models import User
from tests import make
from tests.api.world import World
from tests.fakes.metrics import FakeMetrics
from tests.telemetry.alerts.conftest import Posted, mails
from tests.tenants.lasting import together

pytestmark = [together, pytest.mark.usefixtures("posted")]
MINUTE = timedelta(minutes=1)


@dataclass
class Bakery:
    """A live site, its owner, and a clock of its own that stands at a whole minute."""

    world: World
    owner: User
    tenant: str
    environment: str
    now: datetime

    def happens(self, minutes: int, requests: float = 100, errors: float = 0, **more: float) -> None:
        """So many minutes pass, each like this."""
        for _ in range(minutes):
            for name, value in {"requests": requests, "errors": errors, **more}.items():
                self.world.cloud.metrics.tell(self.environment, name, self.now, value)
            self.now += MINUTE

    async def watch(self, disk: float | None = None) -> int:
        """A round as soon as the last of them is counted."""
        gauge = None if disk is None else (lambda: disk)
        return await rounds.watch(self.world.rows, self.now + pace.current().settles, gauge)

    async def each_minute(self, minutes: int, **like: float) -> None:
        for _ in range(minutes):
            self.happens(1, **like)
            await self.watch()

    async def alerts(self) -> list[tuple[str, str]]:
        async with self.world.rows.reading() as session:
            found = await session.scalars(select(Alert).order_by(Alert.id))
            return [(one.kind, one.state) for one in found]


async def bakery(world: World) -> Bakery:
    owner = await make.user(world.rows)
    site = await world.site(make.as_person(world.settings, owner), "Bakery")
    now = clock.now().replace(second=0, microsecond=0) - timedelta(hours=3)
    here = Bakery(world, owner, site["id"], site["environments"][0]["id"], now)
    await here.each_minute(1)
    return here


async def test_many_errors_open_an_alert_once_and_its_owner_hears_of_it_and_of_its_end(world: World) -> None:
    here = await bakery(world)
    await here.each_minute(2, errors=20)
    assert await here.alerts() == []
    await here.each_minute(20, errors=20)
    assert await here.alerts() == [("error_rate", "open")]
    await deliveries.send_due(world.rows)
    (mail,) = await mails(world, here.owner.email)
    assert mail["subject"] == "Bakery: Many errors"
    await here.each_minute(13)
    assert await here.alerts() == [("error_rate", "open")]
    await here.each_minute(10)
    assert await here.alerts() == [("error_rate", "closed")]
    await deliveries.send_due(world.rows)
    assert await deliveries.send_due(world.rows) == 0
    newest, _ = await mails(world, here.owner.email)
    assert newest["subject"] == "Bakery: Many errors, and well again"
    assert "at its worst it was 20 percent" in newest["text"]


@pytest.fixture
def hasty() -> Iterator[None]:
    """An installation whose alerts open after one bad minute, ten seconds after it ended."""
    before = pace.current()
    pace.use(pace.Pace(timedelta(seconds=10), bad_minutes=1))
    yield
    pace.use(before)


async def test_an_installation_may_hear_of_things_sooner(world: World, hasty: None) -> None:
    here = await bakery(world)
    here.happens(1, errors=20)
    assert await rounds.watch(world.rows, here.now + timedelta(seconds=9)) == 0
    assert await rounds.watch(world.rows, here.now + timedelta(seconds=10)) == 1
    assert await here.alerts() == [("error_rate", "open")]
    told = (await world.ask("GET", "/alert-rules", await world.ada())).json()["items"]
    rule = next(one for one in told if one["kind"] == "error_rate")
    assert (rule["opens_after_minutes"], rule["closes_after_minutes"]) == (1, 10)


async def test_whoever_watches_at_the_same_time_says_everything_once(world: World) -> None:
    here = await bakery(world)
    here.happens(5, errors=50)
    watched = await asyncio.gather(*[here.watch() for _ in range(6)], return_exceptions=True)
    assert sum(one for one in watched if isinstance(one, int)) == 5
    assert await here.alerts() == [("error_rate", "open")]
    await asyncio.gather(*[deliveries.send_due(world.rows) for _ in range(4)])
    assert len(await mails(world, here.owner.email)) == 1


async def test_what_nobody_watched_meanwhile_is_caught_up_with(world: World) -> None:
    here = await bakery(world)
    here.happens(10, errors=50)
    here.happens(25)
    here.happens(5, latency_p95=9000)
    assert await here.watch() == 40
    assert await here.alerts() == [("error_rate", "closed"), ("latency", "open")]
    async with world.rows.reading() as session:
        (first,) = await session.scalars(select(Alert).where(Alert.kind == "error_rate"))
    assert first.opened_at == here.now - 37 * MINUTE
    assert first.closed_at is not None


async def test_what_was_long_ago_is_no_news(world: World) -> None:
    here = await bakery(world)
    here.happens(10, errors=50)
    here.happens(90)
    assert await here.watch() == rounds.CATCHES_UP
    assert await here.alerts() == []


class Dying(FakeMetrics):
    """Dies while it is asked, as a process would."""

    async def series(self, environment_id: str, metrics: Sequence[str], span: Span) -> list[Series]:
        raise RuntimeError("killed")


async def test_a_round_that_dies_has_done_nothing_and_the_next_does_all_of_it(world: World) -> None:
    here = await bakery(world)
    whole = world.cloud.metrics
    here.happens(4, errors=50)
    dying = Dying()
    dying.told = whole.told
    use_metrics(world, dying)
    with pytest.raises(RuntimeError, match="killed"):
        await here.watch()
    assert await here.alerts() == []
    use_metrics(world, whole)
    assert await here.watch() == 4
    assert await here.alerts() == [("error_rate", "open")]


async def test_a_round_that_dies_as_it_writes_leaves_neither_alert_nor_message(world: World) -> None:
    here = await bakery(world)
    here.happens(4, errors=50)
    carried = deliveries.carriers()
    deliveries._carriers.clear()  # as if it died where it writes what is to be sent
    with pytest.raises(LookupError):
        await here.watch()
    deliveries.use(carried)
    assert await here.alerts() == []
    await here.watch()
    async with world.rows.reading() as session:
        assert await session.scalar(select(func.count()).select_from(AlertDelivery)) == 1
        assert len((await session.scalars(select(AlertRound))).all()) == 1


def use_metrics(world: World, metrics: FakeMetrics) -> None:
    from aipress import clouds

    world.cloud.metrics = metrics
    clouds.use(world.cloud.as_cloud())


class Busy(FakeMetrics):
    async def series(self, environment_id: str, metrics: Sequence[str], span: Span) -> list[Series]:
        raise CloudBusy("not now")


async def test_while_nothing_is_measured_nothing_opens_or_closes_or_is_forgotten(world: World) -> None:
    here = await bakery(world)
    whole = world.cloud.metrics
    await here.each_minute(2, errors=50)
    use_metrics(world, Busy())
    for _ in range(5):
        here.now += MINUTE
        await here.watch()
    async with world.rows.reading() as session:
        assert [one.minutes for one in await session.scalars(select(AlertWatch))] == [2]
    use_metrics(world, whole)
    await here.each_minute(1, errors=50)
    assert await here.alerts() == [("error_rate", "open")]


async def test_connections_disk_and_late_tasks_are_watched_against_their_limits(world: World) -> None:
    here = await bakery(world)
    calm = {"db_connections": 15.0, "disk_bytes": 4.4 * 2**30, "cron_lag": 600.0}
    await here.each_minute(10, **calm)
    assert await here.alerts() == []
    await here.each_minute(5, db_connections=16, disk_bytes=4.6 * 2**30, cron_lag=1000)
    assert sorted(await here.alerts()) == [
        ("cron_lag", "open"),
        ("db_connections", "open"),
        ("disk", "open"),
    ]
    await here.each_minute(20, **calm)
    assert ("db_connections", "open") in await here.alerts()  # 15 of 20 is still no ease


async def test_logs_that_reach_their_quota_are_told_at_once(world: World) -> None:
    here = await bakery(world)
    world.cloud.logs.refused[here.tenant] = 42
    await here.each_minute(1)
    assert await here.alerts() == [("log_quota", "open")]
    await deliveries.send_due(world.rows)
    assert "42 lines were refused" in (await mails(world, here.owner.email))[0]["text"]
    world.cloud.logs.refused.clear()
    await here.each_minute(6)
    assert await here.alerts() == [("log_quota", "closed")]


async def test_the_machines_disk_is_told_to_admins_by_mail(world: World) -> None:
    here, root = await bakery(world), await make.admin(world.rows)
    gone = await make.admin(world.rows, state="suspended")
    for used in (95.0, 92.0, 91.0):
        here.happens(1)
        await here.watch(disk=used)
    assert await here.alerts() == [("machine_disk", "open")]
    await deliveries.send_due(world.rows)
    assert [one["subject"] for one in await mails(world, root.email)] == ["The machine's disk is nearly full"]
    assert await mails(world, here.owner.email) == await mails(world, gone.email) == []


async def test_certificates_and_backups_are_not_measured_and_raise_no_alarm(world: World) -> None:
    here = await bakery(world)
    await here.each_minute(5)
    rules = (await world.ask("GET", "/alert-rules", await world.ada())).json()["items"]
    assert {one["kind"] for one in rules if not one["measured"]} == {"certificate_age", "backup_age"}
    assert await here.alerts() == []


async def test_an_alert_of_a_removed_site_closes_in_silence(world: World, posted: Posted) -> None:
    here = await bakery(world)
    await here.each_minute(5, errors=50)
    await deliveries.send_due(world.rows)
    ada = make.as_person(world.settings, here.owner)
    asked = await world.ask("DELETE", "/tenants/bakery", ada, {"typed_name": "bakery"})
    await world.ended(ada, asked.json()["id"])
    here.now += MINUTE
    await here.watch()
    assert await here.alerts() == [("error_rate", "closed")]
    assert await deliveries.send_due(world.rows) == 0
    assert (await world.ask("GET", "/alerts", await world.grace())).json()["items"] == []
