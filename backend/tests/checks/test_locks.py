"""Locks that Debian 12's pip can install from."""

from checks.locks import complete

HASH = " \\\n    --hash=sha256:00\n"


def test_what_is_pinned_with_extras_is_pinned_plainly_too() -> None:
    lock = f"annotated==1{HASH}google-auth[requests]==2 ; python_version > '3'{HASH}zoo==1{HASH}"
    plain = f"google-auth==2 ; python_version > '3'{HASH}"
    assert complete(lock) == lock.replace("google-auth[", f"{plain}google-auth[")


def test_what_is_complete_stays_as_it_is() -> None:
    lock = f"google-auth==2{HASH}google-auth[requests]==2{HASH}"
    assert complete(lock) == lock
    assert complete(complete(lock)) == lock
