"""Each fault as it is really planted, and the visitors who meet it. A function plants, lets visitors come, and returns."""

import subprocess
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from tests.e2e.planting import NUMBERS, Site, make_site, meanwhile, visitors
from tests.e2e.platform import wait_for

FATAL = "add_action('template_redirect', function () { if (crc32($_SERVER['REQUEST_URI']) % 2) { prices_of(4); } });"
SLEEPS = "add_action('template_redirect', function () { global $wpdb; $wpdb->query('SELECT SLEEP(1.3)'); });"
READS_ALL = (
    "add_action('template_redirect', function () { global $wpdb; "
    "$wpdb->get_results(\"SELECT * FROM wp_orders WHERE email = 'x@y.example' OR SHA2(REPEAT(CONCAT(note, id), 30), 512) = '0'\"); });"
)
EATS = "add_action('template_redirect', function () { $all = []; while (true) { $all[] = str_repeat('x', 1000000); } });"
COOKIE = "add_action('init', function () { setcookie('seen_by_counter', (string) time(), 0, '/'); });"
WAITS = (
    "add_action('template_redirect', function () { $deaf = stream_socket_server('tcp://127.0.0.1:0'); "
    "$name = stream_socket_get_name($deaf, false); wp_remote_get(\"http://$name/rates\", ['timeout' => 2]); });"
)
WRITES = (
    "add_action('template_redirect', function () { "
    "file_put_contents(WP_CONTENT_DIR . '/uploads/small/' . uniqid(), str_repeat('x', 200000)); });"
)
HOLDS = (
    "add_action('plugins_loaded', function () { if (!isset($_GET['hold'])) { return; } $held = []; $ends = time() + 30; "
    "mysqli_report(MYSQLI_REPORT_OFF); while (time() < $ends) { $link = mysqli_init(); "
    "if (@mysqli_real_connect($link, null, DB_USER, DB_PASSWORD, DB_NAME, 0, substr(DB_HOST, strpos(DB_HOST, ':') + 1))) "
    "{ $held[] = $link; } else { usleep(20000); } } exit; });"
)
LATE = "add_action('stock_sync', function () { sleep(1); wp_schedule_single_event(time() - 900, 'stock_sync', [uniqid()]); }, 10, 1);"
BURNS = "add_action('init', function () { if (isset($_GET['burn'])) { $ends = time() + 25; while (time() < $ends) { md5('x'); } } });"
HEAVY = "add_action('template_redirect', function () { $ends = hrtime(true); for ($n = 0; $n < 120000000; $n++) { $ends ^= $n; } });"


def plugin_fatal(site: Site) -> None:
    site.plugin("price-table", FATAL)
    visitors(site, 8)


def slow_query(site: Site) -> None:
    site.plugin("slow-counter", SLEEPS)
    visitors(site, 12)


def missing_index(site: Site) -> None:
    site.sql(
        "CREATE TABLE wp_orders (id INT PRIMARY KEY AUTO_INCREMENT, email VARCHAR(80), note VARCHAR(200))",
        "INSERT INTO wp_orders (email, note) SELECT CONCAT('c', seq, '@example.com'), REPEAT('n', 120) FROM seq_1_to_400000",
    )
    site.plugin("order-list", READS_ALL)
    visitors(site, 15)


def memory_limit(site: Site) -> None:
    site.plugin("gallery", EATS)
    visitors(site, 8)


def cache_never_hits(site: Site) -> None:
    site.plugin("counter", COOKIE)
    wait_for(
        lambda: "seen_by_counter" in site.front_page(), 150, "the page from before to be forgotten", pause=2
    )
    site.begin()
    for number in range(60):
        site.ask("/", f"127.0.2.{number % 40 + 1}")


def external_call(site: Site) -> None:
    site.plugin("rates", WAITS)
    visitors(site, 14)


def bot_flood(site: Site) -> None:
    def flood(number: int) -> None:
        for turn in range(16):
            site.ask(f"/?p={number * 1000 + turn}", "127.66.0.9", headers={"User-Agent": "HungryBot/1.0"})

    with meanwhile(visitors, site, 15), ThreadPoolExecutor(32) as bots:
        list(bots.map(flood, range(32)))


def brute_force(site: Site) -> None:
    def guess(number: int) -> None:
        site.ask(
            "/wp-login.php",
            f"127.66.0.{20 + number % 3}",
            "POST",
            data={"log": "admin", "pwd": f"guess{number}"},
            headers={"User-Agent": "python-requests/3.0"},
        )

    with meanwhile(visitors, site, 10), ThreadPoolExecutor(4) as guessing:
        list(guessing.map(guess, range(80)))


def connections_exhausted(site: Site) -> None:
    site.plugin("leaky-pool", HOLDS)
    site.ask("/?turn=warm")

    def hold() -> None:
        site.ask("/?hold=1", timeout=40)

    threading.Thread(target=hold, daemon=True).start()
    visitors(site, 8)


def cron_pile_up(site: Site) -> None:
    site.plugin("stock", LATE)
    events = "".join(_event(number) for number in range(30))
    site.sql(
        f'UPDATE wp_options SET option_value = \'a:2:{{i:1700000000;a:1:{{s:10:"stock_sync";a:30:{{{events}}}}}s:7:"version";i:2;}}\' '  # noqa: S608
        "WHERE option_name = 'cron'"
    )
    visitors(site, 45, pause=2)


def _event(number: int) -> str:
    key, argument = f"{number:032x}", f's:2:"{number:02}";'
    return f's:32:"{key}";a:2:{{s:8:"schedule";b:0;s:4:"args";a:1:{{i:0;{argument}}}}}'


def full_disk(site: Site) -> None:
    small = site.content / "uploads/small"
    small.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=512k,mode=777", "small", str(small)], check=True)
    try:
        site.plugin("picture-store", WRITES)
        site.sleep()
        visitors(site, 8)
    finally:
        site.sleep()
        subprocess.run(["umount", "-l", str(small)], check=True)


def expired_certificate(site: Site) -> None:
    host = f"{site.slug}.example"
    site.publish(host)
    site.outside.ended.add(host)
    visitors(site, 3)


def dns_moved(site: Site) -> None:
    host = f"{site.slug}.example"
    site.publish(host)
    site.outside.leads[host] = "203.0.113.80"
    visitors(site, 3)


def neighbour_load(site: Site) -> None:
    site.plugin("price-engine", HEAVY)
    busy = [make_site(site.platform, f"{site.slug} neighbour {number}") for number in range(4)]
    site.company += [
        one.slug for one in busy
    ]  # there still when somebody asks: of who is gone nothing is known
    for one in busy:
        one.plugin("miner", BURNS)

    def burn(one: Site) -> None:
        for _ in range(7):
            one.ask(f"/?burn={next(NUMBERS)}", timeout=60)  # of the same address the edge would keep the page

    with ThreadPoolExecutor(12) as burning:
        for one in busy * 3:
            burning.submit(burn, one)
        visitors(site, 170, pause=1)


REAL: Mapping[str, Callable[[Site], None]] = {
    "plugin_fatal": plugin_fatal,
    "slow_query": slow_query,
    "missing_index": missing_index,
    "memory_limit": memory_limit,
    "cache_never_hits": cache_never_hits,
    "external_call": external_call,
    "bot_flood": bot_flood,
    "brute_force": brute_force,
    "connections_exhausted": connections_exhausted,
    "cron_pile_up": cron_pile_up,
    "full_disk": full_disk,
    "expired_certificate": expired_certificate,
    "dns_moved": dns_moved,
    "neighbour_load": neighbour_load,
}
