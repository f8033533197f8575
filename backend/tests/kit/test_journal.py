"""A journal: whole lines, whoever writes at the same time, and nothing that is too long."""

import json
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aipress.kit.journal import LONGEST, Journal


def test_lines_of_many_writers_are_whole_and_all_there(tmp_path: Path) -> None:
    def write(n: int) -> None:
        Journal(tmp_path / "j.log").write({"n": n, "message": "x" * 5000 + '"\n'})

    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(write, range(200)))
    lines = [json.loads(line) for line in (tmp_path / "j.log").read_text().splitlines()]
    assert sorted(line["n"] for line in lines) == list(range(200))
    assert all("time" in line for line in lines)


def test_what_is_too_long_keeps_whose_it_is(tmp_path: Path) -> None:
    Journal(tmp_path / "j.log").write({"environment": "0a1b2c3d4e5f", "message": "x" * LONGEST})
    line = json.loads((tmp_path / "j.log").read_text())
    assert line["environment"] == "0a1b2c3d4e5f"
    assert "message" not in line


def test_whoever_reads_it_may_give_its_room_back(tmp_path: Path) -> None:
    before = os.umask(0o022)
    Journal(tmp_path / "j.log").write({"message": "x"})
    os.umask(before)
    assert (tmp_path / "j.log").stat().st_mode & 0o777 == 0o660
