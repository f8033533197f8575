"""Eighteen ways to have an upload run or a stranger's file served. Each first succeeds on a deliberately weak configuration of the same
nginx and PHP, so that its failing on ours means something.
"""

import os
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from aipress.clouds.local.edge_config import Edge
from tests.clouds.local import rig
from tests.clouds.local.environment import TENANT, Site

pytestmark = rig.needs_root

UPLOADS = "/wp-content/uploads"
CODE = [
    f"{UPLOADS}/x.php",
    f"{UPLOADS}/x.PHP",
    f"{UPLOADS}/x.phtml",
    f"{UPLOADS}/x.php5",
    f"{UPLOADS}/x.phar",
    f"{UPLOADS}/x.php.jpg",
    f"{UPLOADS}/x.php/a",
    f"{UPLOADS}/x.jpg/a.php",
    f"{UPLOADS}/x.php/a.php",
    f"{UPLOADS}/2026/.h.php",
    "/wp-content//uploads/x.php",
    f"{UPLOADS}/%78.php",
    "/wp-content/./uploads/x.php",
    "/WP-CONTENT/uploads/x.php",
]
FILES = {
    f"{UPLOADS}/link.txt": "the neighbour's secret",
    f"{UPLOADS}/pw.txt": "root:",
    "/wp-config.php.bak": "DBPASS",
    "/.user.ini": "auto_prepend_file",
}
# Beyond the eighteen: ways that only our own layout offers.
OURS_TOO = [
    f"{UPLOADS}/everything/etc/passwd",
    f"{UPLOADS}/neighbour/private.txt",
    "/wp-content/wp-config.php.bak",
    "/wp-content/.user.ini",
    "/wp-content/plugins/evil.php",
    "/wp-content/plugins/evil.php/x.css",
    "/wp-content/themes/stolen/private.txt",
    "/wp-content/mu-plugins/aipress.php",
    "/wp-content/themes/twentytwentyfive/functions.php",
    "/wp-content/uploads/../plugins/evil.php",
    "/wp-content/%2e%2e/core/wp-config.php",
    "/wp-config.php",
    "/wp-admin/install.php",
    "/wp-admin/setup-config.php",
    "/wp-admin/maint/repair.php",
    "/wp-admin/includes/file.php",
    "/wp-includes/version.php",
    "/wp-settings.php",
    "/wp-cron.php",
    "/xmlrpc.php",
    "/wp-login.php/x",
    "/core/wp-login.php",
    "/logs/php.log",
    "/.aipress/unknown",
]


def plant(root: Path, uploads: Path, neighbour: Path, owner: int) -> None:
    """Everything an attacker who can write as this site would leave there."""
    (uploads / "2026").mkdir(parents=True, exist_ok=True)
    for name in ("x.php", "x.PHP", "x.phtml", "x.php5", "x.phar", "x.php.jpg", "x.jpg", "2026/.h.php"):
        (uploads / name).write_text('<?php echo "EXE", "CUTED";')
    (root / ".user.ini").write_text("auto_prepend_file=x.jpg\n")
    (root / "wp-config.php.bak").write_text("DBPASS")
    (uploads / "link.txt").symlink_to(neighbour / "private.txt")
    (uploads / "pw.txt").symlink_to("/etc/passwd")
    (uploads / "everything").symlink_to("/")
    (uploads / "neighbour").symlink_to(neighbour)
    for path in (root, *root.rglob("*")):
        os.chown(path, owner, owner, follow_symlinks=False)


@pytest.fixture(scope="module")
def neighbour(data: Path) -> Path:
    """Another tenant's content, which nginx itself may read."""
    content = data / "environments/neighbour/content"
    content.mkdir(parents=True)
    (content / "private.txt").write_text("the neighbour's secret")
    for path in (content, content / "private.txt"):
        os.chown(path, TENANT + 1, TENANT + 1)
    return content


@pytest.fixture(scope="module")
def weak(data: Path, version: str, neighbour: Path) -> Iterator[Edge]:
    """The same nginx and PHP, careless: any name with `.php` or a picture's goes to PHP, all extensions run, all links are followed."""
    root = data / "weak"
    plant(root, root / "wp-content/uploads", neighbour, TENANT)
    (root / ".user.ini").rename(root / "user.ini")  # its own prepending would hide what each file does
    (root / ".user.ini").symlink_to("user.ini")
    (root / "WP-CONTENT").symlink_to("wp-content")  # a file system that does not tell case
    sock = root / "php.sock"
    (root / "fpm.conf").write_text(
        f"[global]\nerror_log=/dev/null\n[weak]\nuser={TENANT}\ngroup={TENANT}\nlisten={sock}\nlisten.mode=0666\n"
        "pm=static\npm.max_children=1\nsecurity.limit_extensions=\nphp_admin_value[user_ini.filename]=\n"
    )
    edge = Edge(data / "weak-edge", rig.free_port(), root, addresses=("127.0.0.1",))
    edge.state.mkdir(parents=True)
    (edge.state / "nginx.conf").write_text(
        f"daemon off; pid {edge.state}/pid; error_log stderr; events {{}}\nhttp {{ access_log off; client_body_temp_path {edge.state}/a;"
        f" fastcgi_temp_path {edge.state}/b; proxy_temp_path {edge.state}/c; uwsgi_temp_path {edge.state}/d; scgi_temp_path {edge.state}/e;"
        f" server {{ listen 127.0.0.1:{edge.port}; root {root};"
        f" location ~* \\.(php|phtml|phar|jpg) {{ fastcgi_pass unix:{sock}; include /etc/nginx/fastcgi.conf; }} }} }}"
    )
    fpm = [
        f"/usr/sbin/php-fpm{version}",
        "--nodaemonize",
        "--force-stderr",
        "--fpm-config",
        str(root / "fpm.conf"),
    ]
    nginx = ["nginx", "-e", "stderr", "-c", str(edge.state / "nginx.conf")]
    with (
        rig.running(subprocess.Popen(fpm, stderr=subprocess.DEVNULL)),
        rig.running(subprocess.Popen(nginx, stderr=subprocess.DEVNULL), signal.SIGQUIT),
    ):
        rig.wait_for(sock.exists)
        rig.wait_for(lambda: rig.answers(edge.port))
        yield edge


@pytest.fixture(scope="module")
def attacked(site: Site, neighbour: Path) -> Site:
    content = site.content
    plant(content, content / "uploads", neighbour, site.uid)
    (content / "plugins/evil.php").write_text('<?php echo "EXE", "CUTED";')
    (content / "themes/stolen").symlink_to(neighbour)
    for path in (content / "plugins/evil.php", content / "themes/stolen"):
        os.chown(path, site.uid, site.uid, follow_symlinks=False)
    return site


def fetch(edge: Edge, host: str, path: str) -> tuple[int, str]:
    """Exactly this path, as no well-behaved client would send it."""
    command = [
        "curl",
        "-s",
        "--path-as-is",
        "-w",
        "\n%{http_code}",
        "-H",
        f"Host: {host}:{edge.port}",
        f"http://127.0.0.1:{edge.port}{path}",
    ]
    body, _, status = (
        subprocess.run(command, capture_output=True, check=True, timeout=30)
        .stdout.decode(errors="replace")
        .rpartition("\n")
    )
    return int(status), body


@pytest.mark.parametrize("path", CODE)
def test_on_a_weak_configuration_this_upload_runs(weak: Edge, path: str) -> None:
    assert "EXECUTED" in fetch(weak, "weak", path)[1]


@pytest.mark.parametrize(("path", "content"), FILES.items())
def test_on_a_weak_configuration_this_file_is_served(weak: Edge, path: str, content: str) -> None:
    assert content in fetch(weak, "weak", path)[1]


@pytest.mark.parametrize("path", [*CODE, *FILES, *OURS_TOO])
def test_on_ours_nothing_runs_and_nothing_leaks(edge: Edge, attacked: Site, path: str) -> None:
    status, body = fetch(edge, attacked.host, path)
    assert status in (301, 403, 404), body[:300]
    for sign in ("EXECUTED", "<?php", *FILES.values()):
        assert sign not in body


def test_the_front_page_works_all_the_same(edge: Edge, attacked: Site) -> None:
    status, body = fetch(edge, attacked.host, "/")
    assert (status, "Sunrise Bakery" in body) == (200, True)


def test_an_honest_upload_and_a_link_within_the_site_are_served(edge: Edge, attacked: Site) -> None:
    uploads = attacked.content / "uploads"
    (uploads / "menu.txt").write_text("bread")
    (uploads / "today.txt").symlink_to("menu.txt")
    for path in (uploads / "menu.txt", uploads / "today.txt"):
        os.chown(path, attacked.uid, attacked.uid, follow_symlinks=False)
    assert fetch(edge, attacked.host, f"{UPLOADS}/today.txt") == (200, "bread")


def test_a_site_writes_no_root_owned_name_anywhere(attacked: Site) -> None:
    """nginx follows a link whose owner owns the target: one of root's, moved by the tenant, would open every file of root's."""
    content = attacked.content
    assert [path for path in (content, *content.rglob("*")) if path.lstat().st_uid != attacked.uid] == []


def test_a_link_of_roots_would_open_roots_files(edge: Edge, attacked: Site) -> None:
    """Why that rule stands: the probe above would otherwise prove nothing."""
    link = attacked.content / "uploads/master-key.txt"
    link.symlink_to("/etc/passwd")
    assert "root:" in fetch(edge, attacked.host, f"{UPLOADS}/master-key.txt")[1]
    link.unlink()
