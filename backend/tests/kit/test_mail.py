"""Mail that stays on this machine."""

import asyncio
import stat
from email import message_from_bytes
from email.policy import default
from pathlib import Path

import pytest

from aipress.kit.mail import Mail, Outbox

MAIL = Mail("ada@example.com", "Sign in", "Open this:\n\nhttp://localhost:8080/login#token=abc\n")


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    return Outbox(tmp_path / "outbox", "aipress@localhost", kept=5)


async def test_a_mail_program_can_open_what_was_caught(outbox: Outbox) -> None:
    caught = await outbox.send(Mail("ada@example.com", "Zum Bäcker", "Grüße\n" + "x" * 2000 + "\n"))
    message = message_from_bytes((outbox.directory / f"{caught.id}.eml").read_bytes(), policy=default)
    assert (message["From"], message["To"], message["Subject"]) == (
        "aipress@localhost",
        "ada@example.com",
        "Zum Bäcker",
    )
    assert message["Date"].datetime == caught.sent_at.replace(microsecond=0)
    assert message.get_content().replace("\r\n", "\n") == "Grüße\n" + "x" * 2000 + "\n"


async def test_only_its_owner_can_read_it(outbox: Outbox) -> None:
    await outbox.send(MAIL)
    modes = {path.suffix: stat.S_IMODE(path.stat().st_mode) for path in outbox.directory.iterdir()}
    assert modes == {".eml": 0o600, ".json": 0o600}
    assert stat.S_IMODE(outbox.directory.stat().st_mode) == 0o700


async def test_the_newest_are_shown_first_page_by_page(outbox: Outbox) -> None:
    sent = []
    for number in range(5):
        sent.append(await outbox.send(Mail("ada@example.com", f"Number {number}", "")))
        await asyncio.sleep(0.002)
    first, cursor = await outbox.caught(2)
    second, cursor = await outbox.caught(2, cursor)
    last, end = await outbox.caught(2, cursor)
    assert first + second + last == sent[::-1]
    assert end is None


async def test_an_empty_outbox_is_empty(outbox: Outbox) -> None:
    assert await outbox.caught(10) == ([], None)


async def test_old_mail_makes_room_for_new(outbox: Outbox) -> None:
    for number in range(9):
        await outbox.send(Mail("ada@example.com", f"Number {number}", ""))
        await asyncio.sleep(0.002)
    kept, _ = await outbox.caught(100)
    assert [mail.subject for mail in kept] == [f"Number {number}" for number in (8, 7, 6, 5, 4)]
    assert len(list(outbox.directory.iterdir())) == 10


async def test_nobody_can_smuggle_in_a_header(outbox: Outbox) -> None:
    with pytest.raises(ValueError, match="linefeed"):
        await outbox.send(Mail("ada@example.com\nBcc: eve@example.com", "x", ""))
    assert await outbox.caught(10) == ([], None)


async def test_fifty_at_once_are_all_caught_whole(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path, "aipress@localhost")
    sent = await asyncio.gather(*(outbox.send(MAIL) for _ in range(50)))
    caught, _ = await outbox.caught(100)
    assert {mail.id for mail in caught} == {mail.id for mail in sent}
