"""What can be chosen for a site beside its tier."""

from dataclasses import dataclass, fields
from typing import Any, Literal


@dataclass(frozen=True)
class Options:
    """What was chosen for a site beside its tier. Nothing chosen, a number is the tier's, and a region the cloud's to choose.

    `media`: whether uploads are written to the disk WordPress sees, or to the bucket by signed URLs. `database`: one that many sites
    share, or an instance of its own, with so many `replicas` to read from and `pooling` of connections.
    """

    region: str = ""
    min_instances: int | None = None
    max_instances: int | None = None
    concurrency: int | None = None
    media: Literal["disk", "bucket"] = "disk"
    database: Literal["shared", "own"] = "shared"
    replicas: int = 0
    pooling: bool = False

    @property
    def chosen(self) -> dict[str, Any]:
        """Those that differ from the default, as a row keeps them."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name)) != one.default}


DEFAULTS = Options()
