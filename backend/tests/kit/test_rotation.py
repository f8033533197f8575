"""A new master key: everything opens before, during and after, whoever is killed whenever."""

import os
import signal
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from aipress.kit.rotation import rotate
from aipress.kit.sealed import DATA_KEY, SealedError, SealedStore, Unreadable, ensure_master_key

SCOPES = ("a", "b", "c")
WRITES = 1 + len(SCOPES) + 1  # a successor, each scope's data key, the master key itself


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    """Three scopes with a value each."""
    (tmp_path / "vault").mkdir()
    ensure_master_key(tmp_path / "vault/master.key")
    (tmp_path / "vault/master.key").chmod(0o600)
    made = SealedStore(tmp_path / "vault", tmp_path / "vault/master.key")
    for scope in SCOPES:
        made.put(scope, "A", f"value of {scope}")
    return made


def everything(store: SealedStore) -> dict[str, dict[str, str]]:
    return {scope: store.read_all(scope) for scope in store.scopes()}


WHOLE = {scope: {"A": f"value of {scope}"} for scope in SCOPES}


def test_afterwards_everything_opens_with_the_new_key_and_nothing_with_the_old(
    store: SealedStore, tmp_path: Path
) -> None:
    sealed = (store.directory / "a/A.sealed").read_bytes()
    old = tmp_path / "old.key"
    old.write_bytes(store.master_key_path.read_bytes())
    assert len(list(rotate(store))) == WRITES
    assert everything(store) == WHOLE
    assert store.master_key_path.read_bytes() != old.read_bytes()
    assert (store.directory / "a/A.sealed").read_bytes() == sealed
    for scope in SCOPES:
        with pytest.raises(Unreadable):
            SealedStore(store.directory, old).get(scope, "A")
    assert stat.S_IMODE(store.master_key_path.stat().st_mode) == 0o600
    assert sorted(path.name for path in store.directory.iterdir()) == [*SCOPES, "master.key"]


@pytest.mark.parametrize("writes", range(WRITES + 1))
def test_killed_after_any_write_everything_opens_new_values_are_kept_and_saying_it_again_finishes(
    store: SealedStore, writes: int
) -> None:
    script = (
        "import os, signal, sys; from pathlib import Path; from aipress.kit.rotation import rotate\n"
        "from aipress.kit.sealed import SealedStore\n"
        "rounds = rotate(SealedStore(Path(sys.argv[1]), Path(sys.argv[1]) / 'master.key'))\n"
        "for _ in range(int(sys.argv[2])): next(rounds)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    killed = subprocess.run([sys.executable, "-c", script, str(store.directory), str(writes)], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert everything(store) == WHOLE
    store.put("d", "A", "value of d")
    store.put("a", "A", "a newer value")
    list(rotate(store))
    assert everything(store) == {**WHOLE, "a": {"A": "a newer value"}, "d": {"A": "value of d"}}
    assert len(store.master_keys()) == 1


def test_readers_and_makers_of_new_scopes_notice_nothing_of_many_rotations(store: SealedStore) -> None:
    is_over = threading.Event()
    looks: list[str | None] = []
    made: list[str] = []

    def read() -> None:
        while not is_over.is_set():
            looks.append(store.get("b", "A"))

    def make() -> None:
        while not is_over.is_set():
            store.put(f"n{len(made)}", "A", f"n{len(made)}")
            made.append(f"n{len(made)}")

    def is_enough(rotations: int) -> bool:
        return rotations >= 15 and len(looks) > 15 and len(made) > 1

    with ThreadPoolExecutor() as pool:
        going = [pool.submit(read), pool.submit(make)]
        rotations = 0
        try:
            # A lock on a file is nobody's in turn: how soon the maker gets it is the machine's affair.
            while not (is_enough(rotations) or any(one.done() for one in going)):
                list(rotate(store))
                rotations += 1
        finally:
            is_over.set()
    assert [one.exception() for one in going] == [None, None]
    assert is_enough(rotations)
    assert set(looks) == {"value of b"}
    assert everything(store) == WHOLE | {scope: {"A": scope} for scope in made}


def test_a_data_key_that_opens_with_neither_stops_it_before_the_old_key_is_gone(store: SealedStore) -> None:
    damaged = store.directory / "c" / DATA_KEY
    whole = damaged.read_bytes()
    damaged.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(SealedError, match="c"):
        list(rotate(store))
    assert (store.get("a", "A"), store.get("b", "A")) == ("value of a", "value of b")
    damaged.write_bytes(whole)
    assert everything(store) == WHOLE
    list(rotate(store))
    assert everything(store) == WHOLE


def test_without_a_master_key_nothing_is_rotated(store: SealedStore) -> None:
    os.unlink(store.master_key_path)
    with pytest.raises(SealedError, match="missing"):
        list(rotate(store))
    assert not (store.directory / "master.key.next").exists()


def test_a_half_removed_scope_is_passed_by(store: SealedStore) -> None:
    (store.directory / "c" / DATA_KEY).unlink()
    assert "the master key" in list(rotate(store))
    assert store.get("a", "A") == "value of a"
