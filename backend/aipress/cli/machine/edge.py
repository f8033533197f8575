"""nginx's settings for this installation. They name no site, so they change with the platform's own settings only."""

from pathlib import Path

from aipress.cli.installation import Installation
from aipress.cli.machine import simulator
from aipress.cli.machine.accounts import Account, Accounts
from aipress.cli.machine.commands import as_account, clean_environment
from aipress.cli.machine.files import set_owner
from aipress.clouds.local import edge_config
from aipress.clouds.local.command import run
from aipress.clouds.local.php import CORE

OWN_NAMES = ("localhost", "127.0.0.1", "[::1]")


def ensure_nginx(place: Installation, who: Accounts, core: Path) -> bool:
    """Write the configuration where it would change, and ask nginx what it thinks of it; True when it changed."""
    edge = edge_of(place, core)
    _ensure_log(edge.logs / "access.log", who)
    written, wanted = edge.state / "nginx.conf", edge_config.nginx_config(edge)
    if written.is_file() and written.read_text() == wanted:
        return False
    edge_config.write_edge_config(edge)
    (edge.state / "tmp").chmod(0o700)
    for path in (written, edge.state / "tmp"):
        set_owner(path, 0o700 if path.is_dir() else 0o644, who.web)
    # As its own account: the trial opens the log, which must not become root's.
    run(
        as_account(who.web, *edge_config.nginx_command(edge), "-t", "-q"), seconds=20, env=clean_environment()
    )
    return True


def _ensure_log(log: Path, who: Accounts) -> None:
    """nginx's to write; the shipper's to read, and to give back the room of what was read."""
    log.touch()
    set_owner(log, 0o660, Account(who.web.name, who.web.uid, who.logs.gid))


def edge_of(place: Installation, core: Path) -> edge_config.Edge:
    """What the edge depends on here. Without root there is no sandbox, so PHP sees the core under its real path."""
    names = tuple(dict.fromkeys((place.settings.host, *OWN_NAMES)))
    php_core = CORE if place.is_root else core
    settings = place.settings
    return edge_config.Edge(
        place.data,
        settings.port,
        place.data / "frontend/current",
        names,
        php_core=php_core,
        firebase_pages=settings.firebase_pages if settings.firebase_project else "",
        firebase_emulator=settings.firebase_emulator,
        elsewhere=f"127.0.0.1:{simulator.visitors(settings.port)}" if place.simulates else "",
    )
