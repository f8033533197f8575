"""What the facet of mail promises: what was kept is told newest first, under its name and whole, until its environment is removed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from tests.fakes.mail import caught


@pytest.fixture
async def there(cloud: Cloud, environment: EnvironmentSpec) -> EnvironmentSpec:
    """An environment with a place for files, where some clouds keep its mail too."""
    await cloud.buckets.ensure(environment)
    return environment


async def test_what_is_kept_is_told_newest_first_and_read_whole(cloud: Cloud, there: EnvironmentSpec) -> None:
    letters = [caught(f"177262560000{number}-{number:012d}", f"Bücher {number}") for number in (1, 0, 2)]
    for kept, content in letters:
        await cloud.mail.keep(there.id, kept, content)
    newest = [letters[2][0], letters[0][0], letters[1][0]]
    assert await cloud.mail.kept(there.id, 10) == newest
    assert await cloud.mail.kept(there.id, 1) == newest[:1]
    assert await cloud.mail.kept(there.id, 10, newest[0].id) == newest[1:]
    assert await cloud.mail.read(there.id, newest[0].id) == letters[2]
    assert await cloud.mail.named(there.id, newest[1].name) == newest[1]


async def test_keeping_again_replaces_what_was_kept(cloud: Cloud, there: EnvironmentSpec) -> None:
    kept, content = caught()
    later = replace(
        kept,
        outcome="refused",
        why="no",
        time=kept.time + timedelta(seconds=1),
        recipients=("a@b.c", "d@e.f"),
    )
    await cloud.mail.keep(there.id, replace(kept, outcome="sending"), content)
    await cloud.mail.keep(there.id, later, content)
    assert await cloud.mail.kept(there.id, 10) == [later]


async def test_what_was_never_kept_is_not_there(cloud: Cloud, there: EnvironmentSpec) -> None:
    assert await cloud.mail.kept(there.id, 10) == []
    assert await cloud.mail.named(there.id, "a" * 12) is None
    for id in ("1772625600000-a1B2c3D4e5F6", "../../etc/passwd", ""):
        assert await cloud.mail.read(there.id, id) is None


async def test_mail_goes_with_its_environment(cloud: Cloud, there: EnvironmentSpec) -> None:
    await cloud.mail.remove(there.id)
    await cloud.mail.keep(there.id, *caught())
    assert there.id in await cloud.mail.existing()
    await cloud.mail.remove(there.id)
    await cloud.mail.remove(there.id)
    assert there.id not in await cloud.mail.existing()
    assert await cloud.mail.kept(there.id, 10) == []
