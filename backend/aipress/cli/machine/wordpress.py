"""WordPress on this machine: its files, PHP's settings for it, the warm opcode cache and the template of all sites."""

import getpass
from collections.abc import Callable
from pathlib import Path

from aipress.cli.installation import Installation
from aipress.clouds.local import php, template
from aipress.clouds.local.wordpress import ensure_wordpress


def ensure_files(place: Installation, tell: Callable[[str], None]) -> Path:
    """The core of the pinned version, ready to be shared by every environment; returns its real path."""
    core = ensure_wordpress(place.data, place.settings.wordpress_version, tell)
    version = php.php_version(place.settings.php_version)
    php.write_php_settings(place.data, version)
    if place.is_root:
        # Without root there is no sandbox to share it in: each environment then keeps a cache of its own.
        php.ensure_opcache(place.data, core, version, tell)
    tell(core.name)
    return core


def ensure_template(place: Installation, core: Path) -> str:
    """The dump every site starts as, in a MariaDB that is running. Returns what there was to do, in words."""
    said: list[str] = []
    server = (place.run / "mariadb.sock", database_account(place))
    template.ensure_template(
        place.data, core, php.php_version(place.settings.php_version), server, said.append
    )
    return "made" if said else "all there"


def database_account(place: Installation) -> str:
    """The MariaDB account this process is by its operating system account."""
    return "root" if place.is_root else getpass.getuser()
