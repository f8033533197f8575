"""What can be chosen for a site on Google Cloud, as far as the platform has it: regions of its shards, and instances of Cloud Run."""

from decimal import Decimal

from aipress.clouds.gcp.platform import Platform
from aipress.clouds.gcp.price_sheet import surcharge
from aipress.clouds.gcp.shards import SqlInstance
from aipress.clouds.gcp.sizes import size_of
from aipress.clouds.gcp.sql_instances import MOST_REPLICAS
from aipress.clouds.options import Number, Offered, Options

MOST_INSTANCES = 100  # Cloud Run's own default for a service
MOST_AWAKE = 10
MOST_AT_ONCE = 80  # Cloud Run's default; nginx makes what is too much for PHP wait


class GoogleChoices:
    """Bounds are of the platform as its file describes it; whether there is room now is said when a site is placed."""

    def __init__(self, platform: Platform) -> None:
        self.platform = platform

    def offered(self, tier: str) -> Offered:
        """As many instances as have a connection for each PHP worker on the largest shared database."""
        size = size_of(tier)
        largest = max(one.max_connections for shard in self.platform.shards for one in shard.instances)
        most = min(MOST_INSTANCES, SqlInstance("", largest).usable_connections // size.children)
        return Offered(
            regions=tuple(dict.fromkeys(one.region for one in self.platform.shards)),
            min_instances=Number(0, min(MOST_AWAKE, most), size.min_instances),
            max_instances=Number(1, most, size.max_instances),
            concurrency=Number(1, MOST_AT_ONCE, size.concurrency),
            media=("disk", "bucket"),
            database=("shared", "own"),
            replicas=Number(0, MOST_REPLICAS, 0),
            pooling=(False, True),
        )

    def surcharge(self, tier: str, options: Options) -> Decimal:
        """By Google's list prices, if nobody comes."""
        return surcharge(tier, options)
