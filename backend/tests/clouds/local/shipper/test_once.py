"""Every line once: whatever a file is called meanwhile, and whoever is killed when."""

import json
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from aipress.clouds.local.logs import writing
from aipress.clouds.local.logs.logbook import Logbook
from tests.clouds.local.shipper.ground import Ground, age, append, visit
from tests.figures import keep

FULL = bool(os.environ.get("AIPRESS_PROVE"))
LINES, KILLS = (400_000, 300) if FULL else (6000, 10)
fork = multiprocessing.get_context("fork")


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
    line = visit(1, "/" + "x" * 1500)
    with ground.shipper() as shipper:
        for _ in range(3):
            append(ground.access, line * 1500)
            while shipper.round():
                pass
    found = ground.access.stat()
    assert found.st_size == 4500 * len(line)
    assert found.st_blocks * 512 < 2_500_000
    ground.ship()
    assert len(ground.kept(1)) == 4500


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


def _live(ground: Ground, nap: float) -> None:
    """A shipper in a process of its own."""
    with ground.shipper() as shipper:
        while True:
            if not shipper.round():
                time.sleep(nap)


def _write(ground: Ground, lines: int, sites: int) -> None:
    """Many sites' visits and PHP's words, while files are renamed."""
    luck = random.Random(7)  # noqa: S311
    number = 0
    while number < lines:
        many = luck.randrange(1, 60)
        content = b"".join(visit(1 + n % sites, f"/{n}") for n in range(number, number + many))
        cut = luck.randrange(len(content))
        append(ground.access, content[:cut])
        time.sleep(luck.random() * 0.02)
        append(ground.access, content[cut:])
        for n in range(number, number + many):
            if n % 10 == 0:
                said = {"source": "php", "level": "warning", "message": f"word {n}"}
                append(ground.php(1 + n % sites), json.dumps(said).encode() + b"\n")
        number += many
        if luck.random() < 0.05:
            _rename(ground.access)


def _rename(path: Path) -> None:
    path.rename(path.with_name(f"{path.name}.{time.monotonic_ns()}"))


def test_killed_at_any_moment_every_line_is_kept_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writing, "FULL_TEXT", 40_000)
    ground = Ground(tmp_path, sites=5).lay_out()
    writer = fork.Process(target=_write, args=(ground, LINES, 5))
    writer.start()
    luck, kills = random.Random(11), 0  # noqa: S311
    while writer.is_alive() or kills < KILLS:
        shipper = fork.Process(target=_live, args=(ground, 0.001))
        shipper.start()
        time.sleep(0.1 + luck.random() * 0.4)
        assert shipper.pid is not None
        os.kill(shipper.pid, signal.SIGKILL)
        shipper.join()
        kills += 1
        assert writer.exitcode in (None, 0)
    ground.ship()
    found = Counter(
        row["fields"]["path"] if row["source"] == "access" else row["message"]
        for n in range(1, 6)
        for row in ground.kept(n)
    )
    told = max(int(path[1:]) for path in found if path.startswith("/")) + 1
    assert told >= LINES
    wanted = {f"/{n}" for n in range(told)} | {f"word {n}" for n in range(0, told, 10)}
    assert found.keys() == wanted
    assert {text: n for text, n in found.items() if n != 1} == {}
    keep("logs", lines_shipped_while_killed=told, kills=kills, lines_lost=0, lines_doubled=0)
