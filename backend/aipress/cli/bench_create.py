"""How fast a site comes to be, beside the stock way in the same run, on a platform of its own that is gone afterwards.

From `POST /tenants` to the first 200 fetched from outside; cold starts; memory per sleeping site. Times in milliseconds.
"""

import secrets
import shutil
import statistics
import subprocess
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx

from aipress.cli.bench_platform import DEADLINE, PORT, Bench, Tell, platform, visitor
from aipress.cli.trouble import Trouble

POOL = 2
IDLE_SECONDS = 5
FEWEST_SITES = 100
EDGE = 20  # sites at each end whose medians are compared
STOCK_INSTALLS = 15
COLD_STARTS = 40
INSTALL = """
define('WP_INSTALLING', true); $_SERVER['HTTP_HOST'] = 'stock.localhost';
require getcwd() . '/wp-load.php'; require_once ABSPATH . 'wp-admin/includes/upgrade.php';
wp_install('Stock', 'admin', 'admin@example.com', true, '', bin2hex(random_bytes(12)));
"""


def measure(sites: int, tell: Tell) -> dict[str, float]:
    """Make `sites` sites (at least 100) and say how long it took, as one object. Raises Trouble for fewer."""
    if sites < FEWEST_SITES:
        raise Trouble(f"{sites} sites are too few to say anything.", f"At least {FEWEST_SITES}.")
    settings = {
        "AIPRESS_POOL_SIZE": str(POOL),
        "AIPRESS_IDLE_SECONDS": str(IDLE_SECONDS),
        "AIPRESS_SITE_QUOTA": "100000",
    }
    with platform(settings, tell) as bench:
        memory_before = _runtime(bench)["memory_kb"]
        _drain_pool(bench)
        tell(f"creating {sites} sites, from an empty pool")
        created = [_create(bench, f"Bench {number}") for number in range(sites)]
        tell("waiting until every site sleeps")
        _wait_until_asleep(bench)
        memory_after = _runtime(bench)["memory_kb"]
        tell(f"installing {STOCK_INSTALLS} the stock way")
        stock = [_install_stock(bench) for _ in range(STOCK_INSTALLS)]
        tell(f"waking {COLD_STARTS}")
        cold = [_first_byte(f"bench-{number}") for number in range(0, sites, max(1, sites // COLD_STARTS))]
    first_hundred = created[:100]
    return {
        "create_p50_ms": _median(first_hundred),
        "create_p95_ms": _quantile(first_hundred, 0.95),
        "stock_p50_ms": _median(stock),
        "ratio": round(statistics.median(stock) / statistics.median(first_hundred), 2),
        "last_over_first": round(statistics.median(created[-EDGE:]) / statistics.median(created[:EDGE]), 2),
        "cold_start_p50_ms": _median(cold),
        "sleeping_kb_per_site": round((memory_after - memory_before) / sites, 2),
        "sites": sites,
    }


def _drain_pool(bench: Bench) -> None:
    """Claim what is prepared, at once, so that the first measured site finds an empty pool."""
    with ThreadPoolExecutor(POOL + 1) as crowd:
        list(crowd.map(lambda number: _create(bench, f"Drain {number}"), range(POOL + 1)))


def _create(bench: Bench, name: str) -> float:
    """Milliseconds from asking for a site to its first page, fetched from outside."""
    slug = name.lower().replace(" ", "-")
    with bench.operator() as client, visitor() as outside:
        started = time.perf_counter()
        answer = client.post("/api/tenants", json={"name": name})
        if answer.status_code != 202:
            raise Trouble(f"A site was refused: {answer.text[:300]}")
        while _status(outside, slug) != 200:
            if time.perf_counter() - started > DEADLINE:
                raise Trouble(f"{slug} did not answer within {DEADLINE:g} s.")
            time.sleep(0.005)
        return (time.perf_counter() - started) * 1000


def _status(outside: httpx.Client, slug: str) -> int:
    return outside.get(f"http://127.0.0.1:{PORT}/", headers={"Host": f"{slug}.localhost:{PORT}"}).status_code


def _first_byte(slug: str) -> float:
    """Milliseconds from connecting to the first byte of a sleeping site's front page."""
    with visitor() as outside:
        started = time.perf_counter()
        # Somebody by their cookie, so that it is PHP that answers and not the page cache.
        headers = {"Host": f"{slug}.localhost:{PORT}", "Cookie": "aipress_bench=1"}
        with outside.stream("GET", f"http://127.0.0.1:{PORT}/", headers=headers) as page:
            if page.status_code != 200:
                raise Trouble(f"{slug} answered {page.status_code} from its sleep.")
            return (time.perf_counter() - started) * 1000


def _install_stock(bench: Bench) -> float:
    """Milliseconds of the stock way: copy the core, make a database, write wp-config.php, run `wp_install()`.

    Serving the first page is not even counted, so the comparison favours the stock way.
    """
    core = max(path for path in (bench.data / "wordpress").iterdir() if path.is_dir())
    name = f"stock{secrets.token_hex(4)}"
    place = Path(tempfile.mkdtemp(prefix="aipress-stock-", dir="/var/tmp"))
    socket = bench.data / "run/mariadb.sock"
    started = time.perf_counter()
    try:
        shutil.copytree(core, place / "site")
        shutil.rmtree(place / "site/wp-content/mu-plugins", ignore_errors=True)
        _run(["mariadb", f"--socket={socket}", "-e", f"CREATE DATABASE {name}"])
        (place / "site/wp-config.php").write_text(_stock_config(name, socket))
        _run(["php", "-r", INSTALL], place / "site")
        return (time.perf_counter() - started) * 1000
    finally:
        _run(["mariadb", f"--socket={socket}", "-e", f"DROP DATABASE IF EXISTS {name}"])
        shutil.rmtree(place)


def _stock_config(database: str, socket: Path) -> str:
    settings = {"DB_NAME": database, "DB_USER": "root", "DB_PASSWORD": "", "DB_HOST": f"localhost:{socket}"}
    lines = [f"define('{name}', '{value}');" for name, value in settings.items()]
    return "\n".join(["<?php", *lines, "$table_prefix = 'wp_';", "require __DIR__ . '/wp-settings.php';"])


def _run(command: list[str], cwd: Path | None = None) -> None:
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Trouble(f"{command[0]} failed: {done.stderr.strip()[-300:]}")


def _runtime(bench: Bench) -> dict[str, Any]:
    with bench.operator() as client:
        told: dict[str, Any] = client.get("/api/health/runtime").json()
        return told


def _wait_until_asleep(bench: Bench) -> None:
    deadline = time.monotonic() + 120
    while _runtime(bench)["awake"]:
        if time.monotonic() > deadline:
            raise Trouble("Some sites do not go to sleep.")
        time.sleep(0.5)


def _median(values: list[float]) -> float:
    return round(statistics.median(values), 1)


def _quantile(values: list[float], share: float) -> float:
    return round(sorted(values)[int(share * len(values))], 1)
