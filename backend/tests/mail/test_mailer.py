"""What becomes of a site's mail: caught, sent or refused, once each, whoever is killed when; and each is a line of the site."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import update

from aipress import clouds
from aipress.clouds.mail import Kept
from aipress.kit import clock
from aipress.kit.smtp import MailServer
from aipress.mail.service import Mailer, Rules
from aipress.tenants.models import Environment
from tests.fakes.cloud import FakeCloud
from tests.fakes.mail_server import MailServerOfTest, serving
from tests.tenants.conftest import House
from tests.tenants.lasting import together

pytestmark = together

OWN = "aipress@example.com"


def message(
    to: str = "ada@example.org", subject: str = "Hello", sender: str = "wordpress@site.example.org"
) -> bytes:
    return f"To: {to}\nSubject: {subject}\nFrom: {sender}\n\nText.\n".encode()


@pytest_asyncio.fixture(loop_scope="module")
async def site(house: House) -> str:
    """The environment of a live site."""
    await house.create("Bakery")
    return house.cloud.edge.things.copy().pop()


@pytest.fixture
def told() -> Iterator[MailServerOfTest]:
    with serving() as server:
        yield server


def catching(house: House, per_hour: int = 100) -> Mailer:
    return Mailer(house.rows, clouds.current(), Rules(OWN, per_hour))


def sending(house: House, told: MailServerOfTest) -> Mailer:
    return Mailer(
        house.rows, clouds.current(), Rules(OWN, 100, MailServer("127.0.0.1", told.port, "", "", "none", OWN))
    )


def box(house: House, site: str) -> list[Kept]:
    return [kept for kept, _ in house.cloud.mail.boxes[site].values()]


def lines(house: House) -> list[tuple[object, object, str]]:
    return [(one.fields["outcome"], one.fields["recipient"], one.message) for one in house.cloud.notes.added]


async def settle(mailer: Mailer) -> None:
    """Until nothing waits that can be seen to."""
    while await mailer.see_to_some():
        pass


async def test_a_message_is_caught_once_with_its_content_and_a_line(house: House, site: str) -> None:
    house.cloud.mail.lay(site, "a" * 12, message("ada@example.org, bob@example.org", "Your order"))
    await settle(catching(house))
    ((kept, content),) = house.cloud.mail.boxes[site].values()
    assert (kept.outcome, kept.recipients, kept.subject) == (
        "caught",
        ("ada@example.org", "bob@example.org"),
        "Your order",
    )
    assert content.endswith(b"\r\n\r\nText.\r\n")
    assert house.cloud.mail.spool == {}
    (line,) = house.cloud.notes.added
    assert (line.environment, line.source, line.level) == (site, "mail", "info")
    assert dict(line.fields) == {
        "recipient": "ada@example.org, bob@example.org",
        "subject": "Your order",
        "outcome": "caught",
    }


async def test_what_is_refused_is_kept_nowhere_and_its_line_says_why(house: House, site: str) -> None:
    house.cloud.mail.lay(site, "a" * 12, message(sender=OWN))
    house.cloud.mail.lay(site, "b" * 12, None)
    await settle(catching(house))
    assert box(house, site) == []
    assert house.cloud.mail.spool == {}
    assert [(outcome, to) for outcome, to, _ in lines(house)] == [
        ("refused", "ada@example.org"),
        ("refused", ""),
    ]
    assert "the platform's own address" in lines(house)[0][2]
    assert "larger than 10 MB" in lines(house)[1][2]


async def test_a_site_has_its_share_of_an_hour_and_a_new_mailer_knows_what_was_used(
    house: House, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        house.cloud.mail.lay(site, f"{number:012d}", message())
    await settle(catching(house, per_hour=2))
    assert [outcome for outcome, _, _ in lines(house)] == ["caught", "caught", "refused"]
    assert "2 messages within an hour" in lines(house)[2][2]
    house.cloud.mail.lay(site, "x" * 12, message())
    await settle(catching(house, per_hour=2))
    assert [outcome for outcome, _, _ in lines(house)][3:] == ["refused"]
    now = clock.now()
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1, minutes=1))
    house.cloud.mail.lay(site, "y" * 12, message())
    await settle(catching(house, per_hour=2))
    assert [outcome for outcome, _, _ in lines(house)][4:] == ["caught"]


async def test_a_message_that_fails_keeps_no_other_waiting_and_is_tried_again(
    house: House, site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = house.cloud.mail.keep

    async def failing(environment: str, kept: Kept, content: bytes) -> None:
        if kept.subject == "First":
            raise OSError("no room")
        await keep(environment, kept, content)

    monkeypatch.setattr(house.cloud.mail, "keep", failing)
    for name, subject in (("a" * 12, "First"), ("b" * 12, "Second")):
        house.cloud.mail.lay(site, name, message(subject=subject))
    mailer = catching(house)
    await settle(mailer)
    assert [kept.subject for kept in box(house, site)] == ["Second"]
    monkeypatch.undo()
    await settle(mailer)
    assert [kept.subject for kept in box(house, site)] == ["Second", "First"]


async def test_with_a_mail_server_a_message_is_sent(house: House, site: str, told: MailServerOfTest) -> None:
    house.cloud.mail.lay(site, "a" * 12, message())
    await settle(sending(house, told))
    ((recipients, content),) = told.taken
    assert recipients == ["ada@example.org"]
    assert b"\r\nMessage-ID: <" in content
    assert [one.outcome for one in box(house, site)] == ["sent"]
    assert [outcome for outcome, _, _ in lines(house)] == ["sent"]


async def test_staging_never_sends(house: House, site: str, told: MailServerOfTest) -> None:
    async with house.rows.transaction() as session:
        await session.execute(update(Environment).where(Environment.id == site).values(kind="staging"))
    house.cloud.mail.lay(site, "a" * 12, message())
    await settle(sending(house, told))
    assert told.taken == []
    assert [one.outcome for one in box(house, site)] == ["caught"]


async def test_what_the_server_does_not_take_now_waits_and_what_it_never_takes_is_refused(
    house: House, site: str, told: MailServerOfTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.answers = ["451 not now", "554 never"]
    house.cloud.mail.lay(site, "a" * 12, message(subject="first"))
    mailer, now = sending(house, told), clock.now()
    await settle(mailer)
    await settle(mailer)
    assert (told.taken, lines(house), len(house.cloud.mail.spool)) == ([], [], 1)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(minutes=2))
    await settle(mailer)
    assert [(one.outcome, one.why) for one in box(house, site)] == [
        ("refused", "The mail server said 554: never")
    ]
    assert [outcome for outcome, _, _ in lines(house)] == ["refused"]
    assert house.cloud.mail.spool == {}


async def test_a_server_that_is_away_for_a_day_is_given_up(
    house: House, site: str, told: MailServerOfTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    told.answers = ["451 not now", "451 not now"]
    house.cloud.mail.lay(site, "a" * 12, message())
    mailer, now = sending(house, told), clock.now()
    await settle(mailer)
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(days=1, minutes=1))
    await settle(mailer)
    assert "for a day" in lines(house)[0][2]
    assert house.cloud.mail.spool == {}


class Killed(BaseException):
    """Nobody catches it, as nobody catches SIGKILL."""


@pytest.mark.parametrize("verb", ["waiting", "keep", "notes"])
@pytest.mark.parametrize("when", ["before", "after"])
async def test_whoever_is_killed_loses_no_message_and_keeps_none_twice(
    house: House, site: str, monkeypatch: pytest.MonkeyPatch, verb: str, when: str
) -> None:
    facet, name = (house.cloud.notes, "add") if verb == "notes" else (house.cloud.mail, verb)
    real, deaths = getattr(facet, name), [2 if verb != "notes" else 1]

    async def dying(*arguments: object) -> object:
        deaths[0] -= 1
        if deaths[0] == 0 and when == "before":
            raise Killed
        answer = await real(*arguments)
        if deaths[0] == 0:
            raise Killed
        return answer

    monkeypatch.setattr(facet, name, dying)
    for number in range(3):
        house.cloud.mail.lay(site, f"{number:012d}", message(subject=f"number {number}"))
    for _ in range(4):
        try:
            await settle(catching(house))
        except Killed:
            continue
    assert sorted(one.subject for one in box(house, site)) == ["number 0", "number 1", "number 2"]
    assert {message for _, _, message in lines(house)} == {f"mail caught: number {n}" for n in range(3)}
    assert house.cloud.mail.spool == {}


async def test_a_message_whose_sending_broke_off_is_sent_under_its_name(
    house: House, site: str, told: MailServerOfTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, keeps = house.cloud.mail.keep, [0]

    async def dying(*arguments: object) -> None:
        keeps[0] += 1
        if keeps[0] == 2:
            raise Killed
        await real(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(house.cloud.mail, "keep", dying)
    house.cloud.mail.lay(site, "a" * 12, message())
    with pytest.raises(Killed):
        await settle(sending(house, told))
    await settle(sending(house, told))
    ids = {
        line for _, content in told.taken for line in content.splitlines() if line.startswith(b"Message-ID")
    }
    assert len(told.taken) == 2, "nobody can know that the first had arrived"
    assert len(ids) == 1
    assert [one.outcome for one in box(house, site)] == ["sent"]


async def test_what_is_nobodys_sends_nothing(house: House) -> None:
    house.cloud.mail.lay("0123456789ab", "a" * 12, message())
    await settle(catching(house))
    assert (house.cloud.mail.spool, house.cloud.mail.boxes, lines(house)) == ({}, {}, [])


async def test_on_two_clouds_each_sites_mail_is_kept_on_its_own_and_told_there(
    house: House, site: str
) -> None:
    google = FakeCloud()
    clouds.use(house.cloud.as_cloud("local"), google.as_cloud("gcp"))
    await house.create("Cafe", cloud="gcp")
    (there,) = google.edge.things
    for cloud in (house.cloud, google):
        for id in (site, there):
            cloud.mail.lay(id, "a" * 12, message())
    for cloud in clouds.every():
        await settle(Mailer(house.rows, cloud, Rules(OWN, 100)))
    assert ({*house.cloud.mail.boxes}, {*google.mail.boxes}) == ({site}, {there})
    assert [one.environment for one in house.cloud.notes.added] == [site]
    assert [one.environment for one in google.notes.added] == [there]
