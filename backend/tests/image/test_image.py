"""The container image, built and run for real: what Cloud Run gives it, what it answers, how it starts and how it ends.

Building takes a minute or more, so all of it belongs to `./aipress prove image`; the recipe is held in test_recipe.py.
"""

import os
import shutil
import signal
import statistics
import threading
import time
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from tests import figures
from tests.clouds.local.rig import answers, wait_for
from tests.image.container import CRON, HEALTH, KEY, NOBODY, SITE, Built, Container, first_byte, podman
from tests.image.servers import Servers

FULL = bool(os.environ.get("AIPRESS_PROVE"))
TOOLS = ("buildah", "podman", "runc", "mmdebstrap")
pytestmark = [
    pytest.mark.skipif(not FULL, reason="builds a container image: ./aipress prove image"),
    pytest.mark.skipif(
        os.geteuid() != 0 or not all(map(shutil.which, TOOLS)), reason=f"needs root and {', '.join(TOOLS)}"
    ),
]
STARTS = 25
MOST_MEGABYTES, MOST_FIRST_BYTE_MS, MOST_ENTRYPOINT_MS, MOST_MEMORY_MB = 350, 600, 50, 256
TRACE = "0af7651916cd43dd8448eb211c80319c"


def test_it_is_small(megabytes: float) -> None:
    figures.keep("image", size_mb=round(megabytes, 1))
    assert megabytes <= MOST_MEGABYTES


def test_a_stranger_sees_the_front_page_by_https(running: Container) -> None:
    with running.client() as visitor:
        page = visitor.get("/")
        assert (page.status_code, "Bakery" in page.text) == (200, True)
        assert f"https://{SITE}/" in page.text
        assert "http://127" not in page.text
        style = visitor.get("/wp-includes/css/dist/block-library/style.min.css?ver=1")
        assert (style.status_code, style.headers["cache-control"]) == (
            200,
            "public, max-age=31536000, immutable",
        )
        assert visitor.get("/wp-includes/version.php").status_code == 403
        assert visitor.get("/wp-login.php").status_code == 200


def test_nothing_of_the_core_is_compiled_anew(running: Container) -> None:
    with running.client() as visitor:
        assert visitor.get("/").status_code == 200
    assert running.run("find", "/tmp/aipress/opcache", "-name", "*.bin") == ""
    shipped = "/srv/opcache/*/srv/wordpress/wp-includes/functions.php.bin"
    assert (
        running.run("sh", "-c", f"ls {shipped}").strip()
        == running.run(
            "sh", "-c", "readlink -f /tmp/aipress/opcache/*/srv/wordpress/wp-includes/functions.php.bin"
        ).strip()
    )


def test_what_the_proxies_say_of_a_visitor_is_believed_and_no_more(running: Container) -> None:
    with running.client() as visitor:
        liar = visitor.get(
            "/?probe=visitor",
            headers={"X-Forwarded-For": "10.0.0.1, 203.0.113.9, 192.0.2.1", "X-Real-IP": "10.0.0.2"},
        )
    assert liar.json() == {"address": "203.0.113.9", "https": True, "port": "443", "host": SITE}


def test_redis_and_the_database_are_reached_by_the_network(running: Container, network: Servers) -> None:
    assert running.asked("redis") == {"found": "kept"}
    assert running.asked("database") == {"cipher": "", "through": f"127.0.0.1:{network.mariadb_port}"}


def test_nothing_can_be_written_but_tmp_and_what_is_mounted(running: Container) -> None:
    told = running.asked("writing")
    written = told["written"]
    assert isinstance(written, dict)
    assert {path for path, done in written.items() if done} == {"/tmp/here"}
    assert len(written) > 1
    assert told["user"] == NOBODY
    with running.client() as visitor:
        uploaded = visitor.get(httpx.URL(str(told["uploaded"])).path)
    assert uploaded.text == "uploaded"


def test_the_owners_secret_is_there_and_the_platforms_is_not(running: Container) -> None:
    told = running.asked("secrets")
    assert (told["own"], told["platforms"]) == ("s'k\n$x", False)


def test_health_is_answered_whatever_host_is_asked(running: Container) -> None:
    for host in (SITE, "10.0.0.1:8080", "localhost"):
        with running.client(host) as visitor:
            assert visitor.get(HEALTH).text == "well\n"
    with running.client("_nobody_") as visitor:
        assert visitor.get("/").status_code == 404


def test_each_line_is_an_object_with_its_severity_and_trace(running: Container) -> None:
    with running.client() as visitor:
        visitor.get("/?probe=trouble&token=hidden", headers={"X-Cloud-Trace-Context": f"{TRACE}/1;o=1"})
        visitor.get("/wp-content/nothing-there.css")
    wait_for(lambda: "nothing-there" in running.log.read_text())
    lines = running.lines()
    assert all(line["severity"] for line in lines)
    traced = [
        line
        for line in lines
        if line.get("logging.googleapis.com/trace") == f"projects/some-project/traces/{TRACE}"
    ]
    assert {line["source"] for line in traced} == {"access", "php"}
    trouble = next(line for line in traced if line["source"] == "php")
    assert (trouble["severity"], trouble["message"], trouble["tenant"]) == (
        "WARNING",
        'a "quoted" trouble',
        "tenant-1",
    )
    assert trouble["request_id"] == next(line for line in traced if line["source"] == "access")["request_id"]
    missing = next(line for line in lines if line.get("path") == "/wp-content/nothing-there.css")
    assert (missing["severity"], missing["address"]) == ("WARNING", "203.0.113.9")
    assert not any(line.get("path") == HEALTH for line in lines)
    assert "hidden" not in running.log.read_text()


def test_who_has_the_key_may_let_cron_run(running: Container) -> None:
    assert running.asked("plan") == {"planned": True}
    asked = {"X-AIPress-Key": KEY, "X-Request-ID": 32 * "a"}
    with running.client() as visitor:
        for wrong in ({}, {"X-AIPress-Key": ""}, {"X-AIPress-Key": KEY[1:]}):
            assert visitor.get(CRON, headers=wrong).status_code == 404
        assert running.asked("planned") == {"done": False}
        assert visitor.get(CRON, headers=asked).status_code == 200
    assert running.asked("planned") == {"done": 32 * "a"}


def test_a_mail_that_nobody_would_take_is_refused_and_told(running: Container) -> None:
    assert running.asked("mail") == {"sent": False}
    wait_for(lambda: any("mail was not handed over" in str(line["message"]) for line in running.lines()))


def test_it_takes_little_memory(running: Container) -> None:
    """What its processes take after some pages, each shared page counted once."""
    said = podman("top", running.name, "hpid").split()[1:]
    sizes = [Path("/proc", pid, "smaps_rollup").read_text() for pid in said]
    kilobytes = sum(int(text.partition("\nPss:")[2].split()[0]) for text in sizes)
    figures.keep("image", memory_mb=round(kilobytes / 1024))
    assert 10 < kilobytes / 1024 < MOST_MEMORY_MB


def test_running_requests_end_before_it_does(built: Built) -> None:
    with built.running() as container:
        container.wait_until_it_answers()
        container.asked("visitor")
        told: list[dict[str, object]] = []
        slow = threading.Thread(target=lambda: told.append(container.asked("slow", seconds=3)))
        slow.start()
        time.sleep(1)
        began = time.monotonic()
        container.tell("TERM")
        wait_for(lambda: not answers(container.port), 1)
        slow.join(20)
        assert told == [{"done": True}]
        assert container.end() == 0
        assert 1 < time.monotonic() - began < 6
        assert [line["path"] for line in container.lines() if line["source"] == "access"] == ["/", "/"]


def test_a_request_that_takes_too_long_is_cut_within_the_ten_seconds(built: Built) -> None:
    with built.running() as container:
        container.wait_until_it_answers()
        failed: list[Exception] = []
        slow = threading.Thread(
            target=lambda: failed.append(
                pytest.raises(httpx.HTTPError, container.asked, "slow", seconds=25).value
            )
        )
        slow.start()
        time.sleep(1)
        began = time.monotonic()
        container.tell("TERM")
        assert container.end(20) == 0
        assert 7 < time.monotonic() - began < 10
        slow.join(20)
        assert failed


def test_secrets_come_by_file_and_by_folder(built: Built) -> None:
    folder = built.home / "secrets"
    (folder / "deeper").mkdir(parents=True)
    kept = dict(built.variables)
    (folder / "password").write_text(kept.pop("DB_PASSWORD") + "\n")
    for name in ("AUTH_KEY", "REDIS_PASSWORD"):
        (folder / "deeper" / name).write_text(kept.pop(name))
    (folder / "deeper/AIPRESS_SECRET_STRIPE_KEY").write_text("first\n second\\n'\n")
    told = {**kept, "DB_PASSWORD_FILE": "/mnt/password", "AIPRESS_SECRETS_DIR": "/mnt/deeper"}
    with replace(built, variables=told).running({folder: "/mnt:ro"}) as container:
        container.wait_until_it_answers()
        assert container.asked("secrets")["own"] == "first\n second\\n'"
        assert container.asked("redis") == {"found": "kept"}


def test_the_database_is_reached_by_a_mounted_socket(built: Built, network: Servers) -> None:
    network.sockets.chmod(0o755)
    with built.running({network.sockets: "/cloudsql"}, DB_HOST="localhost:/cloudsql/mysql.sock") as container:
        container.wait_until_it_answers()
        assert container.asked("database")["through"] == "localhost:/cloudsql/mysql.sock"


@pytest.mark.parametrize("tls", ["encrypted", "verified"])
def test_the_database_is_reached_encrypted(built: Built, network: Servers, tls: str) -> None:
    more = {"DB_TLS": tls, "DB_CA_FILE": "/ca.pem" if tls == "verified" else ""}
    with built.running({network.authority: "/ca.pem:ro"}, **more) as container:
        container.wait_until_it_answers()
        assert str(container.asked("database")["cipher"]).startswith("TLS_")


def test_a_database_whose_certificate_nobody_vouches_for_is_not_spoken_to(built: Built) -> None:
    with built.running(DB_TLS="verified") as container:
        container.wait_until_it_answers()
        with container.client() as visitor:
            assert visitor.get("/").status_code == 500
            assert visitor.get(HEALTH).status_code == 200


def test_an_empty_mounted_content_is_filled(built: Built) -> None:
    content = built.home / "content"
    content.mkdir()
    os.chown(content, NOBODY, NOBODY)
    with built.running({content: "/srv/content"}) as container:
        container.wait_until_it_answers()
        with container.client() as visitor:
            assert "Bakery" in visitor.get("/").text
        assert container.asked("writing")["uploaded"]
    assert {path.name for path in content.iterdir()} >= {"plugins", "themes", "uploads"}


def test_wrong_settings_end_it_with_one_line(built: Built) -> None:
    with built.running(DB_NAME="") as container:
        assert container.end() == 78
        (line,) = container.lines()
        assert line["severity"] == "CRITICAL"
        assert str(line["message"]).startswith("DB_NAME is not set.")


@pytest.mark.parametrize("name", ["php-fpm", "nginx"])
def test_what_ends_by_itself_takes_the_container_with_it(built: Built, name: str) -> None:
    with built.running() as container:
        container.wait_until_it_answers()
        with container.client() as visitor:
            visitor.get("/")
        os.kill(container.pid_of(f"{name}: master"), signal.SIGKILL)
        assert container.end() == 1
        assert any(
            line["severity"] == "CRITICAL" and "ended by itself" in str(line["message"])
            for line in container.lines()
        )


@pytest.mark.parametrize("milliseconds", [2, 5, 10, 15, 20, 25, 30, 40, 60])
def test_it_can_be_ended_while_it_starts(built: Built, milliseconds: int) -> None:
    with built.timed() as container:
        container.start()
        wait_for(lambda: bool(container.log.read_text()))
        time.sleep(milliseconds / 1000)
        container.tell("TERM")
        assert container.end(8) == 0
        assert "CRITICAL" not in container.log.read_text()


def test_it_starts_quickly(built: Built) -> None:
    """From saying `podman start` to the front page's first byte; and the entrypoint's part, until somebody listens."""
    measured = []
    for _ in range(STARTS):
        with built.timed() as container:
            measured.append(first_byte(container))
    first, entrypoint = sorted(one[0] for one in measured), statistics.median(one[1] for one in measured)
    figures.keep(
        "image",
        starts=STARTS,
        first_byte_p50_ms=round(statistics.median(first)),
        first_byte_p95_ms=round(first[int(0.95 * len(first))]),
        entrypoint_p50_ms=round(entrypoint, 1),
    )
    assert statistics.median(first) <= MOST_FIRST_BYTE_MS
    assert entrypoint <= MOST_ENTRYPOINT_MS
