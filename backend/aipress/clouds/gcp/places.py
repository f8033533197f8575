"""Where an environment's things go: a project's region, and what stands there for all its environments."""

import re
from dataclasses import dataclass
from typing import Literal

from aipress.clouds.gcp.resources import Unbuildable

DIGEST = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Instance:
    """A shared Cloud SQL instance. `way`: over the private network to its `address`, or through the socket Cloud Run mounts."""

    name: str
    address: str = ""
    way: Literal["network", "socket"] = "network"


@dataclass(frozen=True)
class Place:
    """A shard as builders need it: `image` by digest, `subnetwork` for direct VPC egress, `cache` the shared Valkey (host:port).

    `domain` is what its hosts end with: a URL mask finds `<service>.<domain>`.
    """

    project: str
    region: str
    image: str
    network: str
    subnetwork: str
    instance: Instance
    cache: str
    domain: str

    def __post_init__(self) -> None:
        if not DIGEST.fullmatch(self.image):
            raise Unbuildable(
                f"The image “{self.image}” is not named by its digest, so the next start could run another one. Name it "
                "REPOSITORY@sha256:… and build again."
            )
        if self.instance.way == "network" and not self.instance.address:
            raise Unbuildable(
                f"Cloud SQL instance {self.instance.name} has no private address; give it one, or reach it by its socket."
            )

    @property
    def parent(self) -> str:
        """`projects/…/locations/…`."""
        return f"projects/{self.project}/locations/{self.region}"

    @property
    def connection(self) -> str:
        """The instance's connection name."""
        return f"{self.project}:{self.region}:{self.instance.name}"

    @property
    def database_host(self) -> str:
        """What WordPress is told as DB_HOST."""
        if self.instance.way == "socket":
            return f"localhost:/cloudsql/{self.connection}"
        return f"{self.instance.address}:3306"
