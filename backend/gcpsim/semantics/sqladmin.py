"""Cloud SQL: instances with their users and databases, one thing at a time, names that stay taken for a week."""

import re

from gcpsim.crud import finished, page, present
from gcpsim.errors import Refused, missing, taken
from gcpsim.rules import Rules
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(merges=True)
NAME = re.compile(r"[a-z][a-z0-9-]{0,97}")
WEEK = 7 * 24 * 3600
FIRST_USERS = {"MYSQL": ("root", "%"), "POSTGRES": ("postgres", ""), "SQLSERVER": ("sqlserver", "")}
FIRST_DATABASES = {
    "MYSQL": ("mysql", "sys", "information_schema", "performance_schema"),
    "POSTGRES": ("postgres",),
    "SQLSERVER": ("master",),
}
CHANGING = (
    "instances.patch",
    "instances.update",
    "instances.delete",
    "instances.restart",
    "instances.export",
    "instances.import",
    "instances.failover",
)


@RULES.check("sql.instances.insert")
def check_instance(call: Call) -> None:
    """A name nobody has, or had within a week."""
    name = str(call.body.get("name", ""))
    if not NAME.fullmatch(name):
        raise Refused(400, "Invalid request: instance name ({name}).", reason="invalid")
    gone = call.store.gone_at(f"{call.key}/{name}")
    if gone is not None and call.world.clock.now() - gone < WEEK:
        raise Refused(
            409,
            "The Cloud SQL instance already exists. A deleted instance's name can't be reused for up to a week.",
            reason="instanceAlreadyExists",
        )
    master = call.body.get("masterInstanceName")
    if master and call.store.get(f"{call.key}/{str(master).rsplit(':', 1)[-1]}") is None:
        raise Refused(404, "The primary instance does not exist.", reason="instanceDoesNotExist")


@RULES.check(*(f"sql.{word}" for word in CHANGING))
def check_idle(call: Call) -> None:
    """An instance does one thing at a time."""
    parts = call.key.split("/")
    instance = "/".join(parts[:5])
    now = call.world.clock.now()
    for running in call.world.operations.under("/".join([*parts[:3], "operations/"])):
        if running.target.startswith(instance) and running.ends_at > now:
            raise Refused(
                409,
                "Operation failed because another operation was already in progress.",
                reason="operationInProgress",
            )


def clone_key(call: Call) -> str:
    """A clone is an instance under the name its context gives."""
    name = call.body.get("cloneContext", {}).get("destinationInstanceName", "")
    return f"sqladmin/projects/{call.segment('projects')}/instances/{name}"


RULES.makes["sql.instances.clone"] = clone_key


@RULES.check("sql.instances.delete")
def check_deletable(call: Call) -> None:
    """Not while protected, and not while replicas read from it."""
    instance = present(call)
    if instance.content.get("settings", {}).get("deletionProtectionEnabled"):
        raise Refused(
            400, "The instance is protected. Disable the deletion protection and try again.", reason="invalid"
        )
    replicas = [
        one.id
        for one in call.store.under(call.key.rsplit("/", 1)[0])
        if str(one.content.get("masterInstanceName", "")).rsplit(":", 1)[-1] == instance.id
    ]
    if replicas:
        raise Refused(
            400, f"The instance has replicas: {', '.join(replicas)}. Delete them first.", reason="invalid"
        )


@RULES.made("sql.instances.insert")
def complete_instance(call: Call, instance: Resource) -> None:
    """Defaults, addresses, the first user and the first databases."""
    content, project, name = instance.content, call.segment("projects"), instance.id
    content.pop("rootPassword", None)
    content.setdefault("databaseVersion", "MYSQL_8_0")
    content.setdefault("region", "us-central1")
    settings = content.setdefault("settings", {})
    for field, value in {
        "activationPolicy": "ALWAYS",
        "edition": "ENTERPRISE",
        "dataDiskType": "PD_SSD",
        "dataDiskSizeGb": "10",
        "pricingPlan": "PER_USE",
        "availabilityType": "ZONAL",
    }.items():
        settings.setdefault(field, value)
    settings |= {"kind": "sql#settings", "settingsVersion": "1"}
    content |= {
        "state": "RUNNABLE", "backendType": "SECOND_GEN", "connectionName": f"{project}:{content['region']}:{name}", "project": project,
        "instanceType": "READ_REPLICA_INSTANCE" if content.get("masterInstanceName") else "CLOUD_SQL_INSTANCE", "gceZone": f"{content['region']}-a",
        "ipAddresses": [{"type": "PRIMARY", "ipAddress": "10.0.0.3"}], "serviceAccountEmailAddress": "p1-sim@gcp-sa-cloud-sql.iam.gserviceaccount.com",
    }  # fmt: skip
    engine = str(content["databaseVersion"]).split("_")[0]
    user, host = FIRST_USERS.get(engine, ("root", "%"))
    _put_user(call, instance.key, {"name": user, "host": host})
    for database in FIRST_DATABASES.get(engine, ()):
        call.store.put(
            f"{instance.key}/databases/{database}",
            {"kind": "sql#database", "name": database, "instance": name, "project": project},
        )


@RULES.made("sql.instances.patch", "sql.instances.update")
def count_settings(call: Call, instance: Resource) -> None:
    """Settings have a version that every change raises."""
    instance.content.setdefault("settings", {})["settingsVersion"] = str(instance.generation)


@RULES.made("sql.databases.insert")
def complete_database(call: Call, database: Resource) -> None:
    """Whose it is."""
    database.content |= {"instance": call.segment("instances"), "project": call.segment("projects")}


@RULES.does("sql.users.insert")
def insert_user(call: Call) -> Json:
    """A user has a name and, in MySQL, a host: any, where none is said."""
    instance = call.store.get(_instance(call))
    if instance and str(instance.content.get("databaseVersion", "MYSQL")).startswith("MYSQL"):
        call.body["host"] = call.body.get("host") or "%"
    if _user(call, call.body.get("name"), call.body.get("host", "")) is not None:
        raise taken(str(call.body.get("name")))
    return finished(call, _put_user(call, _instance(call), call.body))


@RULES.does("sql.users.delete")
def delete_user(call: Call) -> Json:
    """By name and host from the query."""
    user = _needed_user(call)
    call.store.remove(user.key, call.world.clock.now())
    return finished(call, user)


@RULES.does("sql.users.update")
def update_user(call: Call) -> Json:
    """Its password, mostly, of which nothing is shown."""
    user = _needed_user(call)
    user.content |= {name: value for name, value in call.body.items() if name != "password"}
    return finished(call, user)


@RULES.does("sql.users.list")
def list_users(call: Call) -> Json:
    """All of an instance."""
    return page(call, [dict(user.content) for user in call.store.under(call.key)]) | {"kind": "sql#usersList"}


@RULES.does("sql.users.get")
def get_user(call: Call) -> Json:
    """One by its name in the path and its host in the query."""
    user = _user(call, call.key.rsplit("/", 1)[-1], call.query.get("host", ""))
    if user is None:
        raise missing(call.name)
    return dict(user.content)


@RULES.does("sql.instances.executeSql")
def execute(call: Call) -> Json:
    """SQL over the API, where the instance allows it. What it answers is the world's `statements`' to say."""
    call.key = call.key.removesuffix("/executeSql")
    instance = present(call)
    if instance.content.get("settings", {}).get("dataApiAccess") != "ALLOW_DATA_API":
        raise Refused(400, "The instance does not allow data API access.", reason="invalid")
    return call.world.statements(instance.key, call.body)


def _instance(call: Call) -> str:
    return call.key.split("/users")[0]


@RULES.names("sql.users.insert")
def user_id(call: Call) -> str:
    """A user is known by name and host; no host is any host."""
    return _id(call.body.get("name"), str(call.body.get("host", "")))


def _id(name: object, host: str) -> str:
    return f"{name}@{host or '%'}"


def _user(call: Call, name: object, host: str) -> Resource | None:
    return call.store.get(f"{_instance(call)}/users/{_id(name, host)}")


def _needed_user(call: Call) -> Resource:
    user = _user(call, call.query.get("name", ""), call.query.get("host", ""))
    if user is None:
        raise Refused(404, f"User '{call.query.get('name', '')}' does not exist.", reason="userDoesNotExist")
    return user


def _put_user(call: Call, instance: str, body: Json) -> Resource:
    user = call.store.put(
        f"{instance}/users/{_id(body.get('name'), str(body.get('host', '')))}",
        {name: value for name, value in body.items() if name != "password"},
    )
    user.content |= {
        "kind": "sql#user",
        "instance": instance.rsplit("/", 1)[-1],
        "project": call.segment("projects"),
    }
    return user
