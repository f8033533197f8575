"""Firebase's ID tokens: the twenty, with Google's kind of key; and the emulator's, which nobody signs."""

import json
import time
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

from aipress.auth.emulator import EmulatorTokens
from aipress.auth.firebase import IdTokens, firebase_of
from aipress.auth.google_keys import GoogleKeys
from aipress.config import Settings
from aipress.errors import NotSignedIn
from tests.auth.google import Google, published
from tests.auth.hostile import GOOD, HARMLESS, Fooled, Issuer, encoded, twenty, unsigned
from tests.auth.test_claims import believed

LEFT = {"empty sub", "sub of 129 characters", "auth_time in the future", "another tenant's"}


@pytest.fixture
def id_tokens(like_google: Issuer, rsa_key: RSAPrivateKey) -> IdTokens:
    google = Google([published("1", rsa_key)])
    return IdTokens(like_google.trust.audience, GoogleKeys(transport=google.transport))


async def is_believed(id_tokens: IdTokens, token: str) -> bool:
    """Only our own refusal counts: anything else raised is a bug and fails the test."""
    try:
        await id_tokens.verify(token)
    except NotSignedIn:
        return False
    return True


async def test_of_the_twenty_with_googles_keys_only_the_good_and_the_harmless_are_believed(
    like_google: Issuer, id_tokens: IdTokens
) -> None:
    tokens = twenty(like_google)
    hostile = tokens.keys() - {GOOD, HARMLESS}
    assert len(hostile) == 18
    assert believed(Fooled(like_google).every_option, tokens) & hostile == LEFT
    found = {name for name, token in tokens.items() if await is_believed(id_tokens, token)}
    assert found == {GOOD, HARMLESS}


async def test_what_it_says_of_the_person_is_handed_on(like_google: Issuer, id_tokens: IdTokens) -> None:
    said = like_google.claims(email="ada@example.com", email_verified=True, name="Ada", role="admin")
    shown = await id_tokens.verify(like_google.sign(said))
    assert (shown.uid, shown.email, shown.is_verified, shown.name, shown.role) == (
        "usr_1",
        "ada@example.com",
        True,
        "Ada",
        "admin",
    )


@pytest.mark.parametrize("verified", ["true", 1, "True", None, [True]])
async def test_only_true_itself_says_that_an_address_is_verified(
    like_google: Issuer, id_tokens: IdTokens, verified: object
) -> None:
    said = like_google.claims(email="ada@example.com", email_verified=verified)
    assert not (await id_tokens.verify(like_google.sign(said))).is_verified


async def test_googles_clock_may_be_ten_seconds_ahead_and_no_more(
    like_google: Issuer, id_tokens: IdTokens
) -> None:
    now = int(time.time())
    for ahead, is_good in ((8, True), (14, False)):
        token = like_google.sign(like_google.claims(iat=now + ahead, auth_time=now + ahead))
        assert await is_believed(id_tokens, token) is is_good
    assert not await is_believed(id_tokens, like_google.sign(like_google.claims(exp=now)))


async def test_pitfall_19_an_unsigned_token_is_nothing_to_the_real_verifier(
    like_google: Issuer, id_tokens: IdTokens
) -> None:
    token = of_an_emulator(like_google)
    assert EmulatorTokens(like_google.trust.issuer, "proj").verify(token).subject == "usr_1"
    assert id_tokens.are_meant(token)
    assert not await is_believed(id_tokens, token)


HOSTILE_TO_THE_EMULATOR: dict[str, dict[str, Any]] = {
    "expired": {"exp": 1},
    "no exp": {"exp": None},
    "another project's": {"aud": "other"},
    "another issuer's": {"iss": "https://securetoken.google.com/other"},
    "a session cookie": {"iss": "https://session.firebase.google.com/proj"},
    "no sub": {"sub": ""},
    "signed in in the future": {"auth_time": 9_999_999_999},
    "another tenant's": {"firebase": {"tenant": "other"}},
}


@pytest.mark.parametrize("change", HOSTILE_TO_THE_EMULATOR.values(), ids=HOSTILE_TO_THE_EMULATOR.keys())
def test_an_emulators_token_is_asked_everything_but_its_signature(
    like_google: Issuer, change: dict[str, Any]
) -> None:
    emulator = EmulatorTokens(like_google.trust.issuer, "proj")
    emulator.verify(of_an_emulator(like_google))
    with pytest.raises(NotSignedIn):
        emulator.verify(of_an_emulator(like_google, **change))


@pytest.mark.parametrize(
    "header",
    [
        {"alg": "None", "typ": "JWT"},
        {"alg": "none"},
        {"alg": "none", "typ": "JWT", "kid": "1"},
        {"alg": "RS256"},
        [],
    ],
    ids=str,
)
def test_only_an_emulators_own_header_will_do(like_google: Issuer, header: Any) -> None:
    with pytest.raises(NotSignedIn):
        EmulatorTokens(like_google.trust.issuer, "proj").verify(unsigned(header, like_google.claims()) + ".")


@pytest.mark.parametrize(
    "token", ["", ".", "..", "a.b", "a.b.", "é.é.", "e30.e30.", f"{encoded(b'[' * 2000)}.e30."], ids=ascii
)
async def test_what_is_no_token_is_refused_and_never_a_crash(
    like_google: Issuer, id_tokens: IdTokens, token: str
) -> None:
    assert not id_tokens.are_meant(token)
    assert not await is_believed(id_tokens, token)
    with pytest.raises(NotSignedIn):
        EmulatorTokens(like_google.trust.issuer, "proj").verify(token)


def test_a_signed_token_is_none_of_an_emulators(like_google: Issuer) -> None:
    with pytest.raises(NotSignedIn):
        EmulatorTokens(like_google.trust.issuer, "proj").verify(like_google.sign(like_google.claims()))


def test_without_a_project_there_is_no_firebase() -> None:
    assert firebase_of(Settings()) is None


def test_a_setting_that_was_slipped_in_does_not_make_unsigned_tokens_good(like_google: Issuer) -> None:
    settings = Settings(firebase_project="proj", firebase_api_key="key")
    slipped = settings.model_copy(update={"firebase_emulator": "127.0.0.1:18999"})
    firebase = firebase_of(slipped)
    assert firebase is not None
    assert firebase.tokens.emulator is None


def of_an_emulator(issuer: Issuer, **changes: object) -> str:
    header = json.loads('{"alg": "none", "typ": "JWT"}')
    return f"{unsigned(header, issuer.claims(**changes))}."
