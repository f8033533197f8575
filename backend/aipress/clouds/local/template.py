"""The template every site is a copy of: WordPress installed for real once per version, kept as a small dump.

A site is made by importing the dump and rewriting the rows `introducing.personalise` names; WordPress is never booted for it.
"""

import hashlib
import secrets
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pymysql

from aipress.clouds.local.command import run
from aipress.clouds.local.content import PLATFORM_FILES, ensure_content
from aipress.clouds.local.php import fpm_environment
from aipress.clouds.wordpress import introducing
from aipress.clouds.wordpress.introducing import PLACEHOLDER
from aipress.errors import CloudBusy, CloudRefused


def ensure_template(
    data_dir: Path,
    core: Path,
    php: str,
    server: tuple[Path, str],
    tell: Callable[[str], None] = lambda _: None,
) -> Path:
    """`DATA/templates/<core's version>.sql`, made where it is missing (about three seconds).

    `server` is MariaDB's socket and the account that may create databases, signed in by its Unix name. Raises CloudRefused
    with what PHP or MariaDB said.
    """
    dump = data_dir / "templates" / f"{core.name}.sql"
    if dump.is_file() and dump.read_text().startswith(_first_line(core)):
        return dump
    tell(f"Installing WordPress {core.name} once, as the template of all sites")
    dump.parent.mkdir(mode=0o755, exist_ok=True)
    with _scratch_database(server) as access:
        _install(data_dir, core, php, access)
        text = _dump(server[0], server[1], access["DB_NAME"])
    fresh = dump.with_suffix(".fresh")
    fresh.write_text(_first_line(core) + text)
    fresh.chmod(0o644)
    fresh.rename(dump)
    return dump


def _first_line(core: Path) -> str:
    """Says what the dump was made from, so that a new release of ours makes it anew."""
    ours = [Path(__file__), Path(introducing.__file__), *sorted((PLATFORM_FILES / "template").iterdir())]
    made_from = hashlib.sha256(b"".join(path.read_bytes() for path in ours)).hexdigest()[:16]
    return f"-- AIPress template of WordPress {core.name}, {made_from}\n"


@contextmanager
def _scratch_database(server: tuple[Path, str]) -> Iterator[dict[str, str]]:
    """A database and an account of its own, gone afterwards; yields how PHP reaches it (environment, never arguments)."""
    name = f"template{secrets.token_hex(6)}"
    access = {
        "DB_NAME": name,
        "DB_USER": name,
        "DB_PASSWORD": secrets.token_hex(24),
        "DB_HOST": f"localhost:{server[0]}",
    }
    try:
        with (
            pymysql.connect(unix_socket=str(server[0]), user=server[1], autocommit=True) as admin,
            admin.cursor() as sql,
        ):
            sql.execute(f"CREATE DATABASE `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci")
            try:
                sql.execute(f"CREATE USER `{name}`@localhost IDENTIFIED BY %s", (access["DB_PASSWORD"],))
                sql.execute(f"GRANT ALL ON `{name}`.* TO `{name}`@localhost")
                yield access
            finally:
                sql.execute(f"DROP DATABASE IF EXISTS `{name}`")
                sql.execute(f"DROP USER IF EXISTS `{name}`@localhost")
    except pymysql.err.OperationalError as error:
        raise CloudBusy(f"MariaDB at {server[0]} did not do it ({error.args[-1]}). Is it running?") from error


def _install(data_dir: Path, core: Path, php: str, access: dict[str, str]) -> None:
    with tempfile.TemporaryDirectory(prefix="aipress-template-") as corner:
        content = Path(corner, "content")
        owner = content.parent.stat()
        ensure_content(content, core, core, (owner.st_uid, owner.st_gid))
        settings = data_dir / "php"
        said = run(
            [
                f"/usr/bin/php{php}",
                f"--php-ini={settings}/php.ini",
                PLATFORM_FILES / "template/install.php",
                core,
                PLACEHOLDER,
            ],
            env={
                "PATH": "/usr/bin:/bin",
                **fpm_environment(settings),
                **access,
                "WP_CONTENT_DIR": str(content),
            },
            seconds=60,
        )
    if not said.strip().endswith(core.name):
        raise CloudRefused(
            f"WordPress {core.name} did not install: {said.strip()[-400:] or 'it said nothing'}"
        )


def _dump(socket: Path, user: str, database: str) -> str:
    """Tables first, then all rows in one transaction. Importing it again adds what is missing and overwrites nothing.

    DROP TABLE IF EXISTS would cost 2 ms a table on an empty database, and a site if it were ever said to a live one.
    """
    tables = _dumped(socket, user, database, "--no-data").replace(
        "CREATE TABLE `", "CREATE TABLE IF NOT EXISTS `"
    )
    rows = _dumped(socket, user, database, "--no-create-info", "--insert-ignore")
    settings = "SET NAMES utf8mb4;\nSET UNIQUE_CHECKS = 0, FOREIGN_KEY_CHECKS = 0, SQL_MODE = 'NO_AUTO_VALUE_ON_ZERO';\n"
    return f"{settings}{tables}START TRANSACTION;\n{rows}COMMIT;\n"


def _dumped(socket: Path, user: str, database: str, *which: str) -> str:
    """Without the conditional comments: they are for servers older than any this runs on."""
    text = run(
        [
            *(
                "mariadb-dump",
                f"--socket={socket}",
                f"--user={user}",
                "--single-transaction",
                "--skip-comments",
                "--skip-tz-utc",
            ),
            *(
                "--skip-lock-tables",
                "--skip-add-locks",
                "--skip-disable-keys",
                "--skip-add-drop-table",
                "--no-tablespaces",
            ),
            *("--default-character-set=utf8mb4", *which, database),
        ],
        seconds=60,
    )
    return "".join(
        line for line in text.splitlines(keepends=True) if line.strip() and not line.startswith("/*")
    )
