"""What Google's own roles allow, as far as somebody here asks: permissions, or how they begin where a role has all of a service's.

Of the lists at https://cloud.google.com/iam/docs/roles-permissions only what a platform of services, secrets, buckets and databases needs.
"""

ROLES: dict[str, tuple[str, ...]] = {
    "roles/owner": ("",),
    "roles/editor": ("",),
    "roles/run.admin": ("run.",),
    "roles/run.invoker": ("run.routes.invoke",),
    "roles/secretmanager.admin": ("secretmanager.",),
    "roles/secretmanager.secretAccessor": ("secretmanager.versions.access",),
    "roles/secretmanager.viewer": ("secretmanager.secrets.get", "secretmanager.secrets.list"),
    "roles/storage.admin": ("storage.",),
    "roles/storage.objectAdmin": ("storage.objects.", "storage.folders.", "storage.multipartUploads."),
    "roles/storage.objectUser": ("storage.objects.", "storage.folders.", "storage.multipartUploads."),
    "roles/storage.objectCreator": ("storage.objects.create", "storage.folders.create"),
    "roles/storage.objectViewer": ("storage.objects.get", "storage.objects.list", "storage.folders.get"),
    "roles/cloudsql.admin": ("cloudsql.",),
    "roles/cloudsql.client": ("cloudsql.instances.connect", "cloudsql.instances.get"),
    "roles/iam.serviceAccountAdmin": (
        "iam.serviceAccounts.create",
        "iam.serviceAccounts.delete",
        "iam.serviceAccounts.get",
        "iam.serviceAccounts.list",
        "iam.serviceAccounts.update",
        "iam.serviceAccounts.setIamPolicy",
        "iam.serviceAccounts.getIamPolicy",
    ),
    "roles/iam.serviceAccountUser": ("iam.serviceAccounts.actAs", "iam.serviceAccounts.get"),
    "roles/iam.serviceAccountTokenCreator": ("iam.serviceAccounts.signBlob", "iam.serviceAccounts.signJwt"),
    "roles/compute.loadBalancerAdmin": (
        "compute.urlMaps.",
        "compute.backendServices.",
        "compute.regionNetworkEndpointGroups.",
        "compute.networkEndpointGroups.",
        "compute.regions.",
        "compute.projects.get",
        "compute.subnetworks.get",
    ),
    "roles/compute.networkUser": ("compute.subnetworks.use", "compute.subnetworks.get"),
    "roles/certificatemanager.editor": ("certificatemanager.",),
    "roles/dns.admin": ("dns.",),
    "roles/redis.admin": ("redis.",),
    "roles/memorystore.admin": ("memorystore.",),
    "roles/logging.viewer": ("logging.logEntries.list", "logging.logs.list"),
    "roles/logging.logWriter": ("logging.logEntries.create",),
    "roles/monitoring.viewer": ("monitoring.timeSeries.list", "monitoring.metricDescriptors."),
    "roles/monitoring.metricWriter": ("monitoring.timeSeries.create",),
    "roles/bigquery.jobUser": ("bigquery.jobs.create",),
    "roles/bigquery.dataViewer": ("bigquery.tables.", "bigquery.datasets.get"),
    "roles/serviceusage.serviceUsageViewer": ("serviceusage.services.", "serviceusage.quotas.get"),
}
NOT_AN_EDITORS = ("setIamPolicy", "iam.serviceAccounts.actAs", "secretmanager.versions.access")


def allows(role: str, permission: str) -> bool:
    """Whether one of Google's own roles has a permission. A role nobody wrote down here has none."""
    if role == "roles/editor" and permission.endswith(NOT_AN_EDITORS):
        return False
    told = ROLES.get(role, ())
    return any(
        permission.startswith(one) if one == "" or one.endswith(".") else permission == one for one in told
    )
