"""Cloud SQL: instances with their users and databases, one thing at a time, names that stay taken for a week."""

import re

from gcpsim.crud import delete, present, started
from gcpsim.errors import Refused
from gcpsim.rules import Rules
from gcpsim.semantics import sqladmin_contents, sqladmin_replicas
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(merges=True)
sqladmin_contents.enter(RULES)
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
    "instances.promoteReplica",
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


@RULES.check(*(f"sql.{word}" for word in CHANGING))
def check_idle(call: Call) -> None:
    """An instance does one thing at a time."""
    parts = call.key.split("/")
    instance = "/".join(parts[:5])
    now = call.world.clock.now()
    for running in call.world.operations.under("/".join([*parts[:3], "operations/"])):
        if f"{running.target}/".startswith(f"{instance}/") and (running.going or running.ends_at > now):
            raise busy()


def busy() -> Refused:
    """An instance does one thing at a time."""
    return Refused(
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
    """Not while protected."""
    instance = present(call)
    if instance.content.get("settings", {}).get("deletionProtectionEnabled"):
        raise Refused(
            400, "The instance is protected. Disable the deletion protection and try again.", reason="invalid"
        )


sqladmin_replicas.enter(RULES)


@RULES.made("sql.instances.insert")
def complete_instance(call: Call, instance: Resource) -> None:
    """Defaults, addresses, the first user and the first databases."""
    content, project, name = instance.content, call.segment("projects"), instance.id
    password = str(content.pop("rootPassword", ""))
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
        "serviceAccountEmailAddress": "p1-sim@gcp-sa-cloud-sql.iam.gserviceaccount.com",
    }  # fmt: skip
    engine = str(content["databaseVersion"]).split("_")[0]
    user, host = FIRST_USERS.get(engine, ("root", "%"))
    sqladmin_contents.put_user(call, instance.key, {"name": user, "host": host})
    for database in FIRST_DATABASES.get(engine, ()):
        call.store.put(
            f"{instance.key}/databases/{database}",
            {"kind": "sql#database", "name": database, "instance": name, "project": project},
        )
    if call.fault != "operation":
        call.goes_on = call.world.sql.begins(instance, password)
    _address(call, instance)


def _address(call: Call, instance: Resource) -> None:
    """Private in a network, public unless that was declined: the same number here."""
    wanted = instance.content["settings"].get("ipConfiguration", {})
    kinds = (["PRIMARY"] if wanted.get("ipv4Enabled", True) else []) + (
        ["PRIVATE"] if wanted.get("privateNetwork") else []
    )
    address = call.world.sql.address(instance.key)
    instance.content["ipAddresses"] = [{"type": kind, "ipAddress": address} for kind in kinds]
    if certificate := call.world.sql.certificate(instance.key):
        instance.content["serverCaCert"] = certificate


@RULES.made("sql.instances.patch", "sql.instances.update")
def count_settings(call: Call, instance: Resource) -> None:
    """Settings have a version that every change raises."""
    instance.content.setdefault("settings", {})["settingsVersion"] = str(instance.generation)
    _address(call, instance)
    if call.fault != "operation":
        call.goes_on = call.world.sql.changes(instance)


@RULES.does("sql.instances.delete")
def delete_instance(call: Call) -> Json:
    """With its server and all data."""
    present(call)
    if call.fault != "operation":
        call.goes_on = call.world.sql.ends(call.key)
    return delete(call)


@RULES.does("sql.instances.restart")
def restart(call: Call) -> Json:
    """All lines end."""
    call.key = call.key.removesuffix("/restart")
    call.goes_on = call.world.sql.restarts(present(call).key)
    return started(call, {})


@RULES.does("sql.instances.export", "sql.instances.import")
def copy(call: Call) -> Json:
    """Databases to an object, or SQL from one."""
    call.key, way = call.key.rsplit("/", 1)
    sql, context = call.world.sql, call.body.get(f"{way}Context", {})
    instance = present(call).key
    if call.fault != "operation":
        call.goes_on = (sql.exports if way == "export" else sql.imports)(instance, context)
    told = started(call, {})
    if operation := call.world.operations.newest():
        operation.metadata[f"{way}Context"] = context
    return told | {f"{way}Context": context}


@RULES.does("sql.instances.executeSql")
def execute(call: Call) -> Json:
    """SQL over the API, where the instance allows it. What it answers is the world's `statements`' to say."""
    call.key = call.key.removesuffix("/executeSql")
    instance = present(call)
    if instance.content.get("state") == "PENDING_CREATE":
        raise busy()
    if instance.content.get("settings", {}).get("dataApiAccess") != "ALLOW_DATA_API":
        raise Refused(400, "The instance does not allow data API access.", reason="invalid")
    return call.world.statements(instance.key, call.body)
