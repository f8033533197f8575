"""Locks that Debian 12's pip can install from."""

from checks.locks import BACKEND, complete, unwanted

HASH = " \\\n    --hash=sha256:00\n"


def test_what_is_pinned_with_extras_is_pinned_plainly_too() -> None:
    lock = f"annotated==1{HASH}google-auth[requests]==2 ; python_version > '3'{HASH}zoo==1{HASH}"
    plain = f"google-auth==2 ; python_version > '3'{HASH}"
    assert complete(lock) == lock.replace("google-auth[", f"{plain}google-auth[")


def test_what_is_complete_stays_as_it_is() -> None:
    lock = f"google-auth==2{HASH}google-auth[requests]==2{HASH}"
    assert complete(lock) == lock
    assert complete(complete(lock)) == lock


def test_pitfall_18_googles_old_client_for_models_stands_in_no_lock() -> None:
    """google-cloud-aiplatform and google-genai want versions of each other that can't both be had."""
    for lock in BACKEND.glob("requirements*.lock"):
        assert list(unwanted(lock.read_text())) == []
    assert "google-genai==" in (BACKEND / "requirements.lock").read_text()
    for written in ("google-cloud-aiplatform", "google-cloud-aiplatform[all]"):
        assert len(list(unwanted(f"a==1{HASH}{written}==2.7.0{HASH}"))) == 1
