"""PHP as environments run it: its settings hold, and the core it starts with was compiled once, by root, for everyone."""

import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from aipress.clouds.local import php
from aipress.clouds.local.edge_config import Edge
from aipress.errors import CloudRefused
from tests.clouds.local import rig
from tests.clouds.local.environment import TENANT, Site


class TestSettings:
    def test_fpm_understands_its_configuration(self, version: str, data: Path) -> None:
        conf = data / "trial.conf"
        conf.write_text(php.fpm_config(php.FpmSizes(max_children=7), data / "alias.sock"))
        command = php.fpm_command(version, php.FpmSizes(), settings=data / "php", conf=conf, opcache=data)
        environment = {"PATH": "/usr/bin:/bin", **php.fpm_environment(data / "php")}
        user = rig.WEB if os.geteuid() == 0 else None  # as in a sandbox: FPM itself is never root

        def trial() -> int:
            return subprocess.run([*command, "-t"], env=environment, user=user, check=False).returncode

        assert trial() == 0
        conf.write_text(conf.read_text().replace("pm = ondemand", "pm = nonsense"))
        assert trial() != 0

    def test_every_extension_loads_without_a_word(self, version: str, data: Path) -> None:
        environment = {"PATH": "/usr/bin:/bin", **php.fpm_environment(data / "php")}
        command = [f"/usr/bin/php{version}", "--php-ini", f"{data}/php/php.ini", "-m"]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert done.stderr == ""
        for name in (
            "mysqli",
            "redis",
            "gd",
            "intl",
            "mbstring",
            "curl",
            "zip",
            "Zend OPcache",
            "exif",
            "sodium",
        ):
            assert name in done.stdout

    def test_writing_them_again_changes_nothing(self, version: str, data: Path) -> None:
        before = {path: path.stat().st_mtime_ns for path in (data / "php").rglob("*")}
        php.write_php_settings(data, version)
        assert {path: path.stat().st_mtime_ns for path in (data / "php").rglob("*")} == before

    def test_a_php_that_is_not_there_is_said(self) -> None:
        with pytest.raises(CloudRefused, match=r"PHP-FPM 4\.2 is not installed"):
            php.php_version("4.2")

    @rig.needs_root
    @pytest.mark.parametrize(
        ("code", "answer"),
        [
            ("var_dump(@opcache_get_status());", "bool(false)"),
            ("var_dump(function_exists('exec'));", "bool(false)"),
            ("var_dump(ini_get('user_ini.filename'));", 'string(0) ""'),
            ("var_dump(ini_get('allow_url_include'));", 'string(0) ""'),
            ("var_dump(wp_max_upload_size());", "int(67108864)"),
            ("var_dump(getenv('DB_PASSWORD'));", "bool(false)"),
        ],
    )
    def test_they_hold_inside_an_environment(self, site: Site, code: str, answer: str) -> None:
        assert site.wp(code).strip() == answer


def core_files_compiled_by(process: subprocess.Popen[bytes]) -> int:
    """How many files of the core this PHP compiled for itself: those in its cache that are its own."""
    child = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()[0]
    caches = Path(f"/proc/{child}/root/srv/opcache").glob("*/srv/wordpress")
    return sum(path.stat().st_uid == TENANT for cache in caches for path in cache.rglob("*.bin"))


def cpu_of_workers(process: subprocess.Popen[bytes]) -> float:
    """Milliseconds of processor time of everything below this process."""
    spent = 0.0
    waiting = [process.pid]
    while waiting:
        pid = waiting.pop()
        waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        spent += int(Path(f"/proc/{pid}/schedstat").read_text().split()[0]) / 1e6
    return spent


@pytest.fixture
def start(asleep: Site, edge: Edge) -> Callable[[bool], tuple[float, float, int]]:
    """Starts PHP, asks for the front page, and says: milliseconds to it, processor time, files of the core compiled."""

    def first_byte(warm: bool) -> tuple[float, float, int]:
        with rig.visitor(edge, asleep.host) as client:
            started = time.perf_counter()
            with asleep.php(warm=warm) as process:
                assert client.get("/").status_code == 200
                took = (time.perf_counter() - started) * 1000
                return took, cpu_of_workers(process), core_files_compiled_by(process)

    return first_byte


@rig.needs_root
class TestOpcache:
    def test_every_file_of_the_core_is_in_it(self, core: Path, opcache: Path) -> None:
        compiled = {
            path.relative_to(next(opcache.glob("*/srv/wordpress"))) for path in opcache.rglob("*.bin")
        }
        assert compiled == {path.relative_to(core).with_suffix(".php.bin") for path in core.rglob("*.php")}

    def test_an_environment_starts_from_it_and_compiles_nothing_of_the_core(
        self, start: Callable[[bool], tuple[float, float, int]], capsys: pytest.CaptureFixture[str]
    ) -> None:
        cold = [start(False) for _ in range(3)]
        warm = [start(True) for _ in range(7)]
        for name, runs in (("without", cold), ("with", warm)):
            wall, cpu, files = (statistics.median(column) for column in zip(*runs, strict=True))
            said = f"first byte {wall:.0f} ms, cpu {cpu:.0f} ms, {files:.0f} files compiled"
            rig.tell(capsys, f"cold start {name} the shared cache: {said}")
        assert min(files for _, _, files in cold) > 300
        assert {files for _, _, files in warm} == {0}
        assert statistics.median(cpu for _, cpu, _ in warm) < 0.7 * statistics.median(
            cpu for _, cpu, _ in cold
        )

    def test_no_environment_can_write_what_another_runs(self, asleep: Site) -> None:
        attempt = "for f in /srv/opcache/*/srv/wordpress/index.php.bin; do echo x > $f; rm -f $f; mv ${f%/*} /srv/opcache/mine; done; touch /srv/wordpress/x"
        done = subprocess.run(
            [*asleep.sandbox(), "sh", "-c", attempt], capture_output=True, text=True, check=False
        )
        assert done.returncode != 0
        assert done.stderr.count("Read-only file system") == 3
        assert not (asleep.parts.core / "x").exists()

    def test_what_plugins_compile_to_is_kept_for_the_next_start(self, asleep: Site, edge: Edge) -> None:
        plugin = asleep.content / "mine.php"
        plugin.write_text("<?php return 1;")
        os.utime(plugin, (time.time() - 60,) * 2)
        (asleep.content / "object-cache.php").write_text(
            "<?php include WP_CONTENT_DIR . '/mine.php'; require_once ABSPATH . WPINC . '/cache.php';"
        )
        with rig.visitor(edge, asleep.host) as client, asleep.php():
            assert client.get("/").status_code == 200
        assert (asleep.place / "opcache/mine.php.bin").is_file()

    def test_a_plugin_that_changes_is_seen(self, asleep: Site, edge: Edge) -> None:
        plugin = asleep.content / "plugins/says.php"

        def say(word: str) -> None:
            plugin.write_text(
                f"<?php /* Plugin Name: Says */ if (isset($_GET['says'])) {{ exit('{word}'); }}"
            )
            plugin.chmod(0o644)

        say("old")
        asleep.wp("require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('says.php');")
        with rig.visitor(edge, asleep.host) as client, asleep.php():
            assert client.get("/?says").text == "old"
            say("new")
            rig.wait_for(lambda: client.get("/?says").text == "new", 8)

    def test_it_is_made_anew_only_when_what_it_was_made_from_changed(
        self, data: Path, core: Path, version: str, opcache: Path
    ) -> None:
        before = opcache.stat().st_ino
        assert php.ensure_opcache(data, core, version).stat().st_ino == before
        os.utime(data / "php/php.ini")
        assert php.ensure_opcache(data, core, version).stat().st_ino != before
