"""Sealed values: what goes in comes out, and nothing moved, damaged or guessed does."""

import os
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from aipress.kit.sealed import NotSealed, SealedError, SealedStore, Unreadable, ensure_master_key

CANARY = "canary-7f3a-hunter2"
OLD_DATA_KEY = (
    "0100000000000000016959388d3d230a9943cefae357a11a95b3509b777c5f98f365734a380ef181f00f43ba84"
    "1f7f59c42a7bb65e56cf78059351be5992c4dcdea09f4d62"
)
OLD_VALUE = (
    "010000000000000002d2e9d75463af604ad8e0746c8e210bd22d58a1c340e2af4c6131bf91e4743ece4e46c646b2fcea18c2"
)


@pytest.fixture
def store(tmp_path: Path) -> SealedStore:
    (tmp_path / "vault").mkdir()
    ensure_master_key(tmp_path / "vault/master.key")
    return SealedStore(tmp_path / "vault", tmp_path / "vault/master.key")


def test_what_was_put_is_read_back_exactly(store: SealedStore) -> None:
    for value in ("plain", "", "späcial \U0001f512\nlines", "x" * 10_000):
        store.put("site", "PASSWORD", value)
        assert store.get("site", "PASSWORD") == value


def test_the_value_is_nowhere_on_disk_in_clear(store: SealedStore) -> None:
    store.put("site", "PASSWORD", CANARY)
    written = [path.read_bytes() for path in store.directory.rglob("*") if path.is_file()]
    assert len(written) == 3
    assert not any(CANARY.encode() in content for content in written)


def test_all_values_of_a_scope_come_together_and_no_others(store: SealedStore) -> None:
    store.put("one", "A", "1")
    store.put("one", "B", "2")
    store.put("two", "A", "3")
    assert store.read_all("one") == {"A": "1", "B": "2"}
    assert store.names("two") == ["A"]
    assert store.read_all("three") == {}


def test_a_file_swapped_with_another_name_does_not_open(store: SealedStore) -> None:
    store.put("site", "A", "1")
    store.put("site", "B", "2")
    (store.directory / "site/A.sealed").write_bytes((store.directory / "site/B.sealed").read_bytes())
    with pytest.raises(Unreadable):
        store.get("site", "A")


def test_a_file_moved_to_another_scope_does_not_open_even_with_its_data_key(store: SealedStore) -> None:
    store.put("one", "A", "1")
    store.put("two", "A", "2")
    for file in ("A.sealed", ".key"):
        (store.directory / "two" / file).write_bytes((store.directory / "one" / file).read_bytes())
    with pytest.raises(Unreadable):
        store.get("two", "A")


def test_the_version_can_not_be_rewritten(store: SealedStore) -> None:
    store.put("site", "A", "old")
    store.put("site", "A", "new")
    place = store.directory / "site/A.sealed"
    sealed = bytearray(place.read_bytes())
    assert int.from_bytes(sealed[1:9], "big") == 2
    sealed[1:9] = (3).to_bytes(8, "big")
    place.write_bytes(sealed)
    with pytest.raises(Unreadable):
        store.get("site", "A")


def test_an_older_version_put_in_the_place_of_a_newer_one_does_not_open_nor_does_another_name(
    store: SealedStore,
) -> None:
    """A value that is replaced under a name of its own for each version, as a site's secrets are."""
    for version in (1, 2, 3):
        store.put("site", f"KEY-{version}", f"value {version}")
    store.put("site", "OTHER-3", "another")
    old, newest, other = (store.directory / f"site/{name}.sealed" for name in ("KEY-1", "KEY-3", "OTHER-3"))
    for forged in (old, other):
        newest.write_bytes(forged.read_bytes())
        with pytest.raises(Unreadable, match="KEY-3"):
            store.get("site", "KEY-3")


def test_a_file_sealed_by_an_earlier_release_opens(tmp_path: Path) -> None:
    """Written with the first release's code: the format is a promise."""
    (tmp_path / "site").mkdir()
    (tmp_path / "master.key").write_bytes(bytes(range(32)))
    (tmp_path / "site/.key").write_bytes(bytes.fromhex(OLD_DATA_KEY))
    (tmp_path / "site/A.sealed").write_bytes(bytes.fromhex(OLD_VALUE))
    assert SealedStore(tmp_path, tmp_path / "master.key").get("site", "A") == "from long ago"


def test_any_flipped_byte_is_noticed_and_the_error_does_not_say_the_value(store: SealedStore) -> None:
    store.put("site", "A", CANARY)
    place = store.directory / "site/A.sealed"
    whole = place.read_bytes()
    for position in range(len(whole)):
        place.write_bytes(whole[:position] + bytes([whole[position] ^ 1]) + whole[position + 1 :])
        with pytest.raises(Unreadable) as refusal:
            store.get("site", "A")
        assert CANARY not in str(refusal.value)


@pytest.mark.parametrize("length", [0, 1, 20, 21, 30])
def test_a_cut_file_is_damaged_not_empty(store: SealedStore, length: int) -> None:
    store.put("site", "A", "value")
    place = store.directory / "site/A.sealed"
    place.write_bytes(place.read_bytes()[:length])
    with pytest.raises(Unreadable):
        store.get("site", "A")


def test_another_master_key_opens_nothing(store: SealedStore, tmp_path: Path) -> None:
    store.put("site", "A", "value")
    ensure_master_key(tmp_path / "other.key")
    with pytest.raises(Unreadable):
        SealedStore(store.directory, tmp_path / "other.key").get("site", "A")


def test_without_its_master_key_nothing_is_sealed_and_no_new_key_is_made(tmp_path: Path) -> None:
    store = SealedStore(tmp_path, tmp_path / "master.key")
    with pytest.raises(SealedError, match="missing"):
        store.put("site", "A", "value")
    assert not (tmp_path / "master.key").exists()


def test_the_master_key_is_made_once(tmp_path: Path) -> None:
    ensure_master_key(tmp_path / "k")
    first = (tmp_path / "k").read_bytes()
    ensure_master_key(tmp_path / "k")
    assert (tmp_path / "k").read_bytes() == first
    assert len(first) == 32


def test_generated_values_are_long_different_and_stay(store: SealedStore) -> None:
    store.put("site", "B", "mine")
    store.generate("site", ["A", "B", "C"])
    first = store.read_all("site")
    store.generate("site", ["A", "B", "C", "D"])
    assert first["B"] == "mine"
    assert len(first["A"]) == len(first["C"]) == 64
    assert len({*first.values(), store.get("site", "D")}) == 4
    assert {**store.read_all("site"), **first} == store.read_all("site")


def test_many_writers_generating_at_once_agree_on_one_value(store: SealedStore) -> None:
    seen: list[dict[str, str]] = []

    def generate() -> None:
        store.generate("site", ["A", "B"])
        seen.append(store.read_all("site"))

    threads = [threading.Thread(target=generate) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 12
    assert all(values == seen[0] for values in seen)


def test_a_removed_scope_is_gone_and_may_be_removed_again(store: SealedStore) -> None:
    store.put("site", "A", "value")
    store.remove_scope("site")
    store.remove_scope("site")
    assert store.names("site") == []
    assert not (store.directory / "site").exists()
    with pytest.raises(NotSealed):
        store.get("site", "A")


@pytest.mark.parametrize("bad", ["", "..", ".", "a/b", "/etc", ".key", "a" * 81, "a\n", "-a", "a\x00"])
def test_names_that_could_leave_the_directory_are_refused(store: SealedStore, bad: str) -> None:
    for attempt in (
        lambda: store.put(bad, "NAME", "value"),
        lambda: store.put("site", bad, "value"),
        lambda: store.remove_scope(bad),
    ):
        with pytest.raises(SealedError, match="is not a"):
            attempt()
    assert not (store.directory.parent / "NAME.sealed").exists()


def test_files_are_for_owner_and_group_only(store: SealedStore) -> None:
    store.put("site", "A", "value")
    for path in store.directory.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o007 == 0
    assert stat.S_IMODE((store.directory / "site/A.sealed").stat().st_mode) == 0o640


def test_a_link_or_a_pipe_in_place_of_a_value_is_not_followed_and_does_not_block(store: SealedStore) -> None:
    store.put("site", "A", "value")
    (store.directory / "site/L.sealed").symlink_to("/etc/hostname")
    os.mkfifo(store.directory / "site/P.sealed")
    for name in ("L", "P"):
        with pytest.raises(Unreadable):
            store.get("site", name)


@pytest.mark.root
@pytest.mark.skipif(os.geteuid() != 0, reason="needs root: files are given to the directory's owner")
def test_what_root_seals_belongs_to_the_owner_of_the_directory(store: SealedStore) -> None:
    os.chown(store.directory, 65534, 65534)
    store.put("site", "A", "value")
    for path in (store.directory / "site").rglob("*"):
        assert (path.stat().st_uid, path.stat().st_gid) == (65534, 65534)


def test_a_writer_killed_at_any_moment_leaves_the_old_value_or_a_new_one(store: SealedStore) -> None:
    script = (
        "import sys; from pathlib import Path; from aipress.kit.sealed import SealedStore\n"
        "store = SealedStore(Path(sys.argv[1]), Path(sys.argv[1]) / 'master.key'); print('ready', flush=True)\n"
        "while True: store.put('site', 'A', 'x' * 5000)\n"
    )
    store.put("site", "A", "x" * 5000)
    for delay in (0.0, 0.01, 0.03):
        writer = subprocess.Popen(
            [sys.executable, "-c", script, str(store.directory)], stdout=subprocess.PIPE
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        threading.Event().wait(delay)
        writer.kill()
        writer.wait()
        writer.stdout.close()
        assert store.get("site", "A") == "x" * 5000
        assert store.names("site") == ["A"]
