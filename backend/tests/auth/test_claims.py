"""No hostile token is believed, and each is shown to fool a weaker verifier first."""

import json
import random
import time
from collections.abc import Callable

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from aipress.auth.claims import LAST_MOMENT, LONGEST_TOKEN, REQUIRED, Trust, check_claims
from aipress.errors import NotSignedIn
from tests.auth.hostile import GOOD, HARMLESS, Fooled, Issuer, decoded, encoded, twenty
from tests.auth.mutants import mutants

LEFT_BY_EVERY_OPTION = {"empty sub", "sub of 129 characters", "auth_time in the future", "another tenant's"}
LEFT_BY_AUDIENCE_ONLY = LEFT_BY_EVERY_OPTION | {
    "aud list",
    "wrong iss",
    "session cookie's iss",
    "no exp",
    "no sub",
    "no auth_time",
    "no iss",
}


def test_none_of_eighteen_hostile_tokens_is_believed_and_each_fools_a_weaker_check(issuer: Issuer) -> None:
    tokens = twenty(issuer)
    hostile = tokens.keys() - {GOOD, HARMLESS}
    fooled = Fooled(issuer)
    assert (len(tokens), len(hostile)) == (20, 18)
    assert believed(fooled.by_the_header, tokens) == tokens.keys()
    assert believed(fooled.audience_only, tokens) & hostile == LEFT_BY_AUDIENCE_ONLY
    assert believed(fooled.every_option, tokens) & hostile == LEFT_BY_EVERY_OPTION
    assert believed(lambda token: check_claims(token, issuer.trust), tokens) == {GOOD, HARMLESS}


def test_what_a_good_token_says_is_handed_on(issuer: Issuer) -> None:
    claims = check_claims(
        issuer.sign(issuer.claims(iat=1_000, auth_time=900, email="ada@example.com")), issuer.trust
    )
    assert (claims.subject, claims.issued_at.timestamp(), claims.signed_in_at.timestamp()) == (
        "usr_1",
        1_000,
        900,
    )
    assert claims.rest == {"kind": "user", "email": "ada@example.com"}


@pytest.mark.parametrize("length", [1, 128])
def test_a_subject_of_1_to_128_characters_is_good(ourselves: Issuer, length: int) -> None:
    token = ourselves.sign(ourselves.claims(sub="a" * length))
    assert len(check_claims(token, ourselves.trust).subject) == length


HEADERS: dict[str, dict[str, object]] = {
    "no kid": {"kid": None},
    "an unknown kid": {"kid": "other"},
    "a kid that is a number": {"kid": 1},
    "a crit we would know": {"crit": ["b64"], "b64": True},
    "an unencoded payload": {"b64": False},
    "a compressed payload": {"zip": "DEF"},
    "another type of token": {"typ": "at+jwt"},
    "another algorithm": {"alg": "ES256"},
    "no algorithm": {"alg": None},
    "an algorithm in small letters": {"alg": "eddsa"},
    "a crit that is no list": {"crit": "x"},
}


@pytest.mark.parametrize("change", HEADERS.values(), ids=HEADERS.keys())
def test_a_header_we_do_not_speak_is_refused_though_the_signature_is_right(
    ourselves: Issuer, change: dict[str, object]
) -> None:
    header = {"alg": "EdDSA", "typ": "JWT", "kid": ourselves.kid, **change}
    token = resigned(ourselves, {name: value for name, value in header.items() if value is not None})
    Fooled(ourselves).by_the_header(token)
    assert is_refused(token, ourselves.trust)


def test_a_key_the_token_brings_along_is_not_used(ourselves: Issuer) -> None:
    theirs = Ed25519PrivateKey.generate()
    brought = json.loads(jwt.algorithms.OKPAlgorithm.to_jwk(theirs.public_key()))
    token = jwt.encode(ourselves.claims(), theirs, "EdDSA", {"kid": ourselves.kid, "jwk": brought})
    jwt.decode(token, jwt.PyJWK(brought, "EdDSA"), audience=ourselves.trust.audience)
    assert is_refused(token, ourselves.trust)


def test_another_issuers_good_token_is_refused(ourselves: Issuer, like_google: Issuer) -> None:
    check_claims(like_google.sign(like_google.claims()), like_google.trust)
    assert is_refused(like_google.sign(like_google.claims()), ourselves.trust)


STRANGE = [
    None,
    True,
    False,
    "",
    "soon",
    "1",
    [],
    ["aipress"],
    {},
    -1,
    1.5,
    float("nan"),
    float("inf"),
    10**400,
]

GOOD_SUBJECTS = ("soon", "1")


@pytest.mark.parametrize(
    ("claim", "value"),
    [
        (claim, value)
        for claim in REQUIRED
        for value in STRANGE
        if claim != "sub" or value not in GOOD_SUBJECTS
    ],
    ids=lambda part: repr(part)[:12],
)
def test_a_signed_claim_of_the_wrong_kind_is_refused_and_never_a_crash(
    ourselves: Issuer, claim: str, value: object
) -> None:
    claims = {**ourselves.claims(), claim: value}
    token = resigned(ourselves, {"alg": "EdDSA", "kid": ourselves.kid}, json.dumps(claims).encode())
    assert is_refused(token, ourselves.trust)


@pytest.mark.parametrize("payload", [b"", b"null", b"[]", b'"x"', b"{", b"\xff", b"[" * 2000], ids=repr)
def test_a_signed_payload_that_is_no_object_is_refused(ourselves: Issuer, payload: bytes) -> None:
    assert is_refused(resigned(ourselves, {"alg": "EdDSA", "kid": ourselves.kid}, payload), ourselves.trust)


@pytest.mark.parametrize("firebase", ["x", [], 1, {"tenant": ""}, {"tenant": 0}])
def test_a_firebase_claim_that_is_odd_or_names_a_tenant_is_refused(
    like_google: Issuer, firebase: object
) -> None:
    check_claims(like_google.sign(like_google.claims(firebase={"sign_in_provider": "x"})), like_google.trust)
    assert is_refused(like_google.sign(like_google.claims(firebase=firebase)), like_google.trust)


def test_the_last_moments_of_a_token_are_exact(ourselves: Issuer) -> None:
    now = int(time.time())
    check_claims(ourselves.sign(ourselves.claims(iat=now, auth_time=now, exp=LAST_MOMENT)), ourselves.trust)
    for wrong in ({"exp": now}, {"exp": LAST_MOMENT + 1}, {"nbf": now + 60}):
        assert is_refused(ourselves.sign(ourselves.claims(**wrong)), ourselves.trust)


@pytest.mark.parametrize(
    "token",
    ["", ".", "..", "...", "a.b.c", "é.é.é", "\x00", "[" * 3000, "e30.e30.", "x" * 100_000, encoded(b"[" * 3000) + ".e30.e30"],
    ids=lambda token: ascii(token[:12]),
)  # fmt: skip
def test_what_is_no_token_is_refused_and_never_a_crash(ourselves: Issuer, token: str) -> None:
    assert is_refused(token, ourselves.trust)


def test_the_same_token_written_otherwise_is_refused(ourselves: Issuer) -> None:
    token = ourselves.sign(ourselves.claims())
    check_claims(token, ourselves.trust)
    Fooled(ourselves).every_option(f"{token}==")
    for other in (f"{token}==", f"{token}=", f" {token}", f"{token}\n", with_other_last_bits(token)):
        assert other != token
        assert is_refused(other, ourselves.trust)


def test_a_token_that_is_too_long_is_refused_before_it_is_read(ourselves: Issuer) -> None:
    token = ourselves.sign(ourselves.claims(email="a" * LONGEST_TOKEN))
    Fooled(ourselves).every_option(token)
    assert is_refused(token, ourselves.trust)


def test_ten_thousand_mutated_tokens_are_all_refused(issuer: Issuer) -> None:
    rounds = 10_000 if issuer.algorithm == "EdDSA" else 2_000
    chance = random.Random(20)  # noqa: S311
    token = issuer.sign(issuer.claims())
    survivors = [mutant for mutant in mutants(token, chance, rounds) if not is_refused(mutant, issuer.trust)]
    assert survivors == []


def with_other_last_bits(token: str) -> str:
    """The same signature bytes, spelled with other unused bits: lenient decoders don't see the difference."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    other = token[:-1] + alphabet[alphabet.index(token[-1]) ^ 1]
    assert decoded(other.rpartition(".")[2]) == decoded(token.rpartition(".")[2])
    return other


def resigned(issuer: Issuer, header: dict[str, object], payload: bytes | None = None) -> str:
    """A token with exactly this header and payload, signed by the issuer's real key."""
    content = json.dumps(issuer.claims()).encode() if payload is None else payload
    signing = f"{encoded(json.dumps(header).encode())}.{encoded(content)}"
    return f"{signing}.{encoded(issuer.private.sign(signing.encode()))}"


def believed(verify: Callable[[str], object], tokens: dict[str, str]) -> set[str]:
    found = set()
    for name, token in tokens.items():
        try:
            verify(token)
        except (jwt.PyJWTError, NotSignedIn, AssertionError):
            continue
        found.add(name)
    return found


def is_refused(token: str, trust: Trust) -> bool:
    """Only our own refusal counts: anything else raised is a bug and fails the test."""
    try:
        check_claims(token, trust)
    except NotSignedIn:
        return True
    return False
