"""Puts the local cloud's facets on one shelf."""

from aipress.clouds.base import Cloud
from aipress.clouds.local import prices
from aipress.clouds.local.buckets import HostdBuckets
from aipress.clouds.local.caches import RedisCaches
from aipress.clouds.local.choices import LocalChoices
from aipress.clouds.local.costs import MeteredCosts
from aipress.clouds.local.cron import LocalCron
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.local.domains import LinkedDomains
from aipress.clouds.local.edge import NginxEdge
from aipress.clouds.local.inspection import LocalInspection
from aipress.clouds.local.logs.facet import TenantsLogs
from aipress.clouds.local.mail import LocalMail
from aipress.clouds.local.measures import Measures
from aipress.clouds.local.metric_store import MetricStore
from aipress.clouds.local.metrics import LocalMetrics
from aipress.clouds.local.notes import JournalNotes
from aipress.clouds.local.runtime import HostdRuntime
from aipress.clouds.local.vault import SealedVault
from aipress.config import Settings
from aipress.hostd.client import Hostd
from aipress.kit.sealed import SealedStore

ACCOUNT = "aipress"  # of MariaDB, mapped to the control plane's Unix user


def make_local_cloud(settings: Settings, account: str = ACCOUNT) -> Cloud:
    """The local cloud of this installation. `account` is MariaDB's, signed in by the Unix user of that name."""
    vault = SealedVault(SealedStore(settings.vault_dir, settings.vault_dir / "master.key"))
    hostd = Hostd(settings.run_dir / "hostd.sock")
    dump = settings.data_dir / "templates" / f"{settings.wordpress_version}.sql"
    databases = MariaDatabases(settings.run_dir / "mariadb.sock", account, dump, vault)
    caches = RedisCaches(settings.run_dir / "redis.sock", vault)
    measures = Measures(hostd, databases)
    edge = NginxEdge(hostd, settings)
    kept = MetricStore(settings.data_dir / "metrics")
    return Cloud(
        name="local",
        vault=vault,
        databases=databases,
        buckets=HostdBuckets(hostd, settings),
        caches=caches,
        runtime=HostdRuntime(hostd, settings),
        edge=edge,
        inspection=LocalInspection(hostd, databases, settings),
        logs=TenantsLogs(settings.lines_dir, settings.log_quota_mb * 1_000_000),
        costs=MeteredCosts(settings.control_dir / "billing", measures, prices.read()),
        metrics=LocalMetrics(kept, hostd, databases, caches, measures.disk),
        cron=LocalCron(databases, hostd),
        choices=LocalChoices(),
        mail=LocalMail(settings.control_dir / "mail", hostd),
        notes=JournalNotes(settings.data_dir / "logs/control"),
        domains=LinkedDomains(hostd, edge, settings),
    )
