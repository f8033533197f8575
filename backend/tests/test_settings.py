"""What the settings refuse to start with, above all: nobody's tokens are believed outside a test."""

import pytest
from pydantic import ValidationError

from aipress.config import Settings

FIREBASE = {"firebase_project": "proj", "firebase_api_key": "key"}
EMULATOR = {**FIREBASE, "firebase_emulator": "127.0.0.1:18999"}


def refusal(**settings: object) -> str:
    with pytest.raises(ValidationError) as refused:
        Settings(**settings)
    return str(refused.value)


def test_an_emulator_is_refused_unless_this_is_a_test() -> None:
    assert "anybody could sign in" in refusal(**EMULATOR)
    assert Settings(**EMULATOR, testing=True).firebase_emulator == "127.0.0.1:18999"


def test_the_sdks_own_variable_is_refused_too(monkeypatch: pytest.MonkeyPatch) -> None:
    Settings(**FIREBASE)
    monkeypatch.setenv("FIREBASE_AUTH_EMULATOR_HOST", "127.0.0.1:18999")
    assert "FIREBASE_AUTH_EMULATOR_HOST" in refusal(**FIREBASE)
    assert "FIREBASE_AUTH_EMULATOR_HOST" in refusal()
    Settings(testing=True)


@pytest.mark.parametrize(
    "production",
    [
        {"cloud": "gcp"},
        {"host": "aipress.example"},
        {"host": "localhost.example"},
        {"host": "10.0.0.1"},
        {"host": "192.168.1.9"},
    ],
    ids=str,
)
def test_testing_refuses_to_start_in_production(production: dict[str, str]) -> None:
    assert Settings(**production).is_production
    assert "this is production" in refusal(**production, testing=True)
    assert "this is production" in refusal(**production, **EMULATOR, testing=True)


@pytest.mark.parametrize("host", ["localhost", "aipress.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]"])
def test_a_name_of_this_machine_alone_is_no_production(host: str) -> None:
    assert not Settings(host=host, testing=True).is_production


def test_google_cloud_among_other_clouds_counts_as_much_as_alone() -> None:
    assert Settings(other_clouds="gcp").is_production
    assert not Settings(other_clouds="gcp", gcp_endpoint="http://127.0.0.1:8099").is_production
    assert Settings(other_clouds="gcp", gcp_endpoint="http://127.0.0.1:8099").is_simulated
    assert not Settings(gcp_endpoint="http://127.0.0.1:8099").is_simulated, "nothing is asked of it"
    assert Settings(other_clouds="gcp,local,").clouds == ("local", "gcp")
    assert "other_clouds" in refusal(other_clouds="azure")


def test_google_cloud_on_a_simulator_of_this_machine_is_no_production() -> None:
    simulated = {"cloud": "gcp", "gcp_endpoint": "http://127.0.0.1:8099"}
    assert not Settings(**simulated, testing=True).is_production
    assert Settings(**simulated, host="aipress.example").is_production
    assert "gcp_endpoint" in refusal(cloud="gcp", gcp_endpoint="http://10.0.0.1:8099", testing=True)


@pytest.mark.parametrize(
    "address", ["10.0.0.1:9099", "emulator.example:9099", "localhost.example:9099", "9099", ":9099"]
)
def test_an_emulator_elsewhere_is_refused(address: str) -> None:
    assert "loopback" in refusal(**{**EMULATOR, "firebase_emulator": address}, testing=True)


@pytest.mark.parametrize("half", ["firebase_project", "firebase_api_key"])
def test_half_a_firebase_is_refused(half: str) -> None:
    assert "set both" in refusal(**{half: "x"})


def test_an_unknown_way_to_sign_in_is_named() -> None:
    assert "not facebook, twitter" in refusal(firebase_providers="google, twitter,facebook")
    assert Settings(firebase_providers=" google, email-link ").sign_in_ways == ["google", "email-link"]
