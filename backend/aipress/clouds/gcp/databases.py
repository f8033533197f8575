"""Database and user of an environment on a shared Cloud SQL instance (MySQL 8.4), made by SQL.

Never by the Admin API: a user it makes gets the role `cloudsqlsuperuser`, and reads every tenant's database.
"""

import re
from dataclasses import dataclass

from aipress.clouds.base import Database, EnvironmentSpec
from aipress.clouds.gcp.labels import labels_of
from aipress.clouds.gcp.names import bucket_name, own_name
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable
from aipress.clouds.gcp.sizes import size_for
from aipress.clouds.wordpress.tables import RIGHTS

FILE = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,99}")


@dataclass(frozen=True)
class Statement:
    """SQL whose only names are ours, and values that a driver puts in."""

    sql: str
    values: tuple[str, ...] = ()


def database_of(environment: EnvironmentSpec) -> Database:
    """What they are called; no underscore, which is a wildcard in grants."""
    return Database(name=own_name(environment.id), user=own_name(environment.id))


def most_connections(environment: EnvironmentSpec) -> int:
    """Of one environment at once. During a rollout two revisions run, hence twice the connections of one."""
    return 2 * size_for(environment).connections


def made(environment: EnvironmentSpec, password: str) -> list[Statement]:
    """User, database, rights: safe to say again."""
    labels_of(environment)  # nobody's environment has no database: it would be shared out to nobody
    name = own_name(environment.id)
    most = most_connections(environment)
    return [
        Statement(f"CREATE USER IF NOT EXISTS '{name}'@'%%' IDENTIFIED BY %s REQUIRE SSL", (password,)),
        Statement(
            f"ALTER USER '{name}'@'%%' IDENTIFIED BY %s REQUIRE SSL WITH MAX_USER_CONNECTIONS {most}",
            (password,),
        ),
        Statement(
            f"CREATE DATABASE IF NOT EXISTS `{name}` CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_520_ci"
        ),
        Statement(f"GRANT {RIGHTS} ON `{name}`.* TO '{name}'@'%%'"),
    ]


def removed(environment_id: str) -> list[Statement]:
    """User first: nobody writes any more while the database goes."""
    name = own_name(environment_id)
    return [
        Statement(f"DROP USER IF EXISTS '{name}'@'%%'"),
        Statement(f"DROP DATABASE IF EXISTS `{name}`"),
    ]


def export(environment: EnvironmentSpec, place: Place, file: str) -> Resource:
    """A copy of this one database in the environment's own bucket: point-in-time recovery is an instance's, of all tenants at once.

    An instance exports one at a time, so whoever sends this waits for its turn. `offload` keeps the work off the instance.
    """
    name, bucket = own_name(environment.id), bucket_name(environment.id, place.project)
    if not FILE.fullmatch(file):
        raise Unbuildable(f"“{file[:100]}” is no name for a copy: letters, digits, -, _ and dots.")
    context: Json = {
        "fileType": "SQL",
        "uri": f"gs://{bucket}/backups/{file}.sql.gz",
        "databases": [name],
        "offload": True,
    }
    path = f"/v1/projects/{place.project}/instances/{place.instance.name}/export"
    return Resource("export", name, "sqladmin", path, {"exportContext": context})
