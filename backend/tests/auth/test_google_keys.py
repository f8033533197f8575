"""Google's keys: kept as long as Google says, asked for again when they turn over, and nobody believed without them."""

import asyncio

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from aipress.auth.google_keys import GoogleKeys
from aipress.errors import CloudBusy
from tests.auth.google import Google, Watch, published


@pytest.fixture
def google(rsa_key: RSAPrivateKey) -> Google:
    return Google([published("1", rsa_key)])


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def keys(google: Google, watch: Watch) -> GoogleKeys:
    return GoogleKeys(transport=google.transport, now=watch)


async def test_keys_are_fetched_once_and_kept_as_long_as_google_says(
    keys: GoogleKeys, google: Google, watch: Watch
) -> None:
    found = await asyncio.gather(*(keys.keys_for("1") for _ in range(20)))
    assert all(one.keys() == {"1"} for one in found)
    watch.pass_(599)
    await keys.keys_for("1")
    assert google.asked == 1
    watch.pass_(1)
    await keys.keys_for("1")
    assert google.asked == 2


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Cache-Control": "no-store, max-age=600"},
        {"Cache-Control": "max-age=0"},
        {"Cache-Control": "s-max-age=600"},
        {"Cache-Control": "max-age=600", "Age": "600"},
    ],
    ids=str,
)
async def test_what_may_not_be_kept_is_not_kept(
    keys: GoogleKeys, google: Google, headers: dict[str, str]
) -> None:
    google.headers = headers
    for asked in (1, 2):
        assert (await keys.keys_for("1")).keys() == {"1"}
        assert google.asked == asked


async def test_no_key_is_kept_for_more_than_a_day(keys: GoogleKeys, google: Google, watch: Watch) -> None:
    google.headers = {"Cache-Control": "max-age=999999999"}
    await keys.keys_for("1")
    watch.pass_(86_400)
    await keys.keys_for("1")
    assert google.asked == 2


async def test_a_new_key_is_found_before_the_old_ones_expire(
    keys: GoogleKeys, google: Google, watch: Watch, rsa_key: RSAPrivateKey
) -> None:
    await keys.keys_for("1")
    watch.pass_(31)
    google.keys = [published("2", rsa_key)]
    assert (await keys.keys_for("2")).keys() == {"2"}


async def test_invented_kids_do_not_make_us_ask_google_each_time(
    keys: GoogleKeys, google: Google, watch: Watch
) -> None:
    for number in range(100):
        assert "invented" not in await keys.keys_for(f"invented {number}")
    assert google.asked == 1
    watch.pass_(31)
    for number in range(100):
        await keys.keys_for(f"invented {number}")
    assert google.asked == 2


@pytest.mark.parametrize(
    "keys_there", [[], [{"kty": "oct", "k": "c2VjcmV0", "kid": "1"}], ["x"], [{"kid": "1"}]], ids=str
)
async def test_an_answer_without_a_usable_key_is_none(
    keys: GoogleKeys, google: Google, keys_there: list[dict[str, str]]
) -> None:
    google.keys = keys_there
    with pytest.raises(CloudBusy):
        await keys.keys_for("1")


async def test_when_google_is_away_old_keys_are_not_used_and_it_is_not_asked_at_every_request(
    keys: GoogleKeys, google: Google, watch: Watch
) -> None:
    await keys.keys_for("1")
    google.status = 503
    watch.pass_(600)
    for _ in range(10):
        with pytest.raises(CloudBusy):
            await keys.keys_for("1")
    assert google.asked == 2
    google.status = 200
    watch.pass_(31)
    assert (await keys.keys_for("1")).keys() == {"1"}
