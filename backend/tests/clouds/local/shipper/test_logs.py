"""The proof of logs: lines come and files are renamed while the shipper is killed; a million of them are shipped and asked."""

import json
import multiprocessing
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

import pytest

from aipress.cli import bench_logs
from aipress.cli.bench_logs import Sizes
from aipress.clouds.local.logs import writing
from tests.clouds.local import rig
from tests.clouds.local.shipper.ground import Ground, append, visit
from tests.figures import keep

FULL = bool(os.environ.get("AIPRESS_PROVE"))
LINES, KILLS = (300_000, 300) if FULL else (6000, 8)
SIZES = Sizes() if FULL else Sizes(lines=10_000, tenants=10, paced_seconds=0.5, questions=8)
fork = multiprocessing.get_context("fork")


def test_a_million_lines_are_shipped_as_they_come_and_found_at_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures = bench_logs.measure(lambda doing: None, SIZES)
    rig.tell(capsys, str(figures))
    assert figures["lines"] >= SIZES.lines
    if FULL:
        keep("logs", **figures)
        assert figures["find_p95_ms"] <= 200
        assert figures["asking_memory_mb"] <= 512
        assert figures["ingest_lines_per_s"] >= bench_logs.PACE
        assert figures["behind_p95_s"] <= 5


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
    doubled = {text: n for text, n in found.items() if n != 1}
    lost, counts = len(wanted - found.keys()), {"lines_shipped_while_killed": told, "kills": kills}
    keep("logs", **counts, lines_lost=lost, lines_doubled=len(doubled))
    assert found.keys() == wanted
    assert doubled == {}
    assert sum(ground.requests(n) for n in range(1, 6)) == told
