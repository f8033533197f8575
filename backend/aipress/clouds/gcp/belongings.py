"""Whether anything of an environment stands that is found only through its placement."""

from aipress.clouds.gcp.certificates import Certificates
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.names import account_email, bucket_name, own_name
from aipress.clouds.gcp.placements import Found
from aipress.clouds.gcp.together import together
from aipress.clouds.gcp.ways import group_path
from aipress.errors import CloudRefused


async def anything_stands(google: Google, found: Found) -> bool:
    """Whether its service, account, bucket, database, instance or a way of its domains is there. Secrets are not looked for: the vault asks this

    when they are gone.
    """
    place, id = found.place, found.placed.environment_id
    email = account_email(id, place.project)
    instance = f"/v1/projects/{place.project}/instances/{place.instance.name}"
    paths = [
        ("run", f"/v2/{place.parent}/services/{found.service}"),
        ("iam", f"/v1/projects/{place.project}/serviceAccounts/{email}"),
        ("storage", f"/storage/v1/b/{bucket_name(id, place.project)}"),
        ("sqladmin", instance if place.instance.is_own else f"{instance}/databases/{own_name(id)}"),
        ("compute", group_path(id, place)),
    ]
    if await Certificates(google).begun_for(id, place.project):
        return True
    return any(await together(_stands(google, api, path) for api, path in paths))


async def _stands(google: Google, api: str, path: str) -> bool:
    try:
        await google.read(api, path)
    except CloudRefused:  # it is gone; or nobody can say, and nobody could take it away either
        return False
    return True
