"""The service account an environment runs as, and what it may: read its own secrets, write its own bucket, nothing of the project.

One whose media go by signed URLs may also sign as itself.
A grant sets the whole policy of a resource that is the environment's alone, so there is nothing of others in it to lose.
"""

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.labels import labels_of
from aipress.clouds.gcp.names import account_email, bucket_name, own_name
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource

READS_SECRET = "roles/secretmanager.secretAccessor"  # noqa: S105 - a role's name
WRITES_OBJECTS = "roles/storage.objectUser"  # folders too, which a renaming needs
SIGNS = "roles/iam.serviceAccountTokenCreator"
REACHES_SQL = "roles/cloudsql.client"


def account(environment: EnvironmentSpec, place: Place) -> Resource:
    """The account. It has no labels and costs nothing; who it is for is in its description.

    Its name is made of the environment's id, which is never used again: grants that outlive an account would be its successor's.
    """
    labels = labels_of(environment)
    name = own_name(environment.id)
    told = {
        "displayName": f"AIPress {name}",
        "description": f"WordPress of environment {environment.id}, tenant {labels['aipress-tenant-id']}",
    }
    path = f"/v1/projects/{place.project}/serviceAccounts"
    return Resource("service account", name, "iam", path, {"accountId": name, "serviceAccount": told})


def reads_secret(environment: EnvironmentSpec, place: Place, secret: str) -> Resource:
    """That it may read one secret."""
    path = f"/v1/projects/{place.project}/secrets/{secret}:setIamPolicy"
    return Resource(
        "grant",
        f"{READS_SECRET} on {secret}",
        "secretmanager",
        path,
        {"policy": _policy(environment, place, READS_SECRET)},
    )


def signs_itself(environment: EnvironmentSpec, place: Place, *, signs: bool = True) -> Resource:
    """That it may have Google sign as itself, and as nobody else: its media are read and written by signed URLs. Or no more."""
    email = account_email(environment.id, place.project)
    path = f"/v1/projects/{place.project}/serviceAccounts/{email}:setIamPolicy"
    policy = _policy(environment, place, SIGNS) if signs else {"bindings": []}
    return Resource("grant", f"{SIGNS} on {email}", "iam", path, {"policy": policy})


def writes_bucket(environment: EnvironmentSpec, place: Place) -> Resource:
    """That it may read and write its bucket's objects. What the project's editors had by default goes with this."""
    bucket = bucket_name(environment.id, place.project)
    body = _policy(environment, place, WRITES_OBJECTS)
    return Resource(
        "grant",
        f"{WRITES_OBJECTS} on {bucket}",
        "storage",
        f"/storage/v1/b/{bucket}/iam",
        body,
        verb="PUT",
    )


def reaches_sql(policy: Json, environment: EnvironmentSpec, place: Place) -> Json:
    """The project's policy with this account allowed to connect through Cloud SQL's socket, everything else as it was, etag too.

    Only for instances without a private address: Google knows no such grant on one instance, and a policy has 1,500 members at most.
    """
    member = f"serviceAccount:{account_email(environment.id, place.project)}"
    found = policy.get("bindings")
    bindings = [dict(one) for one in found] if isinstance(found, list) else []
    ours = next(
        (one for one in bindings if one.get("role") == REACHES_SQL and not one.get("condition")), None
    )
    if ours is None:
        ours = {"role": REACHES_SQL, "members": []}
        bindings.append(ours)
    ours["members"] = sorted({*ours["members"], member})
    return {**policy, "bindings": bindings}


def reaches_sql_no_more(policy: Json, environment_id: str, place: Place) -> Json:
    """The project's policy without this account, everything else as it was."""
    member = f"serviceAccount:{account_email(environment_id, place.project)}"
    found = policy.get("bindings")
    left: list[Json] = []
    for one in found if isinstance(found, list) else []:
        members = [other for other in one.get("members", []) if other != member]
        left += [{**one, "members": members}] if members else []
    return {**policy, "bindings": left}


def _policy(environment: EnvironmentSpec, place: Place, role: str) -> Json:
    member = f"serviceAccount:{account_email(environment.id, place.project)}"
    return {"bindings": [{"role": role, "members": [member]}]}
