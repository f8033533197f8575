"""Cloudflare with one thing wrong: the doctor names that one and what to do about it, and nothing else."""

from collections.abc import AsyncIterator

import pytest

from aipress.clouds.gcp.cloudflare import asking
from aipress.clouds.gcp.cloudflare.asking import Cloudflare
from aipress.clouds.gcp.doctor.cloudflare import examine
from aipress.clouds.gcp.platform import Zone
from tests.clouds.gcp.fronts import FRONT
from tests.clouds.gcp.simulated import PLATFORM
from tests.fakes.cloudflare import KEYS, NAMESPACE, TOKEN, ZONE, FakeCloudflare, cloudflare

OURS = Zone(name=ZONE, domain="bakery.example", by="cloudflare")
NAMED = PLATFORM.model_copy(update={"cloudflare": FRONT, "dns_zones": (OURS,)})


@pytest.fixture
async def asked() -> AsyncIterator[tuple[FakeCloudflare, Cloudflare]]:
    async def token() -> str:
        return TOKEN

    fake = FakeCloudflare()
    with cloudflare(fake) as endpoint:
        api = Cloudflare(token, endpoint)
        yield fake, api
        await api.aclose()


async def test_what_is_in_order_is_not_spoken_of(asked: tuple[FakeCloudflare, Cloudflare]) -> None:
    fake, api = asked
    assert await examine(api, NAMED) == []
    assert {verb for verb, _ in fake.asked} == {"GET"}
    fake.asked.clear()
    assert await examine(api, PLATFORM) == []
    assert fake.asked == []


@pytest.mark.parametrize(
    ("path", "field", "what", "said"),
    [
        (f"zones/{ZONE}", "status", f"zone {ZONE}", "has status pending, not active"),
        (f"zones/{ZONE}/custom_hostnames/fallback_origin", "status", "fallback origin", "has status pending"),
        (f"zones/{ZONE}/custom_hostnames/fallback_origin", "", "fallback origin", "is not there"),
        (KEYS.strip("/"), "", f"namespace {NAMESPACE}", "is not there"),
        (f"zones/{ZONE}", "name", "DNS zone bakery.example", "has name pending, not bakery.example"),
    ],
)
async def test_what_is_spoilt_is_named_and_nothing_else(
    asked: tuple[FakeCloudflare, Cloudflare], path: str, field: str, what: str, said: str
) -> None:
    fake, api = asked
    if field:
        fake.standing[path][field] = "pending"
    else:
        del fake.standing[path]
    (told,) = await examine(api, NAMED)
    assert (told.where, told.what, said in told.said, bool(told.remedy)) == ("Cloudflare", what, True, True)


async def test_a_token_that_may_not_look_is_said(
    asked: tuple[FakeCloudflare, Cloudflare], monkeypatch: pytest.MonkeyPatch
) -> None:
    fake, api = asked

    async def wrong() -> str:
        return "wrong"

    api.token = wrong
    told = await examine(api, NAMED)
    assert {"could not be looked at" in one.said for one in told} == {True}
    api.token, fake.faults = lambda: _known(), {-1: "429"}
    monkeypatch.setattr(asking, "DEADLINE", 0.01)
    assert all("429" in one.said for one in await examine(api, NAMED))


async def _known() -> str:
    return TOKEN
