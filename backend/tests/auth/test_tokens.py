"""Our own tokens: who may have one, for how long, and the key they are signed with."""

import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import jwt
import pytest

from aipress.auth.claims import check_claims
from aipress.auth.keeping import keep_once
from aipress.auth.operator import is_token, operator_token
from aipress.auth.principal import Principal, Role
from aipress.auth.tokens import LONGEST_LIFE, Kind, Tokens
from aipress.config import Settings
from aipress.errors import AIPressError, NotAllowed, NotSignedIn
from aipress.kit import clock
from tests.auth.hostile import Issuer

ADA = Principal("user", "usr_ada", "ada@example.com", "Ada", Role.ADMIN)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize("kind", ["user", "agent"])
def test_a_token_says_whom_it_speaks_for_and_nothing_of_their_rights(tokens: Tokens, kind: Kind) -> None:
    issued = tokens.issue(ADA, kind, MINUTE)
    bearer = tokens.verify(issued.token)
    assert (bearer.subject, bearer.kind) == ("usr_ada", kind)
    assert issued.expires_at - bearer.issued_at == MINUTE
    said = jwt.decode(issued.token, options={"verify_signature": False})
    assert said.keys() == {"iss", "aud", "sub", "iat", "exp", "auth_time", "jti", "kind"}


def test_a_token_remembers_when_its_person_signed_in(tokens: Tokens) -> None:
    yesterday = clock.in_seconds(-86_400).replace(microsecond=0)
    token = tokens.issue(replace(ADA, signed_in_at=yesterday), "agent", MINUTE).token
    assert tokens.verify(token).signed_in_at == yesterday


def test_an_agent_can_not_make_tokens(tokens: Tokens) -> None:
    with pytest.raises(NotAllowed):
        tokens.issue(replace(ADA, kind="agent"), "agent", MINUTE)


@pytest.mark.parametrize("kind", ["user", "agent"])
def test_no_token_lives_longer_than_its_kind_may(tokens: Tokens, kind: Kind) -> None:
    tokens.issue(ADA, kind, LONGEST_LIFE[kind])
    with pytest.raises(NotAllowed):
        tokens.issue(ADA, kind, LONGEST_LIFE[kind] + timedelta(seconds=1))


@pytest.mark.parametrize("kind", [None, "operator", "", 1, ["user"]])
def test_a_signed_token_of_another_kind_is_refused(tokens: Tokens, ourselves: Issuer, kind: object) -> None:
    token = ourselves.sign(ourselves.claims(kind=kind))
    check_claims(token, tokens.trust)
    with pytest.raises(NotSignedIn):
        tokens.verify(token)


def test_an_expired_token_is_told_so(tokens: Tokens, ourselves: Issuer) -> None:
    with pytest.raises(NotSignedIn, match="expired"):
        tokens.verify(ourselves.sign(ourselves.claims(exp=1_000_000)))


def test_anyone_can_verify_a_token_with_the_published_keys(tokens: Tokens) -> None:
    token = tokens.issue(ADA, "user", MINUTE).token
    published = jwt.PyJWKSet.from_dict(json.loads(json.dumps(tokens.jwks())))
    key = published[jwt.get_unverified_header(token)["kid"]]
    claims = jwt.decode(token, key, audience="aipress", issuer="http://localhost:8080")
    assert claims["sub"] == "usr_ada"
    assert all("d" not in one for one in tokens.jwks()["keys"])


def test_a_restart_keeps_the_key_and_another_installation_has_another(
    settings: Settings, tokens: Tokens, tmp_path: Path
) -> None:
    token = tokens.issue(ADA, "user", MINUTE).token
    assert Tokens(settings).verify(token).subject == "usr_ada"
    with pytest.raises(NotSignedIn):
        Tokens(Settings(data_dir=tmp_path)).verify(token)


def test_at_another_address_older_tokens_are_void(settings: Settings, tokens: Tokens) -> None:
    moved = Tokens(Settings(data_dir=settings.data_dir, port=9090))
    assert moved.kid == tokens.kid
    with pytest.raises(NotSignedIn):
        moved.verify(tokens.issue(ADA, "user", MINUTE).token)


def test_the_installations_secrets_are_its_own_to_read(settings: Settings, tokens: Tokens) -> None:
    operator_token(settings)
    kept = {path.name: stat.S_IMODE(path.stat().st_mode) for path in settings.control_dir.iterdir()}
    assert kept == {"signing.key": 0o600, "operator.token": 0o600}


def test_a_secret_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    keep_once(path, lambda: b"x")
    path.chmod(0o640)
    with pytest.raises(AIPressError, match="can be read by others"):
        keep_once(path, lambda: b"x")


def test_of_twenty_that_start_at_once_all_get_the_same_whole_secret(tmp_path: Path) -> None:
    path = tmp_path / "control" / "secret"
    made = [f"secret {number}".encode() * 1000 for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        got = set(pool.map(lambda secret: keep_once(path, lambda: secret), made))
    assert len(got) == 1
    assert got < set(made)
    assert [file.name for file in path.parent.iterdir()] == ["secret"]


def test_the_operator_token_is_long_and_nothing_else_is_it(settings: Settings) -> None:
    token = operator_token(settings)
    assert token == operator_token(settings)
    assert len(token) >= 43
    assert is_token(token, token)
    assert not any(is_token(other, token) for other in ("", token[:-1], token + "x", token.upper(), "é"))
