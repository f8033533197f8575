"""Which clouds this installation's sites may be on: said in words, and what speaks against it."""

import asyncio

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from aipress.cli.installation import Installation
from aipress.cli.machine import simulator
from aipress.cli.trouble import REFUSED, Trouble

APART = "each site runs in a container of its own, under an account of its own"
NOT_APART = (
    "NOT ISOLATED from the simulator: containers share this machine's network, and whoever asks the simulator is told everything. "
    "Fine for trying out, not for strangers' sites."
)
NAMES = {"local": "this machine", "gcp": "Google Cloud"}


def in_words(place: Installation) -> str:
    """One line about them, that of new sites first; a simulator is called one."""
    first, *others = (_named(name, place) for name in place.settings.clouds)
    return f"{first}; and beside new sites: {', '.join(others)}" if others else first


def _named(name: str, place: Installation) -> str:
    settings = place.settings
    if name != "gcp":
        return NAMES[name]
    if settings.is_simulated:
        return f"Google Cloud, SIMULATED on this machine (its APIs: {settings.gcp_endpoint}; nothing is asked of Google)"
    return f"Google Cloud, as {settings.gcp_platform} describes it"


def isolation_in_words(place: Installation) -> str:
    """What keeps sites on Google Cloud apart, loud where something does not."""
    return NOT_APART if place.settings.is_simulated else APART


def check(place: Installation) -> None:
    """Raises Trouble or Unbuildable where this platform can't have its sites on its clouds."""
    if place.simulates:
        _check_simulator(place)
    else:
        check_platform(place)
    for name, count in sorted(asyncio.run(_sites_by_cloud(place)).items()):
        if name not in place.settings.clouds:
            raise Trouble(
                f"{count} of this platform's sites are on {NAMES.get(name, name)}, so it would not find them.",
                f"Start it with that cloud, too: {_with(name, place)}. Or choose another data directory with --data.",
                REFUSED,
            )


def _with(name: str, place: Installation) -> str:
    """How the platform is started with this cloud besides those that were chosen."""
    if name == "gcp" and simulator.folder(place.data).exists():
        return "./aipress up --gcp-sim"
    others = ",".join([*place.settings.clouds[1:], name])
    return f"AIPRESS_OTHER_CLOUDS={others} ./aipress up"


def check_platform(place: Installation) -> None:
    """Raises Unbuildable, in one line, where what stands on Google Cloud can't be read."""
    from aipress.clouds.gcp.platform import read_platform

    if "gcp" in place.settings.clouds and not (place.simulates and not _was_made(place)):
        read_platform(place.settings.gcp_platform)


def _was_made(place: Installation) -> bool:
    return simulator.platform_file(place.data).exists()


def _check_simulator(place: Installation) -> None:
    if not place.is_root:
        raise Trouble(
            "The simulator of Google Cloud runs containers, which needs root.",
            "Say it again with sudo.",
            REFUSED,
        )


async def _sites_by_cloud(place: Installation) -> dict[str, int]:
    """How many sites are on each cloud; none where there are no rows yet."""
    from aipress.kit.db import Database
    from aipress.tenants.models import Tenant

    settings = place.settings
    if not settings.database_url and not (settings.control_dir / "aipress.sqlite3").is_file():
        return {}
    rows = Database(settings.rows_url)
    counted = select(Tenant.cloud, func.count()).where(Tenant.state != "removed").group_by(Tenant.cloud)
    try:
        async with rows.reading() as session:
            return dict((await session.execute(counted)).all())
    except SQLAlchemyError:  # there are no tables yet
        return {}
    finally:
        await rows.close()
