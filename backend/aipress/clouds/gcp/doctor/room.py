"""Which quotas are too small for a full shard, or nearly used up."""

from collections.abc import AsyncIterator

from aipress.clouds.gcp.doctor.complaints import Complaint, in_region, listed
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.shards import FULL_SERVICES

ACCOUNTS = "iam.googleapis.com/quota/service-account-count"
NEARLY = 0.9  # of a quota in use
GLOBAL = {
    "BACKEND_SERVICES": "a site with a domain of its own has one",
    "URL_MAPS": "each load balancer has one",
}
REGIONAL = {"NETWORK_ENDPOINT_GROUPS": "a site with a domain of its own has one"}


async def accounts(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """A service account for each site of a full shard."""
    path = f"/v1beta1/projects/{shard.project}/services/iam.googleapis.com/consumerQuotaMetrics"
    for metric in await google.read_all("serviceusage", path, "metrics"):
        if metric.get("metric") != ACCOUNTS:
            continue
        buckets = [
            one for limit in listed(metric, "consumerQuotaLimits") for one in listed(limit, "quotaBuckets")
        ]
        most = min((int(str(one.get("effectiveLimit", 0))) for one in buckets), default=0)
        if 0 <= most < FULL_SERVICES:
            yield Complaint(
                shard.project,
                "quota of service accounts",
                f"is {most}; a full shard has {FULL_SERVICES}",
                f"Ask Google for {FULL_SERVICES} (IAM & Admin, Quotas, “Service account count”) before the shard has {most} sites.",
            )


async def balancing(google: Google, shard: Standing) -> AsyncIterator[Complaint]:
    """What the load balancer is made of."""
    here = f"/compute/v1/projects/{shard.project}"
    for path, wanted, where in (
        (here, GLOBAL, shard.project),
        (f"{here}/regions/{shard.region}", REGIONAL, in_region(shard)),
    ):
        for quota in listed(await google.read("compute", path), "quotas"):
            name, most, used = quota.get("metric"), _number(quota.get("limit")), _number(quota.get("usage"))
            if name in wanted and used >= NEARLY * most:
                yield Complaint(
                    where,
                    f"quota {name}",
                    f"{used:.0f} of {most:.0f} are in use; {wanted[str(name)]}",
                    f"Ask Google for more (IAM & Admin, Quotas, {name}), or place new sites in another project.",
                )


def _number(told: object) -> float:
    return float(told) if isinstance(told, int | float) else 0.0
