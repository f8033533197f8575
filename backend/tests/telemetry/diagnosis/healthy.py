"""Lives of sites with which nothing is wrong, however they look."""

from datetime import timedelta

from aipress.clouds.inspection import ConnectionsState, NameState
from tests.telemetry.diagnosis.scenes import NEIGHBOURS, NOW, SITE, Scene


def asleep(site: Scene) -> None:
    """Nobody came."""
    site.lines.clear()


def rarely_visited(site: Scene) -> None:
    """Three visits an hour, for each of which PHP had to start."""
    site.lines.clear()
    for minute in (3, 25, 48):
        site.visit(site.minute(minute), duration_ms=1900)


def woken_by_many(site: Scene) -> None:
    """Five come at once, and all wait while PHP starts."""
    site.lines.clear()
    for number in range(5):
        site.visit(site.minute(30 + number / 600), duration_ms=2400 - number * 90)


def with_bugs_of_old(site: Scene) -> None:
    """Notices, deprecations and one fatal error that came once."""
    for number in range(200):
        at = site.minute(number / 4)
        site.note(
            at,
            "php",
            "warning",
            "PHP Deprecated: Creation of dynamic property",
            kind="deprecated",
            component="plugin:old",
        )
        site.visit(at)
    request = site.visit(site.minute(33), status=500)
    site.note(
        site.minute(33),
        "php",
        "error",
        "PHP Fatal error: Uncaught Error",
        request,
        kind="fatal",
        component="plugin:old",
    )


def with_a_forgetful_owner(site: Scene) -> None:
    """Who tries five passwords before the right one."""
    for number in range(6):
        site.visit(
            site.minute(10 + number / 5), "/wp-login.php", method="POST", status=302 if number == 5 else 200
        )
        site.note(site.minute(10 + number / 5), "wordpress", "warning", "sign-in failed", kind="login_failed")


def with_an_eager_owner(site: Scene) -> None:
    """Who looks at forty pages and all their files in ten minutes, signed in, so past the cache."""
    for number in range(40):
        for path in ("/wp-admin/edit.php", "/wp-includes/js/view.js", "/wp-includes/css/style.css"):
            site.visit(site.minute(20 + number / 4), path, address="10.9.9.9", cache="BYPASS")


def with_a_watcher(site: Scene) -> None:
    """A program that asks once a minute whether the site is up."""
    for minute in range(60):
        site.visit(
            site.minute(minute),
            "/",
            agent="UptimeBot/2.0",
            address="192.0.2.44",
            cache="HIT",
            upstream_ms=None,
        )


def with_a_crawler(site: Scene) -> None:
    """A search engine that reads the whole site, and slows nobody down."""
    for number in range(500):
        site.visit(
            site.minute(number / 20),
            f"/blog/{number}/",
            agent="Googlebot/2.1",
            address="192.0.2.66",
            cache="MISS",
        )


def with_cold_caches(site: Scene) -> None:
    """Two hundred pages that nobody asked for before, each once or twice."""
    for number in range(200):
        site.page(site.minute(number / 4), f"/archive/{number % 150}/")


def with_slow_work_at_night(site: Scene) -> None:
    """One statement that took long, once, and one call of a slow server."""
    site.note(
        site.minute(7),
        "slow",
        "warning",
        "a statement took 4000 ms",
        statement="SELECT * FROM wp_posts",
        duration_ms=4000,
        rows_examined=900,
        rows_sent=900,
    )
    site.note(
        site.minute(8),
        "wordpress",
        "info",
        "POST https://api.example",
        kind="http_call",
        host="api.example",
        duration_ms=2500,
        status=200,
    )


def with_quick_calls(site: Scene) -> None:
    """Updates are looked for at a server that can't be reached, which is noticed at once."""
    for number in range(40):
        site.note(
            site.minute(number),
            "wordpress",
            "warning",
            "GET https://api.wordpress.org failed",
            kind="http_call",
            host="api.wordpress.org",
            duration_ms=3,
            error="no route",
        )


def beside_busy_neighbours(site: Scene) -> None:
    """Others take the processors, and this site answers as ever."""
    for minute in range(60):
        for id in NEIGHBOURS:
            site.metrics.tell(id, "cpu_seconds", site.minute(minute), 38)
        site.metrics.tell(SITE.id, "cpu_seconds", site.minute(minute), 1)


def on_its_way_up(site: Scene) -> None:
    """A site that was made a minute ago."""
    site.lines.clear()
    for number in range(4):
        site.visit(site.minute(59 + number / 10), duration_ms=700)


def with_names_in_order(site: Scene) -> None:
    """Its domain leads here, and its certificate is good for a month."""
    good = NameState("shop.example", ("192.0.2.10",), ("192.0.2.10", "2001:db8::1"), NOW + timedelta(days=30))
    site.inspection.seen_names.append(good)


def with_nameless_servers(site: Scene) -> None:
    """The name server does not answer: nothing is known, so nothing is claimed."""
    site.inspection.seen_names.append(NameState("shop.example", ("192.0.2.10",), None))


def with_another_address_for_everybody(site: Scene) -> None:
    """Every visitor comes by an address with a word of their own behind the question mark: nothing could have been kept."""
    for number in range(100):
        site.visit(site.minute(number / 2), "/", cache="MISS")
    site.lines = [line for line in site.lines if line.fields.get("cache") != "HIT"]


def with_work_on_time(site: Scene) -> None:
    """Scheduled events, each a few seconds after its time."""
    for number in range(60):
        site.note(
            site.minute(number),
            "cron",
            "info",
            "wp_version_check ran",
            hook="wp_version_check",
            lag_ms=20_000,
            duration_ms=300,
            outcome="done",
        )


def after_an_outage(site: Scene) -> None:
    """Everything that was due meanwhile ran at once, an hour late, and was done in two seconds."""
    hooks = "wp_version_check, wp_update_plugins, wp_update_themes and 4 more"
    site.note(
        site.minute(40),
        "cron",
        "info",
        f"cron done: {hooks}",
        hook=hooks,
        lag_ms=3_600_000,
        duration_ms=2100,
        outcome="done",
    )


def with_many_connections(site: Scene) -> None:
    """Half of what it may have."""
    site.inspection.seen_connections = ConnectionsState(open=10, most=20, all_open=80, all_most=500)


def under_a_name_of_old_pages(site: Scene) -> None:
    """Many ask for what was moved long ago."""
    for number in range(300):
        site.visit(site.minute(number / 5), f"/old/{number}.html", status=404)


HEALTHY = (
    asleep,
    rarely_visited,
    woken_by_many,
    with_bugs_of_old,
    with_a_forgetful_owner,
    with_an_eager_owner,
    with_a_watcher,
    with_a_crawler,
    with_cold_caches,
    with_slow_work_at_night,
    with_quick_calls,
    beside_busy_neighbours,
    on_its_way_up,
    with_names_in_order,
    with_nameless_servers,
    with_another_address_for_everybody,
    with_work_on_time,
    after_an_outage,
    with_many_connections,
    under_a_name_of_old_pages,
)
