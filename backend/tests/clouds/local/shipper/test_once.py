"""Every line once: whatever a file is called meanwhile, and wherever the shipper dies. At random moments: `test_logs.py`."""

import os
from collections import Counter

import pytest

from aipress.clouds.local.logs import writing
from aipress.clouds.local.logs.logbook import Logbook
from tests.clouds.local.shipper.ground import Ground, age, append, visit


def paths(ground: Ground, n: int = 1) -> list[str]:
    return [row["fields"]["path"] for row in ground.kept(n)]


def test_a_line_is_shipped_when_it_is_whole(ground: Ground) -> None:
    whole = visit(1, "/first") + visit(1, "/second")
    with ground.shipper() as shipper:
        for begin in range(0, len(whole), 97):
            append(ground.access, whole[begin : begin + 97])
            shipper.round()
            assert len(ground.kept(1)) == whole[: begin + 97].count(b"\n")
    assert paths(ground) == ["/first", "/second"]


def test_another_shipper_goes_on_where_the_last_ended(ground: Ground) -> None:
    for n in range(5):
        append(ground.access, visit(1, f"/{n}"))
        ground.ship()
        ground.ship()
    assert paths(ground) == [f"/{n}" for n in range(5)]


def test_a_file_that_is_listed_under_both_names_while_it_is_renamed_is_read_once(ground: Ground) -> None:
    append(ground.access, visit(1, "/0") + visit(1, "/1"))
    os.link(ground.access, ground.access.with_name("access.log.1"))
    ground.ship()
    assert paths(ground) == ["/0", "/1"]
    assert ground.requests(1) == 2
    append(ground.access, visit(1, "/2"))
    ground.ship()
    assert paths(ground) == ["/0", "/1", "/2"]
    assert ground.requests(1) == 3


@pytest.mark.parametrize("at_once", [True, False], ids=["seen", "unseen"])
def test_a_renamed_file_is_read_to_its_end_and_the_new_one_from_its_beginning(
    ground: Ground, at_once: bool
) -> None:
    with ground.shipper() as shipper:
        append(ground.access, visit(1, "/0"))
        if at_once:
            shipper.round()
        writer = os.open(ground.access, os.O_WRONLY | os.O_APPEND)
        ground.access.rename(ground.access.with_name("access.log.1"))
        os.write(writer, visit(1, "/1"))
        if at_once:
            shipper.round()
        append(ground.access, visit(1, "/2"))
        os.write(writer, visit(1, "/3"))
        shipper.round()
        os.write(writer, visit(1, "/4"))
        os.write(writer, visit(1, "/5").rstrip())
        os.close(writer)
        append(ground.access, visit(1, "/6"))
        shipper.round()
        age(ground.access.with_name("access.log.1"))
        while shipper.round():
            pass
        ground.access.with_name("access.log.1").unlink()
        shipper.sources.forget_gone()
    ground.ship()
    assert sorted(paths(ground)) == [f"/{n}" for n in range(7)]


def test_a_new_file_under_the_old_number_is_read_from_its_beginning(ground: Ground) -> None:
    append(ground.access, visit(1, "/old") * 3)
    with ground.shipper() as shipper:
        shipper.round()
        number = ground.access.stat().st_ino
        with ground.access.open("r+b") as same:
            same.truncate(0)
            same.write(visit(1, "/new") * 5)
        assert ground.access.stat().st_ino == number
        shipper.round()
    assert Counter(paths(ground)) == {"/old": 3, "/new": 5}


def test_what_was_read_takes_no_more_room(ground: Ground) -> None:
    line = visit(1, "/" + "x" * 3000)
    with ground.shipper() as shipper:
        for _ in range(3):
            append(ground.access, line * 500)
            while shipper.round():
                pass
    found = ground.access.stat()
    assert found.st_size == 1500 * len(line)
    assert found.st_blocks * 512 < 3_000_000
    ground.ship()
    assert len(ground.kept(1)) == 1500


class Dies(Exception):
    """Stands for SIGKILL at a chosen place."""


@pytest.mark.parametrize("when", ["before", "after"])
def test_dying_at_the_logbooks_write_loses_and_doubles_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, when: str
) -> None:
    real = Logbook.write

    def dies(self: Logbook, *what: object) -> None:
        if when == "after":
            real(self, *what)  # type: ignore[arg-type]
        raise Dies

    for n in range(4):
        append(ground.access, visit(1, f"/{n}") + visit(2, f"/{n}"))
        with monkeypatch.context() as patch:
            patch.setattr(Logbook, "write", dies)
            with pytest.raises(Dies), ground.shipper() as shipper:
                shipper.round()
        if n % 2:
            ground.ship()
    ground.ship()
    for site in (1, 2):
        assert paths(ground, site) == [f"/{n}" for n in range(4)]
        assert ground.requests(site) == 4


def test_dying_while_a_segment_is_packed_loses_and_doubles_nothing(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "FULL_TEXT", 2000)

    def dies(self: Logbook, serial: int) -> None:
        raise Dies

    told = 0
    for _ in range(3):
        for _ in range(8):
            append(ground.access, visit(1, f"/{told}"))
            told += 1
        with monkeypatch.context() as patch, ground.shipper() as shipper:
            patch.setattr(Logbook, "forget_text", dies)
            with pytest.raises(Dies):
                shipper.round()
        assert len(set(paths(ground))) == told
        ground.ship()
    assert paths(ground) == [f"/{n}" for n in range(told)]
