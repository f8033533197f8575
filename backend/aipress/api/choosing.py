"""Which clouds the control plane works on: this machine, Google Cloud as its platform's file describes it, or both."""

from aipress.clouds.base import Cloud
from aipress.clouds.gcp.cloud import make_google_cloud
from aipress.clouds.gcp.platform import read_platform
from aipress.clouds.gcp.resources import Unbuildable
from aipress.clouds.local.cloud import make_local_cloud
from aipress.config import Settings
from aipress.kit.db import Database
from aipress.tenants.placing import PlacementsInRows


def chosen_clouds(settings: Settings, rows: Database) -> tuple[Cloud, ...]:
    """Those the settings name, that of new sites first. A platform's file that is missing or wrong ends the start with the one line
    that says why."""
    return tuple(_chosen(name, settings, rows) for name in settings.clouds)


def _chosen(name: str, settings: Settings, rows: Database) -> Cloud:
    if name == "local":
        return make_local_cloud(settings)
    try:
        platform = read_platform(settings.gcp_platform)
        return make_google_cloud(settings, PlacementsInRows(rows, platform))
    except Unbuildable as error:
        raise SystemExit(str(error)) from None
