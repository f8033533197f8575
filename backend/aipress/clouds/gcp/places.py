"""Where an environment's things go: a project's region, and what stands there for all its environments."""

import re
from dataclasses import dataclass
from typing import Literal

from aipress.clouds.gcp.names import is_own_instance
from aipress.clouds.gcp.resources import Unbuildable

PORT = 3306
DIGEST = re.compile(r"[^@\s]+@sha256:[0-9a-f]{64}")


@dataclass(frozen=True)
class Instance:
    """A Cloud SQL instance. `way`: over the private network to its `address`, or through the socket Cloud Run mounts.

    Of one that is an environment's own, Google is asked for the address, and for those of its replicas (`reads`).
    """

    name: str
    address: str = ""
    way: Literal["network", "socket"] = "network"
    reads: tuple[str, ...] = ()

    @property
    def is_own(self) -> bool:
        """Whether it is one environment's alone."""
        return is_own_instance(self.name)


@dataclass(frozen=True)
class Place:
    """A shard as builders need it: `image` by digest, `subnetwork` for direct VPC egress, `cache` the shared Valkey (host:port).

    `domain` is what its hosts end with: a URL mask finds `<service>.<domain>`. `front_key`: the public key (base64) of whoever passes
    on visitors of own domains, '' where they come by the load balancer alone.
    """

    project: str
    region: str
    image: str
    network: str
    subnetwork: str
    instance: Instance
    cache: str
    domain: str
    front_key: str = ""

    def __post_init__(self) -> None:
        if not DIGEST.fullmatch(self.image):
            raise Unbuildable(
                f"The image “{self.image}” is not named by its digest, so the next start could run another one. Name it "
                "REPOSITORY@sha256:… and build again."
            )
        if self.instance.way == "network" and not (self.instance.address or self.instance.is_own):
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
        if not self.instance.address:
            raise Unbuildable(
                f"Cloud SQL instance {self.instance.name} has no address yet, which WordPress is to be told. Make it first."
            )
        return f"{self.instance.address}:{PORT}"

    @property
    def read_hosts(self) -> str:
        """What WordPress is told as DB_READ_HOST: whom to ask in the primary's stead; '' for nobody."""
        return ",".join(f"{address}:{PORT}" for address in self.instance.reads)
