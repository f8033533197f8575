"""Which cloud this installation's sites are on: said in words, and what speaks against it."""

import asyncio

from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError

from aipress.cli.installation import Installation
from aipress.cli.machine import simulator
from aipress.cli.trouble import REFUSED, Trouble

BEFORE = {"gcp": "AIPRESS_CLOUD=local ./aipress up", "local": "AIPRESS_CLOUD=gcp ./aipress up"}
APART = "each site runs in a container of its own, under an account of its own"
NOT_APART = (
    "NOT ISOLATED from the simulator: containers share this machine's network, and whoever asks the simulator is told everything. "
    "Fine for trying out, not for strangers' sites."
)
NAMES = {"local": "this machine", "gcp": "Google Cloud"}


def in_words(place: Installation) -> str:
    """One line about it; a simulator is called one."""
    settings = place.settings
    if settings.is_simulated:
        return f"Google Cloud, SIMULATED on this machine (its APIs: {settings.gcp_endpoint}). Nothing is asked of Google."
    return (
        f"Google Cloud, as {settings.gcp_platform} describes it"
        if settings.cloud == "gcp"
        else NAMES["local"]
    )


def isolation_in_words(place: Installation) -> str:
    """What keeps sites on Google Cloud apart, loud where something does not."""
    return NOT_APART if place.settings.is_simulated else APART


def check(place: Installation) -> None:
    """Raises Trouble or Unbuildable where this platform can't have its sites on its cloud."""
    if place.simulates:
        _check_simulator(place)
    else:
        check_platform(place)
    if strangers := asyncio.run(_sites_elsewhere(place)):
        raise Trouble(
            f"{strangers} of this platform's sites are not on {NAMES[place.settings.cloud]}, so it would not find them there.",
            f"Choose another data directory with --data, or start it as before: {BEFORE[place.settings.cloud]}.",
            REFUSED,
        )


def check_platform(place: Installation) -> None:
    """Raises Unbuildable, in one line, where what stands on Google Cloud can't be read."""
    from aipress.clouds.gcp.platform import read_platform

    if place.settings.cloud == "gcp" and not (place.simulates and not _was_made(place)):
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


async def _sites_elsewhere(place: Installation) -> int:
    """How many sites' rows name another cloud; 0 where there are no rows yet."""
    from aipress.kit.db import Database
    from aipress.tenants.models import Tenant

    settings = place.settings
    if not settings.database_url and not (settings.control_dir / "aipress.sqlite3").is_file():
        return 0
    rows = Database(settings.rows_url)
    strangers = select(func.count()).where(Tenant.state != "removed", Tenant.cloud != settings.cloud)
    try:
        async with rows.reading() as session:
            return await session.scalar(strangers) or 0
    except SQLAlchemyError:  # there are no tables yet
        return 0
    finally:
        await rows.close()
