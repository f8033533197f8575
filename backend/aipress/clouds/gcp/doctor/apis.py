"""Which of Google's APIs a shard's project has to have enabled, and has not."""

from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.doctor.complaints import Complaint, last
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Standing
from aipress.errors import CloudRefused

NEEDED = {
    "run": "sites run there",
    "sqladmin": "where databases answer, and copies of them",
    "secretmanager": "keys and passwords",
    "storage": "uploads and copies",
    "iam": "the account each site runs as",
    "iamcredentials": "addresses under which a browser sends an upload",
    "compute": "the load balancer and its cache",
    "certificatemanager": "certificates",
    "memorystore": "the shared Valkey and its users",
    "logging": "lines of sites",
    "monitoring": "figures of sites",
    "cloudresourcemanager": "what the platform's own account may do",
    "serviceusage": "what is enabled, and how much of it there may be",
}
"""By API, what it is needed for."""


async def look(google: Google, shard: Standing) -> tuple[list[Complaint], set[str]]:
    """What to complain of, and the APIs that nobody needs to ask because they are off."""
    path, query = f"/v1/projects/{shard.project}/services", {"filter": "state:ENABLED", "pageSize": "200"}
    try:
        on = await google.read_all("serviceusage", path, "services", query)
    except (Gone, CloudRefused) as error:
        told = f"what is enabled can't be read: {error}"
        remedy = f"Enable it, or let the platform's account read it: gcloud services enable serviceusage.googleapis.com --project={shard.project}"
        return [Complaint(shard.project, "API serviceusage.googleapis.com", told, remedy)], {"serviceusage"}
    enabled = {last(one.get("name")).removesuffix(".googleapis.com") for one in on}
    off = [api for api in NEEDED if api not in enabled]
    return [_complaint(shard, api) for api in off], set(off)


def _complaint(shard: Standing, api: str) -> Complaint:
    return Complaint(
        shard.project,
        f"API {api}.googleapis.com",
        f"is not enabled; needed for {NEEDED[api]}",
        f"gcloud services enable {api}.googleapis.com --project={shard.project}",
    )
