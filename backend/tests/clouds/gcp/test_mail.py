"""Mail in buckets: what sites lay down is handed over, a few of each, and what became of it is kept, told and thrown away in time."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import kept_mail, mail
from aipress.clouds.gcp.mail import BucketMail
from aipress.clouds.gcp.names import bucket_name
from aipress.clouds.gcp.rounds import LIVELY, QUIET, Rounds
from aipress.config import Settings
from aipress.errors import CloudRefused
from gcpsim.faults import parse_fault
from tests.clouds.gcp.rig import say
from tests.clouds.gcp.simulated import Simulated, simulated
from tests.fakes.mail import caught

SHOP, CAFE, NOBODY = "0a1b2c3d4e5f", "0a1b2c3d4e60", "ffffffffffff"
LETTER = b"To: ada@example.org\r\nSubject: Hello\r\n\r\nText.\r\n"


@pytest.fixture
async def cloud(tmp_path: Path) -> AsyncIterator[Simulated]:
    """Two sites with buckets."""
    with simulated(Settings(data_dir=tmp_path)) as on:
        for number, id in enumerate((SHOP, CAFE)):
            await on.cloud.buckets.ensure(EnvironmentSpec(id, number, "ten_a", f"s{id}"))
        yield on
        await on.google.aclose()


@pytest.fixture
def post(cloud: Simulated) -> BucketMail:
    assert isinstance(cloud.cloud.mail, BucketMail)
    return cloud.cloud.mail


def bucket(cloud: Simulated, id: str) -> str:
    return bucket_name(id, cloud.placements.platform.shards[0].project)


async def lay(cloud: Simulated, id: str, name: str, content: bytes = LETTER) -> None:
    """What a site's PHP puts into its mounted folder."""
    await cloud.google.upload(bucket(cloud, id), f"mail/{name}", content)


def names(cloud: Simulated, id: str, place: str) -> list[str]:
    listed: dict[str, Any] = say(cloud.simulator, "GET", f"/storage/v1/b/{bucket(cloud, id)}/o", prefix=place)
    return [one["name"].removeprefix(place) for one in listed.get("items", [])]


async def test_what_a_site_lays_down_is_handed_over_until_it_is_done_with(
    cloud: Simulated, post: BucketMail
) -> None:
    await lay(cloud, SHOP, "a1B2c3D4e5F6.eml")
    for _ in range(2):
        (message,) = await post.waiting({})
        assert (message.environment, message.name, message.content) == (SHOP, "a1B2c3D4e5F6", LETTER)
    assert await post.waiting({SHOP: ["a1B2c3D4e5F6", "neverwas1234"], NOBODY: ["a1B2c3D4e5F6"]}) == []
    assert names(cloud, SHOP, "mail/") == []


async def test_a_site_with_much_mail_keeps_nobody_elses_waiting(cloud: Simulated, post: BucketMail) -> None:
    for number in range(12):
        await lay(cloud, SHOP, f"{number:012d}.eml")
    await lay(cloud, CAFE, "a1B2c3D4e5F6.eml")
    first = await post.waiting({})
    assert [one.name for one in first if one.environment == SHOP] == [f"{number:012d}" for number in range(5)]
    assert [one.environment for one in first].count(CAFE) == 1
    done = {SHOP: [f"{number:012d}" for number in range(5)]}
    assert next(one.name for one in await post.waiting(done) if one.environment == SHOP) == f"{5:012d}"


async def test_what_is_no_message_is_left_alone_and_thrown_away_when_it_is_old(
    cloud: Simulated, post: BucketMail
) -> None:
    for name in (".a1B2c3D4e5F6", "short.eml", "inner/a1B2c3D4e5F6.eml", "a1B2c3D4e5F6.exe"):
        await lay(cloud, SHOP, name)
    assert await post.waiting({}) == []
    assert names(cloud, SHOP, "mail/") == []  # the simulator's clock is months behind: old
    await cloud.google.upload(bucket(cloud, SHOP), "uploads/a1B2c3D4e5F6.eml", LETTER)
    assert await post.waiting({}) == []
    assert names(cloud, SHOP, "uploads/") == ["a1B2c3D4e5F6.eml"]


async def test_what_is_too_large_is_told_without_its_content(
    cloud: Simulated, post: BucketMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "LARGEST", 40)
    await lay(cloud, SHOP, "a1B2c3D4e5F6.eml")
    (message,) = await post.waiting({})
    assert (message.size, message.content) == (len(LETTER), None)


async def test_a_bucket_that_is_gone_or_refuses_keeps_nobody_waiting(
    cloud: Simulated, post: BucketMail
) -> None:
    await lay(cloud, CAFE, "a1B2c3D4e5F6.eml")
    await cloud.cloud.buckets.remove(SHOP)
    assert [one.environment for one in await post.waiting({})] == [CAFE]
    with pytest.raises(CloudRefused, match="not kept"):
        await post.keep(NOBODY, *caught())


async def test_a_record_that_is_too_long_for_metadata_is_told_whole(
    cloud: Simulated, post: BucketMail
) -> None:
    kept, content = caught()
    many = replace(kept, recipients=tuple(f"{'x' * 200}{number}@example.org" for number in range(50)))
    await post.keep(SHOP, many, content)
    assert await post.kept(SHOP, 10) == [many]
    assert await post.named(SHOP, kept.name) == many
    assert await post.read(SHOP, kept.id) == (many, content)


async def test_the_oldest_make_room(
    cloud: Simulated, post: BucketMail, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mail, "MOST_KEPT", 3)
    for number in range(5):
        await post.keep(SHOP, *caught(f"177262560000{number}-{number:012d}"))
    assert [one.id[12] for one in await post.kept(SHOP, 10)] == ["4", "3", "2"]
    monkeypatch.setattr(mail, "MOST_KEPT_BYTES", 10)
    await post.keep(SHOP, *caught(f"1772625600009-{9:012d}"))
    assert [one.id[12] for one in await post.kept(SHOP, 10)] == ["9"]


async def test_mail_that_is_kept_is_told_of_by_one_question_for_all_buckets(
    cloud: Simulated, post: BucketMail
) -> None:
    await post.keep(SHOP, *caught())
    cloud.simulator.world.journal.entries.clear()
    assert await post.existing() == {SHOP}
    assert len(cloud.simulator.world.journal.entries) == 1
    await lay(cloud, SHOP, "a1B2c3D4e5F6.eml")
    await post.remove(SHOP)
    assert await post.existing() == set()
    assert names(cloud, SHOP, "mail/") == names(cloud, SHOP, "kept-mail/") == []
    await post.keep(SHOP, *caught())
    assert await post.existing() == {SHOP}


async def test_keeping_whose_answer_was_lost_keeps_once(cloud: Simulated, post: BucketMail) -> None:
    cloud.simulator.world.faults.planned.append(parse_fault("lost:storage.objects.insert:1"))
    letter = caught()
    await post.keep(SHOP, *letter)
    assert await post.kept(SHOP, 10) == [letter[0]]


def test_the_newest_message_has_the_first_name() -> None:
    early, late = "1772625600000-zzzzzzzzzzzz", "1772625600001-000000000000"
    assert str(kept_mail.name_of(late)) < str(kept_mail.name_of(early))
    assert [kept_mail.id_of(str(kept_mail.name_of(id))) for id in (early, late)] == [early, late]
    assert kept_mail.name_of("../../etc/passwd") is None
    assert kept_mail.id_of("kept-mail/other") is None


def test_everybody_is_asked_in_turn_and_who_has_some_comes_again_after_the_others() -> None:
    rounds, everybody = Rounds(), [f"{number:02}" for number in range(20)]
    asked: list[str] = []
    for _ in range(3):
        due = rounds.due(everybody, 0.0)
        asked += due
        for id in due:
            rounds.asked(id, 0.0, id == "00")
    assert asked[:20] == everybody
    assert asked[20:] == ["00"]
    assert rounds.due(everybody, LIVELY - 1) == ["00"]
    assert len(rounds.due(everybody, LIVELY)) == 8


def test_who_is_quiet_is_asked_once_a_minute_and_who_is_gone_never() -> None:
    rounds = Rounds()
    rounds.due(["a"], 0.0)
    for second in range(0, 3600, 5):
        for id in rounds.due(["a"], float(second)):
            rounds.asked(id, float(second), False)
    assert rounds.due(["a"], 3595.0 + QUIET - 6) == []
    assert rounds.due(["a"], 3600.0 + QUIET) == ["a"]
    assert rounds.due([], 9999.0) == []
