"""A mail server takes a message on, does not now, or never will; which of these it was is told apart."""

from collections.abc import Iterator

import pytest

from aipress.kit.smtp import MailServer, Never, NotNow
from tests.fakes.mail_server import MailServerOfTest, serving

MESSAGE = b"Subject: x\r\n\r\nHello.\r\n.\r\nThere.\r\n"


@pytest.fixture
def told() -> Iterator[MailServerOfTest]:
    with serving() as server:
        yield server


def server_at(port: int) -> MailServer:
    return MailServer("127.0.0.1", port, "", "", "none", "aipress@example.com")


async def test_a_message_arrives_as_it_was(told: MailServerOfTest) -> None:
    assert await server_at(told.port).send(["a@example.org", "b@example.org"], MESSAGE) == []
    assert told.taken == [(["a@example.org", "b@example.org"], MESSAGE)]


async def test_whom_the_server_does_not_know_is_told_and_the_others_get_it(told: MailServerOfTest) -> None:
    told.unknown = {"b@example.org"}
    assert await server_at(told.port).send(["a@example.org", "b@example.org"], MESSAGE) == ["b@example.org"]
    with pytest.raises(Never, match="nobody of that name"):
        await server_at(told.port).send(["b@example.org"], MESSAGE)
    assert len(told.taken) == 1


async def test_later_and_never_are_told_apart(told: MailServerOfTest) -> None:
    told.answers = ["452 full just now", "554 no spam"]
    with pytest.raises(NotNow, match="452: full just now"):
        await server_at(told.port).send(["a@example.org"], MESSAGE)
    with pytest.raises(Never, match="554: no spam"):
        await server_at(told.port).send(["a@example.org"], MESSAGE)


async def test_a_server_that_is_away_may_come_back(told: MailServerOfTest) -> None:
    with pytest.raises(NotNow):
        await server_at(1).send(["a@example.org"], MESSAGE)
    protected = MailServer("127.0.0.1", told.port, "", "", "starttls", "aipress@example.com")
    with pytest.raises(NotNow):
        await protected.send(["a@example.org"], MESSAGE)
    assert told.taken == [], "never without the protection that was asked for"
