"""What an environment's things are called on Google Cloud. Only its service is named for people, since its host name is made of that."""

import re
import secrets

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp.resources import Unbuildable

LONGEST_SERVICE = 49
ID = re.compile(r"[0-9a-f]{12}")
OWN_INSTANCE = re.compile(r"w[0-9a-f]{12}-[0-9a-f]{4}")


def own_name(environment_id: str) -> str:
    """`w<id>`: the database, its user, the cache's user and the service account. Ids are never used again, so no name is."""
    if not ID.fullmatch(environment_id):
        raise Unbuildable(f"“{environment_id}” is no environment's id, which has 12 hexadecimal digits.")
    return f"w{environment_id}"


def own_instance_name(environment_id: str) -> str:
    """A Cloud SQL instance of an environment's own: another name each time, since Google gives one back only after a week."""
    return f"{own_name(environment_id)}-{secrets.token_hex(2)}"


def replica_name(instance: str) -> str:
    """One that reads from an instance of an environment's own."""
    return f"{instance}-r{secrets.token_hex(2)}"


def is_own_instance(name: str) -> bool:
    """Whether an instance is one environment's alone."""
    return OWN_INSTANCE.fullmatch(name) is not None


def admin_secret(instance: str) -> str:
    """Where the password of an instance's administrator is kept."""
    return f"aipress-sql-admin-{instance}"


def service_name(environment: EnvironmentSpec) -> str:
    """The first label of its host name: the load balancer finds a service by nothing else.

    A slug has no double hyphen, so what is marked by one is nobody's slug. Cloud Run wants a letter first, and 49 characters at most.
    """
    slug = environment.slug
    if not slug:
        raise Unbuildable(f"Environment {environment.id} has no slug yet; claim it for a site first.")
    marked = "" if environment.kind == "live" else f"{environment.kind}--"
    if not marked and not slug[0].isalpha():
        marked = "w--"
    if len(marked + slug) <= LONGEST_SERVICE:
        return marked + slug
    ending = f"--{own_name(environment.id)[1:]}"
    return marked + slug[: LONGEST_SERVICE - len(marked) - len(ending)].rstrip("-") + ending


def account_email(environment_id: str, project: str) -> str:
    """The service account an environment runs as."""
    return f"{own_name(environment_id)}@{project}.iam.gserviceaccount.com"


def bucket_name(environment_id: str, project: str) -> str:
    """Buckets' names are the whole world's: the project's id, which is too, stands first."""
    return f"{project}-{own_name(environment_id)}"


def secret_id(environment_id: str, name: str) -> str:
    """A secret of the platform's in an environment, such as `w0123456789ab-db-password`."""
    return f"{own_name(environment_id)}-{name.lower().replace('_', '-')}"


def owners_secret_id(environment_id: str, name: str) -> str:
    """A secret of the site's owner; its name keeps its capitals and underscores, so it is never one of the platform's."""
    return f"{own_name(environment_id)}-own-{name}"
