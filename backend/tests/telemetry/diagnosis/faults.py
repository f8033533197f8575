"""The fourteen faults, each planted into a scene as its signs stand in logs, metrics and surroundings."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from aipress.clouds.inspection import ConnectionsState, MachineState, NameState, PageState, TableState
from aipress.telemetry.diagnosis.findings import Cause
from tests.telemetry.diagnosis.scenes import NEIGHBOURS, NOW, PAGES, SITE, Scene

MIB, GIB = 2**20, 2**30


def plugin_fatal(scene: Scene) -> None:
    """From the middle of the hour on, a plugin that was just switched on breaks half of all pages."""
    scene.note(
        scene.minute(28),
        "wordpress",
        "info",
        "plugin activated: price-table",
        kind="changed",
        what="plugin activated",
        name="price-table",
    )
    for number in range(12):
        at = scene.minute(30 + 2 * number)
        request = scene.page(at, status=500, cache="MISS")
        said = "PHP Fatal error:  Uncaught Error: Call to undefined function prices_of() in /wp-content/plugins/price-table/table.php:42"
        scene.note(
            at,
            "php",
            "error",
            said,
            request,
            kind="fatal",
            component="plugin:price-table",
            file="/wp-content/plugins/price-table/table.php",
            line=42,
        )


def slow_query(scene: Scene) -> None:
    for number in range(15):
        at, took = scene.minute(5 + 3 * number), 2500 + 40 * number
        request = scene.visit(at, "/menu/", duration_ms=took + 90, cache="BYPASS")
        _statement(
            scene,
            at,
            request,
            "SELECT SLEEP(?), option_value FROM wp_options WHERE option_name = ?",
            duration_ms=took,
            rows_examined=1,
            rows_sent=1,
        )


def missing_index(scene: Scene) -> None:
    scene.inspection.seen_tables.append(
        TableState("wp_orders", 400_000, frozenset(("id", "email", "total")), frozenset(("id",)))
    )
    for number in range(15):
        at, took = scene.minute(5 + 3 * number), 1800 + 40 * number
        request = scene.visit(at, "/orders/", duration_ms=took + 90, cache="BYPASS")
        _statement(
            scene,
            at,
            request,
            "SELECT * FROM wp_orders WHERE email = ?",
            duration_ms=took,
            rows_examined=400_000,
            rows_sent=2,
        )


def bot_flood(scene: Scene) -> None:
    for number in range(900):
        at = scene.minute(40 + 5 * number / 900)
        took = 1500 + number % 400
        scene.visit(
            at,
            f"/blog/page/{number % 90}/",
            duration_ms=took,
            address="203.0.113.9",
            agent="HungryBot/1.0",
            cache="BYPASS",
        )
    for number in range(20):
        scene.page(scene.minute(40 + number / 4), "/", duration_ms=2500, cache="BYPASS")


def brute_force(scene: Scene) -> None:
    for number in range(300):
        at = scene.minute(20 + number / 30)
        address = f"198.51.100.{number % 7}"
        request = scene.visit(
            at, "/wp-login.php", method="POST", duration_ms=400, address=address, agent="python-requests/3.0"
        )
        scene.note(at, "wordpress", "warning", f"sign-in failed from {address}", request, kind="login_failed")


def full_disk(scene: Scene) -> None:
    scene.inspection.seen_machine = MachineState(disk_free=8 * MIB, disk_size=100 * GIB, processors=2)
    for number in range(10):
        at = scene.minute(50 + number / 2)
        request = scene.visit(at, "/wp-admin/async-upload.php", method="POST", status=500, duration_ms=300)
        said = "PHP Warning:  file_put_contents(): write of 8192 bytes failed with errno=28 No space left on device in /wp-includes/functions.php on line 2800"
        scene.note(at, "php", "warning", said, request, kind="warning", component="core")


def memory_limit(scene: Scene) -> None:
    for number in range(10):
        at = scene.minute(20 + 3 * number)
        request = scene.visit(at, "/gallery/", status=500, duration_ms=700, cache="BYPASS")
        said = "PHP Fatal error:  Allowed memory size of 268435456 bytes exhausted (tried to allocate 20480 bytes) in /wp-content/plugins/gallery/all.php on line 9"
        scene.note(
            at,
            "php",
            "error",
            said,
            request,
            kind="fatal",
            component="plugin:gallery",
            file="/wp-content/plugins/gallery/all.php",
            line=9,
        )


def cron_pile_up(scene: Scene) -> None:
    for number in range(80):
        at, lag = scene.minute(10 + number / 2), (300 + 20 * number) * 1000
        scene.note(
            at,
            "cron",
            "warning",
            f"stock_sync_{number % 4} ran late",
            hook=f"stock_sync_{number % 4}",
            lag_ms=lag,
            duration_ms=4000,
            outcome="late",
        )
        scene.metrics.tell(SITE.id, "cron_lag", at, lag / 1000)


def cache_never_hits(scene: Scene) -> None:
    """A plugin sets a cookie on every page: what was kept before is forgotten, and nothing is kept."""
    scene.inspection.seen_page = PageState(200, ("seen_by_counter",), "")
    kept = [line for line in scene.lines if line.fields.get("path") in PAGES]
    scene.lines = [line for line in scene.lines if line not in kept]
    for line in kept:
        scene.visit(line.time, str(line.fields["path"]), cache="MISS")


def expired_certificate(scene: Scene) -> None:
    ended = NOW - timedelta(days=2, hours=3)
    scene.inspection.seen_names.append(NameState("shop.example", certificate_ends=ended))


def dns_moved(scene: Scene) -> None:
    scene.inspection.seen_names.append(NameState("shop.example", ("192.0.2.10",), ("203.0.113.80",)))


def external_call(scene: Scene) -> None:
    for number in range(15):
        at = scene.minute(5 + 3 * number)
        request = scene.visit(at, "/", duration_ms=5100 + number, cache="BYPASS")
        said = "GET https://rates.example/today failed: timed out"
        scene.note(
            at,
            "wordpress",
            "warning",
            said,
            request,
            kind="http_call",
            host="rates.example",
            duration_ms=5003,
            error="timed out",
        )


def connections_exhausted(scene: Scene) -> None:
    scene.inspection.seen_connections = ConnectionsState(open=20, most=20, all_open=31, all_most=500)
    for number in range(25):
        scene.page(scene.minute(45 + number / 2), status=500, cache="MISS", duration_ms=60)


def neighbour_load(scene: Scene) -> None:
    for minute in range(40, 60):
        at = scene.minute(minute)
        for id in NEIGHBOURS:
            scene.metrics.tell(id, "cpu_seconds", at, 36)
        scene.metrics.tell(SITE.id, "cpu_seconds", at, 4)
        for second in range(0, 60, 6):
            scene.visit(at + timedelta(seconds=second), "/account/", duration_ms=2600, cache="BYPASS")


FAULTS: Mapping[Cause, Callable[[Scene], None]] = {
    "plugin_fatal": plugin_fatal,
    "slow_query": slow_query,
    "missing_index": missing_index,
    "bot_flood": bot_flood,
    "brute_force": brute_force,
    "full_disk": full_disk,
    "memory_limit": memory_limit,
    "cron_pile_up": cron_pile_up,
    "cache_never_hits": cache_never_hits,
    "expired_certificate": expired_certificate,
    "dns_moved": dns_moved,
    "external_call": external_call,
    "connections_exhausted": connections_exhausted,
    "neighbour_load": neighbour_load,
}


def _statement(scene: Scene, at: datetime, request: str, statement: str, **known: int) -> None:
    """`known` are duration_ms, rows_examined and rows_sent."""
    said = f"a statement took {known['duration_ms']} ms"
    scene.note(at, "slow", "warning", said, request, statement=statement, lock_ms=0, **known)
