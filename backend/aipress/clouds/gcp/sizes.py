"""What a tier is on Cloud Run. Less than one processor is no tier: it would take one request at a time and no bucket."""

from dataclasses import dataclass, replace

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.resources import Unbuildable

PHP_MEMORY_MB = 128


@dataclass(frozen=True)
class Size:
    """`children`: PHP's workers in one instance; nginx answers what needs none of them, so more requests than that may come in."""

    cpu: int
    memory_mb: int
    children: int
    concurrency: int
    min_instances: int
    max_instances: int

    @property
    def connections(self) -> int:
        """The most database connections this may hold at once: one of each PHP worker."""
        return self.children * self.max_instances


SIZES = {
    "basic": Size(cpu=1, memory_mb=512, children=3, concurrency=8, min_instances=0, max_instances=2),
    "standard": Size(cpu=1, memory_mb=1024, children=6, concurrency=12, min_instances=0, max_instances=4),
    "performance": Size(
        cpu=2, memory_mb=2048, children=12, concurrency=20, min_instances=1, max_instances=10
    ),
}


def size_of(tier: str) -> Size:
    """Raises Unbuildable for a tier Cloud Run knows nothing of."""
    if tier not in SIZES:
        raise Unbuildable(f"There is no size for tier “{tier}” on Google Cloud; {', '.join(SIZES)} have one.")
    return SIZES[tier]


def size_for(environment: EnvironmentSpec) -> Size:
    """Its tier's, with what was chosen for it in place of the tier's numbers."""
    options = environment.options
    chosen = {
        "min_instances": options.min_instances,
        "max_instances": options.max_instances,
        "concurrency": options.concurrency,
    }
    told = {name: value for name, value in chosen.items() if value is not None}
    return replace(size_of(environment.tier), **told)
