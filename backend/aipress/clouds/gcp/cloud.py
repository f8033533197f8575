"""Puts Google Cloud's facets on one shelf."""

from aipress.clouds.base import Cloud
from aipress.clouds.gcp.buckets import StorageBuckets
from aipress.clouds.gcp.choices import GoogleChoices
from aipress.clouds.gcp.cloud_sql import CloudSqlDatabases
from aipress.clouds.gcp.costs import ExportedCosts
from aipress.clouds.gcp.credentials import OwnCredentials
from aipress.clouds.gcp.cron import CloudRunCron
from aipress.clouds.gcp.deployments import Deployments
from aipress.clouds.gcp.edge import CloudRunEdge
from aipress.clouds.gcp.figures import MonitoredMetrics
from aipress.clouds.gcp.gauges import Gauges
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.inspection import GoogleInspection
from aipress.clouds.gcp.instances import SqlServers
from aipress.clouds.gcp.lines import LoggedLines
from aipress.clouds.gcp.mail import BucketMail
from aipress.clouds.gcp.notes import LoggedNotes
from aipress.clouds.gcp.own_domains import own_domains
from aipress.clouds.gcp.placements import Placements, Where
from aipress.clouds.gcp.platform import read_platform
from aipress.clouds.gcp.purging import PurgeQueue
from aipress.clouds.gcp.runtime import CloudRunRuntime
from aipress.clouds.gcp.valkey import ValkeyCaches
from aipress.clouds.gcp.vault import SecretManagerVault
from aipress.clouds.gcp.visitors import Door
from aipress.clouds.gcp.ways import Ways
from aipress.config import Settings


def make_google_cloud(settings: Settings, placements: Placements) -> Cloud:
    """Google Cloud as the platform's file describes it, or whoever answers like it at `gcp_endpoint`."""
    google = make_google(settings)
    where = Where(read_platform(settings.gcp_platform), placements)
    return shelf(settings, google, where)


def make_google(settings: Settings) -> Google:
    """The way to Google's APIs: the machine's own account asks Google, nobody in particular a simulator."""
    return Google(settings.gcp_endpoint, None if settings.gcp_endpoint else OwnCredentials())


def shelf(settings: Settings, google: Google, where: Where) -> Cloud:
    """Every facet."""
    vault, door = SecretManagerVault(google, where), Door(settings.gcp_visitors, settings.port_suffix)
    there = Deployments(google, where)
    servers = SqlServers(google, where.platform, settings.gcp_sql_account)
    dump = settings.data_dir / "templates" / f"{settings.wordpress_version}.sql"
    databases = CloudSqlDatabases(servers, where, vault, dump)
    caches, cron = ValkeyCaches(google, where, vault), CloudRunCron(databases, vault, door)
    purges = PurgeQueue(google)
    ways = Ways(google, where, purges)
    return Cloud(
        name="gcp",
        vault=vault,
        databases=databases,
        buckets=StorageBuckets(google, where),
        caches=caches,
        runtime=CloudRunRuntime(there, vault, door),
        edge=CloudRunEdge(there, door, purges, ways.known_hosts),
        costs=ExportedCosts(google, where),
        logs=LoggedLines(google, where, settings.log_quota_mb * 1_000_000),
        metrics=MonitoredMetrics(google, where, Gauges(google, servers, caches, cron)),
        cron=cron,
        notes=LoggedNotes(google, where),
        inspection=GoogleInspection(databases, where, door, settings),
        mail=BucketMail(google, where),
        domains=own_domains(settings, google, where, ways),
        choices=GoogleChoices(where.platform),
        prepares=False,
    )
