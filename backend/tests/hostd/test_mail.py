"""Mail as hostd hands it over: whole messages of the environment they lie in, and nothing a tenant put in their place."""

import base64
import os
import time
from pathlib import Path

import pytest

from aipress.hostd.mail import LARGEST, MOST
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import SmallCloud, environment_id

pytestmark = [pytest.mark.root, needs_root]

ID, OTHER = environment_id(1), environment_id(2)


def spool_of(cloud: SmallCloud, id: str) -> Path:
    return cloud.place(id) / "mail"


def lay(cloud: SmallCloud, id: str, name: str, content: bytes = b"To: a@b\n\nHello.\n") -> Path:
    """A message as the tenant's PHP would lay it down."""
    path, owner = spool_of(cloud, id) / name, spool_of(cloud, id).stat()
    path.write_bytes(content)
    os.chown(path, owner.st_uid, owner.st_gid)
    return path


async def test_what_php_mails_waits_until_it_is_done(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    said = "echo json_encode(mail('ada@example.org', 'Bücher', \"Hello.\\nThere.\", \"From: Bakery <a@example.org>\\r\\nX-A: b\"));"
    assert await cloud.run(ID, said) == "true"
    (message,) = await cloud.hostd.take_mail({})
    content = base64.b64decode(message.content)
    assert (message.id, message.size) == (ID, len(content))
    lines = content.replace(b"\r\n", b"\n").decode().splitlines()
    assert lines[:2] == ["To: ada@example.org", "Subject: Bücher"]
    assert "From: Bakery <a@example.org>" in lines
    assert lines[-2:] == ["Hello.", "There."]
    assert await cloud.hostd.take_mail({}) == [message], "told again until somebody saw to it"
    assert await cloud.hostd.take_mail({ID: [message.name], OTHER: ["a" * 12]}) == []
    assert list(spool_of(cloud, ID).iterdir()) == []
    assert await cloud.hostd.take_mail({ID: [message.name]}) == []


async def test_nothing_but_a_file_of_ones_own_is_a_message(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    spool = spool_of(cloud, ID)
    secret = cloud.data / "secret"
    secret.write_text("root's own")
    (spool / f"{'l' * 12}.eml").symlink_to(secret)
    (spool / f"{'h' * 12}.eml").hardlink_to(secret)
    os.mkfifo(spool / f"{'f' * 12}.eml")
    (spool / f"{'d' * 12}.eml").mkdir()
    lay(cloud, ID, "no message.eml")
    lay(cloud, ID, ".draft1234567")
    lay(cloud, ID, "g" * 12 + ".eml")
    assert [one.name for one in await cloud.hostd.take_mail({})] == ["g" * 12]
    assert await cloud.hostd.take_mail({ID: [letter * 12 for letter in "lhfdg"]}) == []
    assert secret.read_text() == "root's own"


async def test_a_spool_that_became_something_else_is_left_alone(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.environment(2)
    spool_of(cloud, ID).rmdir()
    spool_of(cloud, ID).symlink_to(spool_of(cloud, OTHER))
    kept = lay(cloud, OTHER, "k" * 12 + ".eml")
    assert [one.id for one in await cloud.hostd.take_mail({})] == [OTHER]
    spool_of(cloud, ID).unlink()
    assert kept.exists()


async def test_what_is_too_large_is_told_without_its_content(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    path = lay(cloud, ID, "b" * 12 + ".eml")
    os.truncate(path, LARGEST + 1)
    (message,) = await cloud.hostd.take_mail({})
    assert (message.size, message.content) == (LARGEST + 1, "")


async def test_a_site_that_sends_much_keeps_no_other_waiting(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    await cloud.environment(2)
    for number in range(60):
        lay(cloud, ID, f"{number:012d}.eml")
    lay(cloud, OTHER, "o" * 12 + ".eml")
    found = await cloud.hostd.take_mail({})
    assert OTHER in [one.id for one in found]
    assert len(found) <= MOST
    assert [one.name for one in found if one.id == ID] == [
        f"{number:012d}" for number in range(len(found) - 1)
    ]


async def test_drafts_that_nobody_finishes_are_thrown_away(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    old, fresh = lay(cloud, ID, ".abandoned123"), lay(cloud, ID, ".beingwritten")
    long_ago = time.time() - 7200
    os.utime(old, (long_ago, long_ago))
    assert await cloud.hostd.take_mail({}) == []
    assert (old.exists(), fresh.exists()) == (False, True)


async def test_an_environment_of_an_earlier_release_gets_its_spool_when_php_starts(cloud: SmallCloud) -> None:
    await cloud.environment(1)
    spool_of(cloud, ID).rmdir()
    assert await cloud.run(ID, "echo json_encode(mail('a@example.org', 'x', 'y'));") == "true"
    assert len(await cloud.hostd.take_mail({})) == 1
