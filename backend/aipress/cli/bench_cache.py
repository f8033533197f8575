"""What the page cache gives: pages a second from it, beside the same bytes as a file and beside WordPress; and a sleeping site's page."""

import os
import re
import statistics
import subprocess
import time
from collections.abc import Mapping

from aipress.cli.bench_platform import DEADLINE, PORT, Bench, Tell, platform, visitor
from aipress.cli.testing import ensure_test_packages
from aipress.cli.trouble import Trouble

SLUG = "kept"
SECONDS, CONNECTIONS = 5, 16
SETTINGS = {"AIPRESS_IDLE_SECONDS": "1", "AIPRESS_POOL_SIZE": "0"}
# Who has a cookie nobody knows is somebody, and is answered by WordPress.
SOMEBODY = {"Cookie": "aipress_bench=1"}
MILLISECONDS = {"us": 0.001, "ms": 1.0, "s": 1000.0}


def measure(tell: Tell) -> dict[str, float]:
    """Requests a second with 16 connections, milliseconds with one; the page is the front page of a new site, compressed.

    `asleep_…` are first bytes from a site whose PHP sleeps; `awake_after_hits` is 1 if kept pages woke it.
    """
    ensure_test_packages()
    with platform(SETTINGS, tell) as bench:
        size = _prepare(bench)
        asleep = _asleep(bench, tell)
        tell(f"asking for {size / 1000:.0f} kB as fast as they come, {SECONDS} s each")
        hits, page = _load("/"), _load("/wp-content/uploads/page.gz")
        alone, answered = _load("/", connections=1), _load("/", SOMEBODY)
        alone_uncached = _load("/", SOMEBODY, connections=1)
    return {
        "page_kb": round(size / 1000, 1),
        "hits_per_second": hits[0],
        "file_per_second": page[0],
        "hits_over_file": round(hits[0] / page[0], 2),
        "uncached_per_second": answered[0],
        "hit_p50_ms": alone[1],
        "hit_p99_ms": alone[2],
        "uncached_p50_ms": alone_uncached[1],
        **asleep,
    }


def _prepare(bench: Bench) -> int:
    """A site whose front page is kept, and beside it the same bytes as a file; how many they are."""
    with bench.operator() as client:
        made = client.post("/api/tenants", json={"name": SLUG})
        if made.status_code != 202:
            raise Trouble(f"The site was refused: {made.text[:300]}")
        _wait_for_hit()
        environment = str(client.get(f"/api/tenants/{SLUG}").json()["environments"][0]["id"])
    content = bench.data / "environments" / environment / "content"
    file = content / "uploads/page.gz"
    page = _get({})[0]
    file.write_bytes(page)
    os.chown(file, content.stat().st_uid, content.stat().st_gid)
    return len(page)


def _wait_for_hit() -> None:
    deadline = time.monotonic() + DEADLINE
    while _get({})[1] != "HIT":
        if time.monotonic() > deadline:
            raise Trouble(f"No page was kept within {DEADLINE:g} s.")
        time.sleep(0.2)


def _asleep(bench: Bench, tell: Tell) -> dict[str, float]:
    tell("waiting until the site sleeps")
    _wait_until_asleep(bench)
    hits = [_first_byte({}) for _ in range(20)]
    awake = _awake(bench)
    cold = _first_byte(SOMEBODY)
    return {
        "asleep_hit_p50_ms": round(statistics.median(hits), 2),
        "asleep_uncached_ms": round(cold, 1),
        "awake_after_hits": float(awake),
    }


def _awake(bench: Bench) -> int:
    with bench.operator() as client:
        told: dict[str, int] = client.get("/api/health/runtime").json()
        return told["awake"]


def _wait_until_asleep(bench: Bench) -> None:
    deadline = time.monotonic() + 60
    while _awake(bench):
        if time.monotonic() > deadline:
            raise Trouble("The site does not go to sleep.")
        time.sleep(0.5)


def _get(headers: Mapping[str, str]) -> tuple[bytes, str]:
    with (
        visitor(headers={**_host(), **headers}) as outside,
        outside.stream("GET", f"http://127.0.0.1:{PORT}/") as page,
    ):
        return b"".join(page.iter_raw()), page.headers.get("x-cache", "") if page.status_code == 200 else ""


def _first_byte(headers: Mapping[str, str]) -> float:
    with visitor(headers={**_host(), **headers}) as outside:
        started = time.perf_counter()
        with outside.stream("GET", f"http://127.0.0.1:{PORT}/") as page:
            if page.status_code != 200:
                raise Trouble(f"The site answered {page.status_code}.")
            return (time.perf_counter() - started) * 1000


def _load(
    path: str, headers: Mapping[str, str] = {}, connections: int = CONNECTIONS
) -> tuple[float, float, float]:
    """Requests a second, and the median and 99th percentile of what one takes (ms), by wrk."""
    said = [part for name, value in {**_host(), **headers}.items() for part in ("-H", f"{name}: {value}")]
    command = [
        "wrk",
        "-t1",
        f"-c{connections}",
        f"-d{SECONDS}s",
        "--latency",
        *said,
        f"http://127.0.0.1:{PORT}{path}",
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    rate = re.search(r"Requests/sec:\s+([0-9.]+)", done.stdout)
    times = {share: _milliseconds(done.stdout, share) for share in ("50%", "99%")}
    if done.returncode or rate is None or "Non-2xx" in done.stdout:
        raise Trouble(f"wrk did not get its pages: {(done.stderr or done.stdout).strip()[-300:]}")
    return round(float(rate[1]), 1), times["50%"], times["99%"]


def _milliseconds(said: str, share: str) -> float:
    found = re.search(rf"{share}\s+([0-9.]+)(us|ms|s)", said)
    return round(float(found[1]) * MILLISECONDS[found[2]], 3) if found else 0.0


def _host() -> dict[str, str]:
    return {"Host": f"{SLUG}.localhost:{PORT}", "Accept-Encoding": "gzip"}
