"""The image's recipe, held without building it: what its files say, what the entrypoint refuses, how lines are written."""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from aipress.cli.image import base, build, context
from aipress.cli.trouble import Trouble
from aipress.clouds.local.content import PLATFORM_FILES
from aipress.clouds.local.edge_config import Edge, nginx_config
from aipress.clouds.local.php import EXTENSIONS
from aipress.clouds.local.site_rules import NEVER_SERVED
from tests.clouds.local.environment import SALTS
from tests.clouds.local.rig import needs_root

RECIPE = PLATFORM_FILES / "image"
DOCKERFILE = (RECIPE / "Dockerfile").read_text()
FINAL = DOCKERFILE[DOCKERFILE.rindex("\nFROM ") :]
WHOLE = {name: "x" for name in ("DB_NAME", "DB_USER", "DB_PASSWORD", "DB_HOST", *SALTS)}
MIRRORS = """Types: deb
URIs: http://mirror.example.test/debian
Suites: bookworm bookworm-updates

Types: deb
URIs: http://mirror.example.test/security
Suites: bookworm-security

Types: deb
URIs: http://elsewhere.example.test/tools
Suites: nodistro
"""


def test_it_runs_as_nobody_and_says_what_it_is() -> None:
    assert re.findall(r"^USER (.*)$", FINAL, re.MULTILINE) == ["33:33"]
    assert "EXPOSE 8080" in FINAL
    assert re.findall(r"(org\.opencontainers\.image\.\w+|com\.aipress\.\w+)[.=]", FINAL)
    assert 'ENTRYPOINT ["/usr/lib/aipress/entrypoint.sh"]' in FINAL


def test_nothing_is_built_or_fetched_in_what_is_shipped() -> None:
    assert FINAL.startswith("\nFROM scratch\n")
    assert not re.search(r"^RUN|apt|^ADD", FINAL, re.MULTILINE)
    builders = {"gcc", "g++", "make", "build-essential", "git", "curl", "wget", "python3", "composer"}
    assert not builders & set(_installed().split())
    assert "-dev" not in _installed()


def test_no_place_packages_come_from_is_named_and_no_processor() -> None:
    for path in RECIPE.iterdir():
        assert not re.search(r"https?://|amd64|x86_64|arm64|aarch64", path.read_text()), path.name


def test_every_extension_has_its_package() -> None:
    with_php = {"ctype", "exif", "fileinfo", "iconv", "pdo", "posix", "tokenizer"}
    by_another = {
        "mysqlnd": "mysql",
        "mysqli": "mysql",
        "pdo_mysql": "mysql",
        "dom": "xml",
        "simplexml": "xml",
    }
    by_another |= {"xmlreader": "xml", "xmlwriter": "xml"}
    packages = set(re.findall(r"php\$\{PHP\}-(\w+)", _installed()))
    assert {by_another.get(name, name) for name in EXTENSIONS} - with_php <= packages


def test_every_file_it_copies_is_prepared(tmp_path: Path) -> None:
    copied = re.findall(r"^COPY (?!--from)(.*) \S+$", DOCKERFILE, re.MULTILINE)
    names = {name for line in copied for name in line.split()}
    assert names - {"wordpress", "content", "php"} <= {
        *context.COPIED,
        "nginx.conf",
        "fpm.conf",
        "compile.php",
    }


@needs_root
def test_the_folder_it_is_built_in_has_the_local_clouds_files(tmp_path: Path) -> None:
    core, place = tmp_path / "core", tmp_path / "context"
    (core / "wp-content/themes/one").mkdir(parents=True)
    (core / "wp-content/themes/one/style.css").write_text("")
    (core / "wp-load.php").write_text("<?php")
    place.mkdir()
    context.write_context(place, core)
    assert (place / "wordpress/wp-load.php").read_text() == "<?php"
    assert (place / "content/themes/one").readlink() == Path("/srv/wordpress/wp-content/themes/one")
    for name in ("php.ini", "sendmail.sh"):
        assert (place / "php" / name).read_text() == (PLATFORM_FILES / "config" / name).read_text()
    assert "extension=redis.so" in (place / "php/conf.d/extensions.ini").read_text()
    assert "pm.max_children = ${AIPRESS_PHP_CHILDREN}" in (place / "fpm.conf").read_text()
    assert os.access(place / "entrypoint.sh", os.X_OK)


def test_it_serves_and_refuses_as_the_edge_does(tmp_path: Path) -> None:
    ours, edge = context.nginx_config(), nginx_config(Edge(tmp_path, 8080, tmp_path))
    assert ours.count(NEVER_SERVED) == edge.count(NEVER_SERVED) > 3
    scripts = [line for line in edge.splitlines() if "location" in line and r"\.php" in line]
    assert scripts
    assert all(line in ours for line in scripts)


@pytest.mark.parametrize("length", [32, 64, 200])
def test_nginx_takes_its_configuration_and_a_key_of_any_length(tmp_path: Path, length: int) -> None:
    config = tmp_path / "nginx.conf"
    config.write_text(context.nginx_config().replace(str(context.RUN), str(tmp_path)))
    (tmp_path / "listen.conf").write_text("listen 8080 default_server;")
    (tmp_path / "listen-site.conf").write_text("listen 8080;")
    (tmp_path / "key.conf").write_text(f'"{length * "k"}" 1;')
    (tmp_path / "media.conf").write_text('"~." 1;')
    (tmp_path / "address.conf").write_text('"~(?<a>[0-9.]+)(?: *, *[^, ]+){1}$" $a;')
    done = subprocess.run(
        ["nginx", "-t", "-q", "-e", "stderr", "-p", tmp_path, "-c", config],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("settings", "named"),
    [
        ({"DB_NAME": ""}, "DB_NAME"),
        ({"NONCE_SALT": ""}, "NONCE_SALT"),
        ({"PORT": "http"}, "PORT"),
        ({"PORT": "65536"}, "PORT"),
        ({"PORT": "080"}, "PORT"),
        ({"AIPRESS_PHP_CHILDREN": "0"}, "AIPRESS_PHP_CHILDREN"),
        ({"AIPRESS_PROXIES": "many"}, "AIPRESS_PROXIES"),
        ({"DB_TLS": "yes"}, "DB_TLS"),
        ({"AIPRESS_KEY": "short"}, "AIPRESS_KEY"),
        ({"AIPRESS_KEY": 40 * "x" + '"'}, "AIPRESS_KEY"),
        ({"DB_CA_FILE": "/nowhere"}, "DB_CA_FILE"),
        ({"GOOGLE_CLOUD_PROJECT": 'a"b'}, "GOOGLE_CLOUD_PROJECT"),
        ({"DB_PASSWORD_FILE": "/nowhere"}, "DB_PASSWORD"),
    ],
)
def test_wrong_settings_are_refused_by_name_in_one_line(
    tmp_path: Path, settings: dict[str, str], named: str
) -> None:
    code, lines, _ = _entered(tmp_path, WHOLE | settings)
    assert (code, len(lines)) == (78, 1)
    assert lines[0]["severity"] == "CRITICAL"
    assert named in lines[0]["message"]


@pytest.mark.parametrize(
    "name", ["PATH", "LD_PRELOAD", "AIPRESS_SECRET_", "AIPRESS_SECRET_a;b", "AIPRESS_PHP_CHILDREN"]
)
def test_a_file_among_the_secrets_that_is_none_is_refused(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "secrets"
    folder.mkdir()
    (folder / name).write_text("/evil")
    code, lines, seen = _entered(tmp_path, WHOLE | {"AIPRESS_SECRETS_DIR": str(folder)})
    assert (code, len(lines), seen) == (78, 1, {})


def test_secrets_come_from_files_as_they_are(tmp_path: Path) -> None:
    folder = tmp_path / "secrets"
    (folder / "owner").mkdir(parents=True)
    (folder / "password").write_text("pass'word\n")
    (folder / "salts").mkdir()
    (folder / "salts/AUTH_KEY").write_text("$HOME `id` \"'\\n")
    (folder / "owner/AIPRESS_SECRET_KEY").write_text("\n  -----BEGIN-----\nab\\c\n\n")
    told = {"DB_PASSWORD_FILE": str(folder / "password"), "AIPRESS_SECRETS_DIR": str(folder / "salts")}
    _, _, seen = _entered(tmp_path, WHOLE | told)
    assert (seen["DB_PASSWORD"], seen["AUTH_KEY"], seen["DB_NAME"]) == ("pass'word", "$HOME `id` \"'\\n", "x")
    _, _, seen = _entered(tmp_path, WHOLE | {"AIPRESS_SECRETS_DIR": str(folder / "owner")})
    assert seen["AIPRESS_SECRET_KEY"] == "\n  -----BEGIN-----\nab\\c"


@pytest.mark.parametrize(
    ("line", "severity", "message"),
    [
        (
            '2026/11/28 16:00:00 [error] 7#7: *1 a "b" \\ c',
            "ERROR",
            '2026/11/28 16:00:00 [error] 7#7: *1 a "b" \\ c',
        ),
        ("2026/11/28 16:00:00 [emerg] 7#7: no", "CRITICAL", "2026/11/28 16:00:00 [emerg] 7#7: no"),
        (
            "[28-Nov-2026 16:00:00] WARNING: [pool x] slow\tpool",
            "WARNING",
            "[28-Nov-2026 16:00:00] WARNING: [pool x] slow pool",
        ),
        ("PHP Fatal error:  gone", "ERROR", "PHP Fatal error:  gone"),
        ('{"source":"php","level":"error","message":"x"}', "ERROR", "x"),
        (
            '{"source":"access","level":"warning","message":"say \\"level\\":\\"error\\""}',
            "WARNING",
            'say "level":"error"',
        ),
        ('{"severity":"NOTICE","message":"as it is"}', "NOTICE", "as it is"),
        ('{"message":"no level"}', "INFO", "no level"),
    ],
)
def test_every_line_becomes_an_object_with_a_severity(line: str, severity: str, message: str) -> None:
    told = _written(line)
    assert (told["severity"], told["message"]) == (severity, message)


def test_a_trace_gets_its_whole_name_where_the_project_is_known() -> None:
    line = '{"level":"info","message":"its \\"trace\\":\\"ab\\"","trace":"0af7"}'
    assert (
        _written(line, "some-project")["logging.googleapis.com/trace"] == "projects/some-project/traces/0af7"
    )
    assert _written(line)["trace"] == "0af7"
    assert "trace" not in _written('{"level":"info","message":"x","trace":""}', "some-project")


def test_packages_come_from_the_machines_own_mirrors_or_the_one_that_is_said(tmp_path: Path) -> None:
    settings = tmp_path / "apt"
    (settings / "sources.list.d").mkdir(parents=True)
    (settings / "sources.list.d/debian.sources").write_text(MIRRORS)
    said = (base.write_sources(tmp_path / "own", apt_settings=settings) / "debian.sources").read_text()
    assert re.findall(r"^Suites: (.*)$", said, re.MULTILINE) == ["trixie trixie-updates", "trixie-security"]
    assert "elsewhere" not in said
    said = (
        base.write_sources(tmp_path / "other", "http://other.example.test", settings) / "debian.sources"
    ).read_text()
    assert re.findall(r"^URIs: (.*)$", said, re.MULTILINE) == ["http://other.example.test"]
    with pytest.raises(Trouble, match="no mirror"):
        base.write_sources(tmp_path / "none", apt_settings=tmp_path / "nothing")


def test_the_base_keeps_no_mirror_and_another_base_needs_none() -> None:
    command = base.base_command(Path("base.tar"), Path("sources"))
    assert any("rm -rf" in part and "sources.list" in part for part in command)
    ours = build.build_command(Path("c"), Path("s"), build.Wish("7.1.4", base=base.NAME))
    other = build.build_command(Path("c"), Path("s"), build.Wish("7.1.4", base="debian:trixie-slim"))
    assert "s:/etc/apt/sources.list.d:ro" in ours
    assert "--volume" not in other
    assert "BASE=debian:trixie-slim" in other


def _installed() -> str:
    """What the Dockerfile says to apt."""
    return DOCKERFILE[DOCKERFILE.index("apt-get install") : DOCKERFILE.index("FROM system AS compiled")]


def _entered(folder: Path, variables: dict[str, str]) -> tuple[int, list[dict[str, str]], dict[str, str]]:
    """Run the entrypoint as far as its first program, which here notes its variables and fails: exit code, lines, what was noted."""
    programs, noted = folder / "bin", folder / "noted"
    programs.mkdir(exist_ok=True)
    (programs / "cp").write_text(f"#!/bin/sh\n/usr/bin/env -0 > {noted}\nexit 1\n")
    (programs / "cp").chmod(0o755)
    done = subprocess.run(
        ["/bin/sh", RECIPE / "entrypoint.sh"],
        env=variables | {"PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr == ""
    seen = (
        dict(pair.split("=", 1) for pair in noted.read_text().split("\0") if pair) if noted.exists() else {}
    )
    return done.returncode, [json.loads(line) for line in done.stdout.splitlines()], seen


def _written(line: str, project: str = "") -> dict[str, str]:
    """What log.awk makes of a line."""
    awk = shutil.which("mawk")
    if not awk:
        pytest.skip("mawk is not installed (apt install mawk)")
    command = [awk, "-W", "interactive", "-v", f"project={project}", "-f", str(RECIPE / "log.awk")]
    said = subprocess.run(command, input=f"{line}\n", capture_output=True, text=True, check=True).stdout
    (told,) = [json.loads(each) for each in said.splitlines()]
    return dict(told)
