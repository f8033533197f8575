"""PHP of the local cloud: its settings, how FPM is started for one environment, and the core compiled once for all.

The opcode cache of the core is made by root and mounted read-only into every sandbox, so nobody writes what another runs.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from string import Template

from aipress.clouds.local.command import run
from aipress.clouds.local.content import PLATFORM_FILES
from aipress.errors import CloudRefused

CORE = Path("/srv/wordpress")
CONTENT = Path("/srv/content")
OPCACHE = Path("/srv/opcache")
SETTINGS = Path("/srv/php")
FPM_CONF = Path("/srv/fpm.conf")
LABEL = Path("/srv/label")
PURGE = Path("/srv/purge")
SPOOL = Path("/srv/mail")
SENDMAIL = "sendmail.sh"
OPCACHE_SCRATCH_BYTES = 128 * 1024 * 1024
# Order matters where one needs another. No imagick: 8 to 10 ms of every cold start, and gd does what WordPress needs.
EXTENSIONS = (
    "mysqlnd mysqli pdo pdo_mysql xml dom simplexml xmlreader xmlwriter ctype curl exif fileinfo gd iconv igbinary intl "
    "mbstring posix redis tokenizer zip"
).split()
NEEDED = {"mysqli", "xml", "mbstring", "curl", "gd"}
# Two files that declare the same function can't be compiled by one process: what the first round could not do, a later one can.
ROUNDS = 3
COMPILE = """
$done = glob('/srv/opcache/*')[0] ?? '/nowhere';
foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($argv[1])) as $file) {
    $path = $file->getPathname();
    if ($file->getExtension() === 'php' && !is_file("$done$path.bin")) { @opcache_compile_file($path); }
}
exit(0);
"""


@dataclass(frozen=True)
class FpmSizes:
    """What a tier gives one environment's PHP. Times are seconds, sizes mebibytes."""

    max_children: int = 4
    idle_seconds: int = 10
    max_requests: int = 500
    memory_mb: int = 256
    opcache_mb: int = 96
    end_seconds: int = 125


def php_version(wanted: str = "") -> str:
    """The PHP whose FPM is installed: `wanted` if said, else the newest. Raises CloudRefused when there is none."""
    found = sorted(
        (path.name.removeprefix("php-fpm") for path in Path("/usr/sbin").glob("php-fpm[0-9]*")),
        key=_as_number,
    )
    if wanted in found:
        return wanted
    if wanted or not found:
        raise CloudRefused(
            f"PHP-FPM {wanted} is not installed here. Run `./aipress up` to install what is missing."
        )
    return found[-1]


def write_php_settings(data_dir: Path, version: str) -> Path:
    """`DATA/php` (php.ini and conf.d) for this PHP, as every environment gets it; returns the directory."""
    settings = data_dir / "php"
    (settings / "conf.d").mkdir(mode=0o755, parents=True, exist_ok=True)
    available = {path.stem for path in Path(f"/etc/php/{version}/mods-available").glob("*.ini")}
    if missing := NEEDED - available:
        raise CloudRefused(
            f"PHP {version} lacks {', '.join(sorted(missing))}. Run `./aipress up` to install what is missing."
        )
    _write(settings / "conf.d/extensions.ini", extensions_ini(available))
    _write(settings / SENDMAIL, (PLATFORM_FILES / "config/sendmail.sh").read_text())
    _write(settings / "php.ini", (PLATFORM_FILES / "config/php.ini").read_text())
    return settings


def extensions_ini(available: set[str]) -> str:
    """The settings that load our extensions, as far as they are there."""
    loaded = [f"extension={name}.so" for name in EXTENSIONS if name in available]
    return "\n".join(["zend_extension=opcache.so", *loaded]) + "\n"


def fpm_config(sizes: FpmSizes, listen: Path) -> str:
    """The text of one environment's fpm.conf. `listen` is the alias FPM may unlink, never the real socket's path."""
    names = {"max_children", "idle_seconds", "max_requests", "memory_mb", "end_seconds"}
    return fpm_text({name: getattr(sizes, name) for name in names} | {"listen": listen})


def fpm_text(words: Mapping[str, object]) -> str:
    """The template with these words, which may be `${NAME}`: FPM reads that from its environment."""
    return Template((PLATFORM_FILES / "config/fpm.conf.template").read_text()).substitute(words)


def fpm_command(
    version: str,
    sizes: FpmSizes,
    *,
    settings: Path = SETTINGS,
    conf: Path = FPM_CONF,
    opcache: Path = OPCACHE,
) -> list[str]:
    """How FPM is started; the paths are as it sees them. Give it `fpm_environment(settings)` and FPM_SOCKETS too."""
    switches = {"opcache.memory_consumption": sizes.opcache_mb, "opcache.file_cache": opcache}
    return [
        f"/usr/sbin/php-fpm{version}",
        "--nodaemonize",
        "--force-stderr",
        f"--php-ini={settings}/php.ini",
        f"--fpm-config={conf}",
        *(part for name, value in switches.items() for part in ("-d", f"{name}={value}")),
    ]


def fpm_environment(settings: Path = SETTINGS) -> dict[str, str]:
    """Makes PHP load our short list of extensions instead of the machine's: 20 to 40 ms less on every start."""
    return {"PHP_INI_SCAN_DIR": str(settings / "conf.d")}


def opcache_arguments(data_dir: Path, core: Path, environment: Path) -> list[str]:
    """bubblewrap's arguments for `/srv/opcache`: scratch on top, the compiled core in it read-only, the tenant's own part writable.

    PHP turns its cache off when it may not write to the top. Directories bubblewrap makes by itself would be closed to the
    tenant, so each is made with its mode.
    """
    shelf = data_dir / "opcache" / core.name
    arguments = ["--perms", "0777", "--size", str(OPCACHE_SCRATCH_BYTES), "--tmpfs", str(OPCACHE)]
    for compiled in sorted(shelf.glob("*" + str(CORE))):
        here = OPCACHE / compiled.relative_to(shelf).parts[0]
        arguments += [
            part for folder in (here, here / "srv") for part in ("--perms", "0755", "--dir", str(folder))
        ]
        arguments += ["--ro-bind", str(compiled), str(here / CORE.relative_to("/"))]
        arguments += ["--bind", str(environment / "opcache"), str(here / CONTENT.relative_to("/"))]
    return arguments


def ensure_opcache(
    data_dir: Path, core: Path, version: str, tell: Callable[[str], None] = lambda _: None
) -> Path:
    """`DATA/opcache/<core's version>`: the core compiled by this PHP under the paths of the sandbox. Needs root.

    Made anew when PHP, its settings or our own files in the core changed. Takes about ten seconds then, nothing otherwise.
    """
    shelf = data_dir / "opcache" / core.name
    stamp, mark = _fingerprint(data_dir, core, version), shelf / "made-from"
    if mark.is_file() and mark.read_text() == stamp:
        return shelf
    tell(f"Compiling WordPress {core.name} once for all sites")
    shelf.parent.mkdir(mode=0o755, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".compiling-", dir=shelf.parent) as corner:
        fresh = Path(corner, "cache")
        fresh.mkdir()
        _compile(data_dir, core, version, fresh)
        (fresh / mark.name).write_text(stamp)
        _read_only(fresh)
        _swap(fresh, shelf, Path(corner, "old"))
    return shelf


def _compile(data_dir: Path, core: Path, version: str, cache: Path) -> None:
    switches = [
        "opcache.enable_cli=1",
        "opcache.file_cache_only=1",
        "opcache.restrict_api=",
        "memory_limit=1G",
        "log_errors=0",
    ]
    command = [
        *("bwrap", "--unshare-net", "--unshare-ipc", "--die-with-parent", "--dev", "/dev", "--tmpfs", "/tmp"),  # noqa: S108
        *(part for path in _system_paths() for part in ("--ro-bind", path, path)),
        *("--ro-bind", core, CORE, "--ro-bind", data_dir / "php", SETTINGS, "--bind", cache, OPCACHE),
        *("--setenv", "PHP_INI_SCAN_DIR", SETTINGS / "conf.d"),
        *(f"/usr/bin/php{version}", "--php-ini", SETTINGS / "php.ini"),
        *(part for switch in switches for part in ("-d", switch)),
        *("-r", COMPILE, CORE),
    ]
    for _ in range(ROUNDS):
        run(command, seconds=180)
    if not list(cache.glob(f"*{CORE}/wp-includes/functions.php.bin")):
        raise CloudRefused(
            "PHP compiled nothing of WordPress; sites would start slowly. See `php -i | grep opcache`."
        )


def _system_paths() -> list[Path]:
    return [path for path in map(Path, ("/usr", "/etc", "/lib", "/lib64", "/bin", "/sbin")) if path.exists()]


def _fingerprint(data_dir: Path, core: Path, version: str) -> str:
    """Changes with PHP's own build, its settings, and the files of ours in the core (all else in there never changes)."""
    ours = [
        core / "wp-config.php",
        *sorted((core / "wp-content/mu-plugins").rglob("*.php")),
        *sorted((data_dir / "php").rglob("*.ini")),
    ]
    binary = Path(f"/usr/sbin/php-fpm{version}").stat()
    facts = [
        f"{binary.st_size} {binary.st_mtime_ns}",
        *(f"{path} {path.stat().st_mtime_ns}" for path in ours),
    ]
    return hashlib.sha256("\n".join(facts).encode()).hexdigest()


def _read_only(tree: Path) -> None:
    for folder, _, files in os.walk(tree):
        for name in files:
            Path(folder, name).chmod(0o444)
        Path(folder).chmod(0o755)


def _swap(fresh: Path, place: Path, aside: Path) -> None:
    if place.exists():
        place.rename(aside)
    fresh.rename(place)


def _write(path: Path, text: str) -> None:
    if path.is_file() and path.read_text() == text:
        return
    fresh = path.with_name(f".{path.name}.fresh")
    fresh.write_text(text)
    fresh.chmod(0o644)
    fresh.rename(path)


def _as_number(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))
