"""As many writes in a minute as Google takes, each in its turn."""

import threading
from collections import Counter
from dataclasses import replace
from itertools import pairwise

import pytest

from aipress.clouds.gcp import buckets, secrets
from aipress.clouds.gcp.environments import wanted
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.pacing import Pace
from aipress.clouds.gcp.quotas import Rate
from aipress.clouds.gcp.resources import Resource
from aipress.errors import CloudBusy
from tests.clouds.gcp.rig import ENVIRONMENT, PLACE

SECRET = secrets.secret(ENVIRONMENT, PLACE, "w0123456789ab-x")


def test_what_is_more_than_a_minute_takes_is_put_off_in_order() -> None:
    pace = Pace((Rate("secretmanager", 3),), now=lambda: 100.0)
    assert [pace.room_in(SECRET) for _ in range(8)] == [0, 0, 0, 60, 60, 60, 120, 120]
    elsewhere = secrets.secret(ENVIRONMENT, replace(PLACE, project="aipress-eu2"), "w0123456789ab-x")
    assert pace.room_in(elsewhere) == 0
    assert pace.room_in(buckets.bucket(ENVIRONMENT, PLACE)) == 0
    assert pace.room_in(replace(SECRET, verb="GET")) == 0


def test_a_hundred_sites_at_once_stay_within_every_rate_and_eighteen_are_made_in_a_minute() -> None:
    pace = Pace(now=lambda: 0.0)
    last = []
    moments: Counter[tuple[str, float]] = Counter()
    for number in range(100):
        site = replace(ENVIRONMENT, id=f"{number:012x}", slug=f"site-{number}")
        asked = [
            one
            for made in wanted(site, PLACE).all
            for one in ([made, secrets.version(PLACE, made.name, b"x")] if made.kind == "secret" else [made])
        ]
        waits = [(one.api, pace.room_in(one)) for one in asked]
        moments.update(waits)
        last.append(max(wait for _, wait in waits))
    assert all(count <= 600 for (api, _), count in moments.items() if api == "secretmanager")
    assert sum(wait < 60 for wait in last) == 18
    assert all(after >= before for before, after in pairwise(last))


def test_moments_are_given_once_however_many_threads_ask() -> None:
    pace = Pace((Rate("secretmanager", 50),), now=lambda: 0.0)
    given: list[float] = []
    asking = [
        threading.Thread(target=lambda: given.extend(pace.room_in(SECRET) for _ in range(100)))
        for _ in range(8)
    ]
    for one in asking:
        one.start()
    for one in asking:
        one.join()
    assert set(Counter(given).values()) == {50}


class Full(Pace):
    """A pace that has no room, and says so instead of waiting."""

    async def wait(self, resource: Resource) -> None:
        raise CloudBusy(f"no room for {resource.name}")


async def test_who_asks_google_waits_for_room() -> None:
    google = Google("http://127.0.0.1:1")
    google.pace = Full()
    with pytest.raises(CloudBusy, match="no room for w0123456789ab-x"):
        await google.ask(SECRET)
    await google.aclose()
