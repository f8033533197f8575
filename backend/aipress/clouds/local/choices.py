"""What can be chosen for a site on this machine: whether its PHP stays awake. There is one machine, one disk and one MariaDB."""

from decimal import Decimal

from aipress.clouds.local.runtime import TIERS
from aipress.clouds.options import Number, Offered, Options


class LocalChoices:
    """A number of instances is 1 that stays awake, or none; how many requests run at once is the tier's."""

    def offered(self, tier: str) -> Offered:
        return Offered(min_instances=Number(0, 1, TIERS[tier].min_instances))

    def surcharge(self, tier: str, options: Options) -> Decimal:
        """Memory is metered, and so is that of a PHP that stays awake: beside the tier nothing is asked."""
        return Decimal(0)
