"""Texts sealed for somebody: they open for them and with that key, and otherwise not at all."""

from pathlib import Path

import pytest

from aipress.kit.sealed import Unreadable
from aipress.kit.sealed_text import TextSeal


def test_what_is_sealed_opens_for_whom_it_was_sealed_and_for_nobody_else(tmp_path: Path) -> None:
    seal = TextSeal(tmp_path / "keys" / "alerts.key")
    sealed = seal.seal("usr_ada", "a secret")
    assert TextSeal(tmp_path / "keys" / "alerts.key").open("usr_ada", sealed) == "a secret"
    assert (tmp_path / "keys" / "alerts.key").stat().st_mode & 0o777 == 0o600
    other = TextSeal(tmp_path / "other.key")
    for open_it in (lambda: seal.open("usr_bob", sealed), lambda: other.open("usr_ada", sealed)):
        with pytest.raises(Unreadable):
            open_it()
    for broken in ("", "nonsense", sealed[:-4]):
        with pytest.raises(Unreadable):
            seal.open("usr_ada", broken)
