"""Files of environments: laid out as agreed, and removed without ever leaving their own place."""

import os
import shutil
import stat
import subprocess
import threading
from pathlib import Path

import pytest

from aipress.errors import CloudError
from aipress.hostd.safely import empty, throw_away
from tests.hostd.conftest import needs_root
from tests.hostd.small_cloud import FIRST_UID, VERSION, SmallCloud, environment_id

ID, UID = environment_id(1), FIRST_UID + 1
pytestmark = [pytest.mark.root, needs_root]


async def test_a_new_environment_has_the_agreed_layout_and_owners(cloud: SmallCloud) -> None:
    await cloud.hostd.make_files(ID, UID, VERSION)
    place = cloud.place(ID)
    found = {
        str(path.relative_to(place)): (path.lstat().st_uid, stat.S_IMODE(path.lstat().st_mode))
        for path in place.rglob("*")
    }
    now = os.readlink(place / "pages/now")
    own = {
        f"content/{room}": (UID, 0o755) for room in ("plugins", "themes", "uploads", "upgrade", "languages")
    }
    assert found == {
        "core": (0, 0o777),
        "run": (0, 0o750),
        "logs": (0, 0o750),
        "label": (0, 0o755),
        "pages": (0, 0o750),
        "pages/now": (0, 0o777),
        f"pages/{now}": (0, 0o755),
        "purge": (UID, 0o710),
        "mail": (UID, 0o700),
        "tmp": (UID, 0o700),
        "opcache": (UID, 0o700),
        "content": (UID, 0o755),
        "content/themes/plain": (UID, 0o777),
        **own,
    }
    assert (place.stat().st_uid, place.stat().st_gid, stat.S_IMODE(place.stat().st_mode)) == (0, 33, 0o750)
    assert os.readlink(place / "core") == f"../../wordpress/{VERSION}"
    assert os.readlink(place / "content/themes/plain") == "/srv/wordpress/wp-content/themes/plain"


async def test_making_files_again_mends_the_platforms_part_and_leaves_the_tenants_alone(
    cloud: SmallCloud,
) -> None:
    await cloud.hostd.make_files(ID, UID)
    place = cloud.place(ID)
    (place / "content/uploads/cake.jpg").write_bytes(b"cake")
    shutil.rmtree(place / "content/plugins")
    shutil.rmtree(place / "logs")
    (place / "tmp").chmod(0o777)
    await cloud.hostd.make_files(ID, UID)
    assert (place / "logs").is_dir()
    assert stat.S_IMODE((place / "tmp").stat().st_mode) == 0o700
    assert (place / "content/uploads/cake.jpg").read_bytes() == b"cake"
    assert not (place / "content/plugins").exists()


async def test_a_tenants_links_are_not_followed_when_files_are_mended(cloud: SmallCloud, place: Path) -> None:
    await cloud.hostd.make_files(ID, UID)
    content, victim = cloud.place(ID) / "content", _victim(place)
    for room in ("plugins", "themes", "uploads"):
        shutil.rmtree(content / room)
        (content / room).symlink_to(victim)
    await cloud.hostd.make_files(ID, UID)
    assert victim.stat().st_uid == 0
    assert [path.name for path in victim.iterdir()] == ["keep.txt"]


async def test_removing_files_removes_links_and_never_what_they_lead_to(
    cloud: SmallCloud, place: Path
) -> None:
    victim = _victim(place)
    await cloud.hostd.make_files(ID, UID)
    _lay_traps(cloud.place(ID) / "content", victim)
    await cloud.hostd.remove_files(ID)
    assert (victim / "keep.txt").read_text() == "keep"
    assert (await cloud.hostd.inventory()).environments == {}
    assert (await cloud.hostd.inventory()).trash == 0


def test_the_same_traps_catch_a_careless_removal(place: Path) -> None:
    victim, content = _victim(place), place / "content"
    content.mkdir()
    _lay_traps(content, victim)
    _remove_carelessly(content)
    assert not (victim / "keep.txt").exists()


async def test_a_tenant_who_swaps_directories_for_links_during_removal_gains_nothing(
    cloud: SmallCloud, place: Path
) -> None:
    """The swapper holds the directory open, as a process of the tenant would, so moving it away does not stop it."""
    victim = _victim(place)
    for number in range(1, 6):
        id = environment_id(number)
        await cloud.hostd.make_files(id, FIRST_UID + number)
        uploads = cloud.place(id) / "content/uploads"
        for name in range(300):
            (uploads / f"d{name}").mkdir()
            (uploads / f"d{name}/x").touch()
        is_over = threading.Event()
        swapper = threading.Thread(target=_swap, args=(os.open(uploads, os.O_RDONLY), victim, is_over))
        swapper.start()
        try:
            await cloud.hostd.remove_files(id)
        except CloudError:
            pass  # Something new appeared while it was being emptied: it is in the trash, and out of reach.
        finally:
            is_over.set()
            swapper.join()
        await cloud.hostd.remove_files(id)
    assert (victim / "keep.txt").read_text() == "keep"
    assert (await cloud.hostd.inventory()).trash == 0


def test_nesting_deeper_than_any_path_or_stack_is_removed(place: Path) -> None:
    deep, trash = place / "deep", place / "trash"
    deep.mkdir()
    trash.mkdir()
    script = "import os\nfor _ in range(6000): os.mkdir('d' * 50); os.chdir('d' * 50)"
    subprocess.run(["/usr/bin/python3", "-c", script], cwd=deep, check=True, timeout=60)
    throw_away(deep, trash)
    with pytest.raises((RecursionError, OSError)):
        shutil.rmtree(next(trash.iterdir()))
    empty(trash)
    assert list(trash.iterdir()) == []


async def test_odd_files_are_removed_too(cloud: SmallCloud) -> None:
    await cloud.hostd.make_files(ID, UID)
    content = cloud.place(ID) / "content"
    os.mkfifo(content / "pipe")
    os.mknod(content / "socket", stat.S_IFSOCK | 0o600)
    (content / "uploads" / ("ü\n\t'\"; rm -rf *" + "x" * 200)).touch()
    (content / os.fsdecode(b"\xff\xfe")).touch()
    (content / "closed").mkdir(mode=0o000)
    await cloud.hostd.remove_files(ID)
    assert (await cloud.hostd.inventory()).trash == 0


def _victim(place: Path) -> Path:
    victim = place / "victim"
    victim.mkdir()
    (victim / "keep.txt").write_text("keep")
    return victim


def _lay_traps(content: Path, victim: Path) -> None:
    (content / "to-directory").symlink_to(victim)
    (content / "to-file").symlink_to(victim / "keep.txt")
    (content / "to-root").symlink_to("/nonexistent/../..")
    (content / "to-itself").symlink_to("to-itself")
    (content / "upwards").symlink_to("../../..")
    (content / "a").mkdir()
    (content / "a/to-directory").symlink_to(victim)


def _remove_carelessly(directory: Path) -> None:
    """What a first attempt at removal looks like: it asks whether something is a directory, and links say yes."""
    for entry in sorted(directory.iterdir()):
        if entry.name in ("to-root", "upwards", "to-itself"):
            continue
        if entry.is_dir():
            _remove_carelessly(entry)
        else:
            entry.unlink()


def _swap(directory: int, victim: Path, is_over: threading.Event) -> None:
    try:
        while not is_over.is_set():
            for name in range(300):
                try:
                    os.rename(f"d{name}", f"s{name}", src_dir_fd=directory, dst_dir_fd=directory)
                    os.symlink(victim, f"d{name}", dir_fd=directory)
                except OSError:
                    continue
    finally:
        os.close(directory)
