"""Whether network, Valkey and buckets of a shard are as sites need them."""

from collections.abc import AsyncIterator
from ipaddress import ip_network

from aipress.clouds.gcp import scale
from aipress.clouds.gcp.caches import CLOSED, list_of
from aipress.clouds.gcp.doctor.complaints import Complaint, found, in_region
from aipress.clouds.gcp.doctor.databases import TERRAFORM
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import TENANT
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.resources import Json, at
from aipress.clouds.gcp.shards import FULL_SERVICES


async def network(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """A subnetwork with an address for every instance that a full shard may run."""
    there = await found(google, "compute", f"/compute/v1/{shard.subnetwork}")
    name = f"subnetwork {shard.subnetwork.rsplit('/', 1)[-1]}"
    if there is None:
        yield Complaint(in_region(shard), name, "is not there", TERRAFORM)
        return
    has, wanted = _addresses(there), scale.addresses(FULL_SERVICES)
    if has < wanted:
        yield Complaint(
            in_region(shard),
            name,
            f"has {has} addresses; {wanted} are needed once the shard is full",
            "Widen its range (gcloud compute networks subnets expand-ip-range).",
        )


async def cache(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """A Valkey that is no cluster, reached without TLS from within the network: the image knows no other."""
    path = f"/v1/projects/{shard.project}/locations/{shard.region}/instances/{shard.cache.name}"
    there = await found(google, "memorystore", path)
    what = f"Valkey {shard.cache.name}"
    if there is None:
        yield Complaint(in_region(shard), what, "is not there", TERRAFORM)
        return
    if there.get("state", "ACTIVE") != "ACTIVE":
        yield Complaint(in_region(shard), what, f"is {there['state']}", "Wait until it runs.")
    if there.get("mode") != "CLUSTER_DISABLED":
        yield Complaint(in_region(shard), what, "is a cluster, which sites can't speak with", TERRAFORM)
    if there.get("transitEncryptionMode", "TRANSIT_ENCRYPTION_DISABLED") != "TRANSIT_ENCRYPTION_DISABLED":
        yield Complaint(in_region(shard), what, "wants TLS, which sites don't speak with it", TERRAFORM)
    if there.get("aclPolicy") != list_of(shard.project, shard.region, shard.cache.name):
        yield Complaint(in_region(shard), what, "does not go by the list of its users", TERRAFORM)


async def cache_users(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """The list that every site's user is written into."""
    path = f"/v1/{list_of(shard.project, shard.region, shard.cache.name)}"
    there, what = await found(google, "memorystore", path), f"list of users {shard.cache.name}"
    if there is None:
        yield Complaint(in_region(shard), what, "is not there, so no site gets a cache", TERRAFORM)
    elif CLOSED not in _rules(there):
        yield Complaint(
            in_region(shard),
            what,
            "lets in whoever says no name",
            "Add the rule “off” for the user “default”.",
        )


def _rules(there: Json) -> list[object]:
    rules = there.get("rules")
    return rules if isinstance(rules, list) else []


async def buckets(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """Buckets of sites: nobody outside reads them, and folders can be renamed."""
    for bucket in await google.read_all("storage", "/storage/v1/b", "items", {"project": shard.project}):
        if not at(bucket, f"labels.{TENANT}"):
            continue
        for said, remedy in _wrong(bucket):
            yield Complaint(shard.project, f"bucket {bucket.get('name')}", said, remedy)


def _wrong(bucket: Json) -> list[tuple[str, str]]:
    wrong = [
        (
            at(bucket, "iamConfiguration.uniformBucketLevelAccess.enabled") is not True,
            "has rights of single objects beside its own",
            "Turn uniform bucket-level access on.",
        ),
        (
            at(bucket, "iamConfiguration.publicAccessPrevention") != "enforced",
            "could be made public",
            "Set public access prevention to enforced.",
        ),
        (
            at(bucket, "hierarchicalNamespace.enabled") is not True,
            "can't rename folders, so WordPress's updates fail",
            "That can't be changed: copy it to a bucket with a hierarchical namespace.",
        ),
    ]
    return [(said, remedy) for is_wrong, said, remedy in wrong if is_wrong]


def _addresses(subnetwork: Json) -> int:
    """Google keeps four for itself."""
    return max(ip_network(str(subnetwork.get("ipCidrRange", "0.0.0.0/32"))).num_addresses - 4, 0)
