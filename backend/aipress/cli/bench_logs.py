"""How fast lines come in and are found: a shipper of its own, a million visits of fifty sites, and questions to one site's last hour.

Questions are asked by a process of its own while lines go on coming, so that its memory is what a question takes. Times in milliseconds.
"""

import asyncio
import json
import multiprocessing
import os
import resource
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aipress.cli.trouble import Trouble
from aipress.clouds.local.logs.facet import TenantsLogs
from aipress.clouds.logs import LogQuery

Tell = Callable[[str], None]
FOLDERS = ("logs/nginx", "logs/control", "edge/sites", "environments", "lines", "shipper")
AGENT = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
TENANTS = 50
PACE = 5000  # lines a second that have to be kept up with
PACED_SECONDS = 30
QUESTIONS = 200
AT_ONCE = 2000  # lines in one write
PATIENCE = 900.0
KILOBYTE = 1000 / 1024  # ru_maxrss counts 1024 bytes


@dataclass(frozen=True)
class Sizes:
    """How much is measured."""

    lines: int = 1_000_000
    tenants: int = TENANTS
    paced_seconds: float = PACED_SECONDS
    questions: int = QUESTIONS


def measure(tell: Tell, sizes: Sizes = Sizes()) -> dict[str, float]:
    """Ship and ask; every line is counted in the end. Raises Trouble when one is missing or there twice."""
    with tempfile.TemporaryDirectory(prefix="aipress-logs-") as folder:
        data = Path(folder)
        lay_out(data, sizes.tenants)
        with _shipper(data):
            tell(f"shipping {sizes.lines:,} lines of {sizes.tenants} sites")
            seconds = _ship_at_once(data, sizes)
            tell(f"{PACE:,} lines a second for {sizes.paced_seconds:g} s, and questions meanwhile")
            with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as asker:
                asked = asker.submit(ask, data, sizes)
                lags, paced = _ship_paced(data, sizes)
                durations, memory = asked.result()
            _wait_until_shipped(data)
        kept = count(data, sizes.tenants)
    if kept != sizes.lines + paced:
        raise Trouble(f"{sizes.lines + paced} lines were written, and {kept} are kept.")
    return {
        "lines": kept,
        "tenants": sizes.tenants,
        "ingest_lines_per_s": round(sizes.lines / seconds),
        "behind_p95_s": round(_quantile(lags, 0.95), 2) if lags else 0.0,
        "find_p50_ms": round(statistics.median(durations), 1),
        "find_p95_ms": round(_quantile(durations, 0.95), 1),
        "asking_memory_mb": round(memory, 1),
    }


def lay_out(data: Path, tenants: int) -> None:
    """The folders of an installation, with this many sites."""
    for folder in FOLDERS:
        (data / folder).mkdir(parents=True)
    for n in range(tenants):
        place = data / "environments" / f"{n:012x}"
        (place / "label").mkdir(parents=True)
        (place / "label/tenant").write_text(tenant_of(n))
        (data / "edge/sites" / f"site-{n}.localhost").symlink_to(f"../../environments/{place.name}")


def tenant_of(n: int) -> str:
    return f"ten_{n:026}"


def ask(data: Path, sizes: Sizes) -> tuple[list[float], float]:
    """Questions to one site's last hour each, filtered in turn by level, text and request; milliseconds, and megabytes of memory."""
    found = asyncio.run(_ask(data, sizes))
    return found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * KILOBYTE / 1000


def count(data: Path, tenants: int) -> int:
    """Lines that are kept of all of them, however often each is there."""
    return asyncio.run(_count(data, tenants))


async def _ask(data: Path, sizes: Sizes) -> list[float]:
    logs, durations = TenantsLogs(data / "lines", 1 << 40), []
    for n in range(sizes.questions):
        now = datetime.now(UTC)
        query = LogQuery(tenant_of(n * 7 % sizes.tenants), now - timedelta(hours=1), now)
        filters: tuple[dict[str, Any], ...] = (
            {"level": "error"},
            {"text": f"/page/{n}"},
            {"request_id": f"{n:032x}"},
            {"text": "nowhere"},
        )
        began = time.perf_counter()
        await logs.find(replace(query, **filters[n % len(filters)]))
        durations.append((time.perf_counter() - began) * 1000)
    return durations


async def _count(data: Path, tenants: int) -> int:
    logs, total = TenantsLogs(data / "lines", 1 << 40), 0
    ever = (datetime(2000, 1, 1, tzinfo=UTC), datetime(2100, 1, 1, tzinfo=UTC))
    for n in range(tenants):
        for one in await logs.tally(LogQuery(tenant_of(n), *ever), ["environment"]):
            total += one.count
    return total


def _ship_at_once(data: Path, sizes: Sizes) -> float:
    """Seconds from the first line written to the last one shipped; all happened within this last hour."""
    began = time.time()
    for first in range(0, sizes.lines, AT_ONCE):
        many = min(AT_ONCE, sizes.lines - first)
        times = [began - 3500 * (1 - n / sizes.lines) for n in range(first, first + many)]
        _append(data, first, times, sizes.tenants)
    _wait_until_shipped(data)
    return time.time() - began


def _ship_paced(data: Path, sizes: Sizes) -> tuple[list[float], int]:
    """How far behind the shipper was, in seconds, ten times a second; and how many lines were written."""
    began, written, lags = time.monotonic(), 0, list[float]()
    while (now := time.monotonic() - began) < sizes.paced_seconds:
        due = int(now * PACE) - written
        if due > 0:
            _append(data, sizes.lines + written, [time.time()] * due, sizes.tenants)
            written += due
        lags.append(_behind(data) / (PACE * BYTES))
        time.sleep(0.1)
    return lags, written


def _append(data: Path, first: int, times: list[float], tenants: int) -> None:
    content = "".join(_visit(first + n, then, tenants) for n, then in enumerate(times)).encode()
    log = os.open(data / "logs/nginx/access.log", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o660)
    with open(log, "wb") as file:
        file.write(content)


def _visit(n: int, then: float, tenants: int) -> str:
    status, level = (500, "error") if n % 97 == 0 else (200, "info")
    path = f"/page/{n % 1000}"
    row = {
        "time": "",
        "msec": round(then, 3),
        "source": "access",
        "level": level,
        "message": f"GET {path} {status}",
        "host": f"site-{n % tenants}.localhost",
        "method": "GET",
        "path": path,
        "status": status,
        "bytes": 48_000 + n % 5000,
        "duration": round(n % 311 / 1000, 3),
        "upstream_time": str(round(n % 311 / 1000, 3)),
        "cache": ("HIT", "MISS", "BYPASS")[n % 3],
        "address": f"192.0.2.{n % 250}",
        "agent": AGENT,
        "referer": "https://www.example.com/",
        "request_id": f"{n:032x}",
    }
    return json.dumps(row) + "\n"


BYTES = len(_visit(1_000_000, time.time(), TENANTS))


def _behind(data: Path) -> int:
    """Bytes that are written and not noted as shipped."""
    with closing(sqlite3.connect(data / "shipper/logbook.sqlite3", timeout=30)) as rows:
        found = rows.execute("SELECT position FROM sources WHERE name = 'nginx'").fetchone()
    return (data / "logs/nginx/access.log").stat().st_size - int(found[0] if found else 0)


def _wait_until_shipped(data: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while _behind(data):
        if time.monotonic() > deadline:
            raise Trouble(f"The shipper was still behind after {PATIENCE:g} s.")
        time.sleep(0.05)


@contextmanager
def _shipper(data: Path) -> Iterator[None]:
    """The real one, as a process of its own."""
    settings = {"AIPRESS_DATA_DIR": str(data), "AIPRESS_LOG_QUOTA_MB": "100000"}
    backend = str(Path(__file__).parents[2])
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AIPRESS_")}
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "aipress.clouds.local.shipper"],
        env=environment | settings | {"PYTHONPATH": backend},
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + 60
        while not _is_ready(data):
            if process.poll() is not None or time.monotonic() > deadline:
                raise Trouble("The shipper did not start.")
            time.sleep(0.05)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(10)


def _is_ready(data: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"file:{data}/shipper/logbook.sqlite3?mode=ro", uri=True)) as rows:
            return rows.execute("SELECT count(*) FROM serials").fetchone() is not None
    except sqlite3.OperationalError:
        return False


def _quantile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]
