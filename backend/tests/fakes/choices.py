"""A cloud that has everything to choose from: an instance that stays awake costs five dollars a month, a database of one's own twenty."""

from decimal import Decimal

from aipress.clouds.options import Number, Offered, Options


class FakeChoices:
    def offered(self, tier: str) -> Offered:
        return Offered(
            regions=("here", "there"),
            min_instances=Number(0, 3, 0),
            max_instances=Number(1, 20, 4),
            concurrency=Number(1, 80, 10),
            media=("disk", "bucket"),
            database=("shared", "own"),
            replicas=Number(0, 2, 0),
            pooling=(False, True),
        )

    def surcharge(self, tier: str, options: Options) -> Decimal:
        own = 20 * (1 + options.replicas) if options.database == "own" else 0
        return Decimal(5 * (options.min_instances or 0) + own)
