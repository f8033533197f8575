"""Which distribution this is, and what it has to have installed. One list, in one place."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aipress.cli.machine.commands import clean_environment
from aipress.cli.trouble import Trouble
from aipress.clouds.local.command import run

OS_RELEASE = Path("/etc/os-release")
OLDEST = {"debian": 12, "ubuntu": 22.04}

SERVERS = (
    "nginx",
    "libnginx-mod-http-cache-purge",
    "mariadb-server",
    "redis-server",
    "bubblewrap",
    "nftables",
    "ca-certificates",
)
PHP = ("fpm", "mysql", "redis", "gd", "intl", "mbstring", "xml", "curl", "zip", "imagick")
# Not in every release that is supported; what they do is done in another way, or not at all, without them.
WHERE_THERE_IS_ONE = ("libnginx-mod-http-brotli-filter", "libnginx-mod-http-brotli-static", "passt")
FOR_TESTS = ("chromium", "postgresql", "wrk", "shellcheck", "git")
FOR_CONTAINERS = ("buildah", "mmdebstrap", "podman", "runc")
# Packages whose work another one may do already: an installed php8.2-mysql needs no php-mysql beside it.
SAME_AS = {"php-mysql": "php-mysqlnd", "chromium": "chromium-browser"}


@dataclass(frozen=True)
class Distribution:
    """`name` is what people call it, `id` and `version` what os-release says."""

    name: str
    id: str
    version: float


def this_distribution(os_release: Path = OS_RELEASE) -> Distribution:
    """What runs here. Raises Trouble when it is none that is supported."""
    says = _fields(os_release)
    names = [says.get("ID", ""), *says.get("ID_LIKE", "").split()]
    found = Distribution(
        says.get("PRETTY_NAME", "this system"), next((n for n in names if n in OLDEST), ""), _number(says)
    )
    if not found.id or (found.id == says.get("ID") and found.version < OLDEST[found.id]):
        raise Trouble(
            f"{found.name} is not supported.",
            "AIPress runs on Debian 12 and later and Ubuntu 22.04 and later.",
        )
    return found


def wanted_packages(
    php_version: str = "", with_tests: bool = False, simulates: bool = False
) -> tuple[str, ...]:
    """What has to be installed; `php_version` such as 8.2 names another PHP than the distribution's own.

    `simulates`: to build the sites' image, and to run it in the simulator of Google Cloud.
    """
    php = tuple(f"php{php_version}-{part}" for part in PHP)
    return SERVERS + php + (FOR_TESTS if with_tests else ()) + (FOR_CONTAINERS if simulates else ())


def missing_packages(wanted: Sequence[str]) -> list[str]:
    """Those of `wanted`, and of the optional ones this release has, that are not installed."""
    there = _installed()
    optional = [name for name in WHERE_THERE_IS_ONE if name not in there and _is_offered(name)]
    return [name for name in wanted if not {name, SAME_AS.get(name)} & there] + optional


def _installed() -> set[str]:
    """Names of installed packages and of what they provide."""
    names: set[str] = set()
    asked = ["dpkg-query", "-W", "-f", "${Package}\t${db:Status-Abbrev}\t${Provides}\n"]
    for row in run(asked, seconds=30, env=clean_environment()).splitlines():
        package, status, provides = row.split("\t")
        if status.startswith("ii"):
            names |= {package, *(word.split()[0] for word in provides.split(",") if word.strip())}
    return names


def _is_offered(package: str) -> bool:
    policy = run(["apt-cache", "policy", package], seconds=30, env=clean_environment())
    return "Candidate:" in policy and "Candidate: (none)" not in policy


def _fields(path: Path) -> dict[str, str]:
    lines = (
        (row.partition("=") for row in path.read_text().splitlines() if "=" in row) if path.is_file() else ()
    )
    return {name: value.strip("\"'") for name, _, value in lines}


def _number(says: dict[str, str]) -> float:
    try:
        return float(says.get("VERSION_ID", ""))
    except ValueError:
        # Debian's testing and unstable have no number; they are newer than any that has one.
        return float("inf")
