"""Which permissions the platform's own account has to have in a shard's project, and has not: Google is asked what it may do.

A permission is named as Google's reference of permissions names it (https://cloud.google.com/iam/docs/permissions-reference); those of
Valkey's users were read nowhere.
"""

from aipress.clouds.gcp.doctor.complaints import Complaint
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.platform import Standing
from aipress.clouds.gcp.resources import Json, Resource
from aipress.errors import CloudRefused

AT_ONCE = 100  # of permissions in one question
NEEDED: dict[str, tuple[str, ...]] = {
    "run": (
        "run.services.create",
        "run.services.get",
        "run.services.list",
        "run.services.update",
        "run.services.delete",
        "run.operations.get",
    ),
    "iam": (
        "iam.serviceAccounts.create",
        "iam.serviceAccounts.get",
        "iam.serviceAccounts.list",
        "iam.serviceAccounts.delete",
        "iam.serviceAccounts.actAs",
    ),
    "secretmanager": (
        "secretmanager.secrets.create",
        "secretmanager.secrets.get",
        "secretmanager.secrets.list",
        "secretmanager.secrets.update",
        "secretmanager.secrets.delete",
        "secretmanager.secrets.setIamPolicy",
        "secretmanager.versions.add",
        "secretmanager.versions.access",
        "secretmanager.versions.list",
        "secretmanager.versions.destroy",
    ),
    "storage": (
        "storage.buckets.create",
        "storage.buckets.get",
        "storage.buckets.list",
        "storage.buckets.delete",
        "storage.buckets.setIamPolicy",
        "storage.objects.create",
        "storage.objects.get",
        "storage.objects.list",
        "storage.objects.delete",
    ),
    "sqladmin": (
        "cloudsql.instances.get",
        "cloudsql.instances.list",
        "cloudsql.instances.create",
        "cloudsql.instances.update",
        "cloudsql.instances.delete",
        "cloudsql.instances.export",
        "cloudsql.databases.list",
    ),
    "compute": (
        "compute.urlMaps.get",
        "compute.urlMaps.update",
        "compute.urlMaps.invalidateCache",
        "compute.backendServices.create",
        "compute.backendServices.get",
        "compute.backendServices.delete",
        "compute.backendServices.use",
        "compute.securityPolicies.use",
        "compute.regionNetworkEndpointGroups.create",
        "compute.regionNetworkEndpointGroups.get",
        "compute.regionNetworkEndpointGroups.delete",
        "compute.regionNetworkEndpointGroups.list",
        "compute.regionNetworkEndpointGroups.use",
        "compute.subnetworks.get",
    ),
    "certificatemanager": (
        "certificatemanager.certs.create",
        "certificatemanager.certs.get",
        "certificatemanager.certs.list",
        "certificatemanager.certs.use",
        "certificatemanager.certs.delete",
        "certificatemanager.certmapentries.create",
        "certificatemanager.certmapentries.get",
        "certificatemanager.certmapentries.list",
        "certificatemanager.certmapentries.delete",
        "certificatemanager.dnsauthorizations.create",
        "certificatemanager.dnsauthorizations.get",
        "certificatemanager.dnsauthorizations.list",
        "certificatemanager.dnsauthorizations.use",
        "certificatemanager.dnsauthorizations.delete",
    ),
    "memorystore": (
        "memorystore.instances.get",
        "memorystore.aclPolicies.get",
        "memorystore.aclPolicies.update",
    ),
    "logging": ("logging.logEntries.list", "logging.logEntries.create"),
    "monitoring": ("monitoring.timeSeries.list",),
}
"""By the API they are for."""


async def look(google: Google, shard: Standing, closed: set[str]) -> tuple[list[Complaint], set[str]]:
    """What to complain of, and the APIs that can't be asked for want of a permission. Of `closed` APIs nothing is asked."""
    if "cloudresourcemanager" in closed:
        return [], set()
    wanted = {api: names for api, names in NEEDED.items() if api not in closed}
    try:
        granted = await granted_of(google, shard.project, [one for names in wanted.values() for one in names])
    except CloudRefused as error:
        told = f"what the platform's account may do can't be read: {error}"
        remedy = "Let it read its own permissions: roles/browser on the project."
        return [Complaint(shard.project, "permissions", told, remedy)], set()
    missing = {api: [one for one in names if one not in granted] for api, names in wanted.items()}
    complaints = [lacking(shard.project, one) for names in missing.values() for one in names]
    return complaints, {api for api, names in missing.items() if names}


async def granted_of(google: Google, project: str, wanted: list[str]) -> set[str]:
    """Those of them that whoever asks has in a project."""
    path, granted = f"/v1/projects/{project}:testIamPermissions", set[str]()
    for start in range(0, len(wanted), AT_ONCE):
        body: Json = {"permissions": wanted[start : start + AT_ONCE]}
        told = await google.ask(Resource("permissions", project, "cloudresourcemanager", path, body))
        given = told.get("permissions")
        granted |= set(given) if isinstance(given, list) else set()
    return granted


def lacking(project: str, permission: str) -> Complaint:
    """That it has not got this one."""
    return Complaint(
        project,
        f"permission {permission}",
        "the platform's account does not have it",
        f"Add {permission} to the account's role in {project}.",
    )
