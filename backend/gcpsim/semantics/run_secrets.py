"""Whether a revision may read the secrets it names: Google looks when it starts, as the revision's own account."""

from collections.abc import Iterator

from gcpsim.access import may
from gcpsim.wire import Json
from gcpsim.world import World

ACCESS = "secretmanager.versions.access"


def unreadable(world: World, project: str, template: Json) -> str:
    """What Google says of the first secret the account may not read; '' where it may read all, or is Google's own."""
    account = str(template.get("serviceAccount", ""))
    home = account.partition("@")[2].removesuffix(".iam.gserviceaccount.com")
    known = world.store.get(f"iam/projects/{home}/serviceAccounts/{account}")
    if known is None or known.supposed:
        return ""
    for name, version in named(template):
        path = name if "/" in name else f"projects/{project}/secrets/{name}"
        secret = world.store.get(f"secretmanager/{path}")
        if secret is None or secret.supposed:
            continue
        if not may(world, f"serviceAccount:{account}", ACCESS, secret.key):
            return (
                f"Permission denied on secret: {path}/versions/{version} for Revision service account {account}. The service account "
                "used must be granted the 'Secret Manager Secret Accessor' role (roles/secretmanager.secretAccessor)."
            )
    return ""


def named(template: Json) -> Iterator[tuple[str, str]]:
    """Every secret of a template with the version it wants."""
    for container in template.get("containers", []):
        for one in container.get("env", []):
            if reference := one.get("valueSource", {}).get("secretKeyRef"):
                yield str(reference.get("secret", "")), str(reference.get("version", "latest"))
    for volume in template.get("volumes", []):
        if secret := volume.get("secret", {}).get("secret"):
            for item in volume["secret"].get("items", [{}]):
                yield str(secret), str(item.get("version", "latest"))
