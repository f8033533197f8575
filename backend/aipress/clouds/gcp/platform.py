"""What stands on Google Cloud for all environments: made once by Terraform, told to us by a TOML file.

```toml
billing_table = "PROJECT.DATASET.gcp_billing_export_resource_v1_…"

[[shards]]
project = "aipress-eu1"
region = "europe-west1"
domain = "eu1.example.com"            # sites are <service>.<domain>
image = "…/wordpress@sha256:…"
network = "projects/…/global/networks/sites"
subnetwork = "projects/…/regions/…/subnetworks/sites"
url_map = "sites"
certificate_map = "sites"             # of own domains, shown by the same load balancer
addresses = ["203.0.113.10"]          # the load balancer's, which own domains lead to
cache = { name = "sites", address = "10.30.0.5:6379" }
instances = [{ name = "pool-1", address = "10.20.0.3", max_connections = 4000 }]

[[dns_zones]]                         # whose records the platform sets itself
name = "customers"
domain = "customers.example"
project = "aipress-eu1"               # or by = "cloudflare", with the zone's id for its name

[cloudflare]                          # answers for own domains instead of the load balancer
zone = "…"
account = "…"
namespace = "…"                       # of Workers KV
target = "customers.example.net"      # what own domains are a CNAME of
key = "…"                             # the public half of the Worker's
```
"""

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, IPvAnyAddress, ValidationError

from aipress.clouds.gcp.names import is_own_instance
from aipress.clouds.gcp.places import Instance, Place
from aipress.clouds.gcp.resources import Unbuildable
from aipress.clouds.gcp.shards import Placement


class _Told(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class SharedCache(_Told):
    """A Valkey for all of a shard: its name, and host:port."""

    name: str
    address: str


class SharedInstance(_Told):
    """A Cloud SQL instance for all of a shard. No address: it is reached by the socket Cloud Run mounts."""

    name: str
    address: str = ""
    max_connections: int = Field(4000, ge=1)


class Standing(_Told):
    """What stands in one shard, a project's region."""

    project: str
    region: str
    domain: str
    image: str
    network: str
    subnetwork: str
    url_map: str = "sites"
    certificate_map: str = "sites"
    addresses: tuple[IPvAnyAddress, ...] = ()
    cache: SharedCache
    instances: tuple[SharedInstance, ...] = Field(min_length=1)


class Zone(_Told):
    """A DNS zone the platform answers for: its name in a project's Cloud DNS, or its id at Cloudflare, and what its names end with."""

    name: str
    domain: str
    project: str = ""
    by: Literal["google", "cloudflare"] = "google"


class CloudflareFront(_Told):
    """Cloudflare for SaaS, which answers for own domains instead of the load balancer: the zone they are custom hostnames of, the

    Workers KV that says which is whose, and the name they all lead to. `validation`: how its certificates are proved. `key`: the public
    half (base64) of the Worker's key, by which WordPress believes it.
    """

    zone: str
    account: str
    namespace: str
    target: str
    validation: Literal["txt", "http"] = "txt"
    key: str = Field(pattern=r"^[A-Za-z0-9+/]{43}=$")


class Platform(_Told):
    """All shards, in the order they are filled, where the bill is exported to, the DNS zones that are the platform's own, and who answers for own domains."""

    billing_table: str = ""
    dns_zones: tuple[Zone, ...] = ()
    cloudflare: CloudflareFront | None = None
    shards: tuple[Standing, ...] = Field(min_length=1)

    def standing(self, placement: Placement) -> Standing:
        """The shard of a placement. Raises Unbuildable where the platform has no such shard any more."""
        for one in self.shards:
            if (one.project, one.region) == (placement.project, placement.region):
                return one
        raise Unbuildable(
            f"The platform's file has no shard {placement.project} in {placement.region}, where an environment is. Put it back."
        )

    def place(self, placement: Placement) -> Place:
        """What builders need to know of a placement."""
        shard = self.standing(placement)
        return Place(
            project=shard.project,
            region=shard.region,
            image=shard.image,
            network=shard.network,
            subnetwork=shard.subnetwork,
            instance=_instance(shard, placement.instance),
            cache=shard.cache.address,
            domain=shard.domain,
            front_key=self.cloudflare.key if self.cloudflare else "",
        )


def _instance(shard: Standing, name: str) -> Instance:
    """One the file names, or an environment's own, of which no file knows."""
    if is_own_instance(name):
        return Instance(name)
    found = next((one for one in shard.instances if one.name == name), None)
    if found is None:
        raise Unbuildable(
            f"The platform's file has no Cloud SQL instance {name} in {shard.project}, where a database is. Put it back."
        )
    return Instance(found.name, found.address, "network" if found.address else "socket")


def read_platform(path: Path) -> Platform:
    """Raises Unbuildable, saying what to mend, for a file that is not there or wrong."""
    try:
        platform = Platform.model_validate(tomllib.loads(path.read_text()))
    except OSError as error:
        raise Unbuildable(
            f"The platform's file {path} can't be read ({error.strerror}); set AIPRESS_GCP_PLATFORM to the one Terraform wrote."
        ) from error
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise Unbuildable(f"The platform's file {path} is wrong: {_in_one_line(error)}") from error
    for shard in platform.shards:
        for instance in shard.instances:
            platform.place(Placement(shard.project, shard.region, instance.name))
    return platform


def _in_one_line(error: tomllib.TOMLDecodeError | ValidationError) -> str:
    if isinstance(error, tomllib.TOMLDecodeError):
        return f"{error}."
    wrong = (f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors())
    return f"{'; '.join(wrong)}."
