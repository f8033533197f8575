"""Cloud SQL: replicas read from a primary and take no writes, and what wants the edition Enterprise Plus."""

from gcpsim.crud import present, started
from gcpsim.errors import Refused
from gcpsim.rules import Rules
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

WRITES = ("insert", "update", "delete", "patch")
CHANGED = ("insert", "patch", "update")


def enter(rules: Rules) -> None:
    """Add what replicas and editions are held to."""
    rules.check("sql.instances.insert")(check_primary)
    rules.check(*(f"sql.instances.{word}" for word in CHANGED))(check_pooling)
    rules.check(*(f"sql.{kind}.{word}" for kind in ("users", "databases") for word in WRITES))(check_writable)
    rules.check("sql.instances.delete")(check_unread)
    rules.does("sql.instances.promoteReplica")(promote)


def primary_of(call: Call, content: Json) -> Resource | None:
    """The instance that this one reads from."""
    name = str(content.get("masterInstanceName", "")).rsplit(":", 1)[-1]
    return call.store.get(f"sqladmin/projects/{call.segment('projects')}/instances/{name}") if name else None


def replicas_of(call: Call, instance: Resource) -> list[Resource]:
    """Those that read from it."""
    everybody = call.store.under(instance.key.rsplit("/", 1)[0])
    return [
        one for one in everybody if (primary := primary_of(call, one.content)) and primary.key == instance.key
    ]


def check_primary(call: Call) -> None:
    """It is there, runs, and keeps a binary log, where it is a MySQL."""
    if not call.body.get("masterInstanceName"):
        return
    primary = primary_of(call, call.body)
    if primary is None:
        raise Refused(404, "The primary instance does not exist.", reason="instanceDoesNotExist")
    if primary.content.get("state") != "RUNNABLE":
        raise Refused(400, "The primary instance is not running.", reason="invalid")
    is_mysql = str(primary.content.get("databaseVersion", "")).startswith("MYSQL")
    backups = primary.content.get("settings", {}).get("backupConfiguration", {})
    if is_mysql and not backups.get("binaryLogEnabled"):
        raise Refused(
            400, "Invalid request: the primary instance must have binary logging enabled.", reason="invalid"
        )
    call.body.setdefault("databaseVersion", primary.content["databaseVersion"])
    call.body.setdefault("region", primary.content["region"])


def check_pooling(call: Call) -> None:
    """Managed connection pooling is Enterprise Plus's.

    https://cloud.google.com/sql/docs/mysql/managed-connection-pooling
    """
    there = call.store.get(call.key)
    kept = there.content.get("settings", {}) if there else {}
    told = call.body.get("settings", {})
    pooling = told.get("connectionPoolConfig", kept.get("connectionPoolConfig")) or {}
    edition = told.get("edition") or kept.get("edition", "ENTERPRISE")
    if pooling.get("connectionPoolingEnabled") and edition != "ENTERPRISE_PLUS":
        raise Refused(
            400,
            "Invalid request: managed connection pooling needs the edition ENTERPRISE_PLUS.",
            reason="invalid",
        )


def check_writable(call: Call) -> None:
    """A replica has its primary's users and databases."""
    instance = call.store.get("/".join(call.key.split("/")[:5]))
    if instance is not None and instance.content.get("masterInstanceName"):
        raise Refused(400, "The operation is not allowed on a read replica.", reason="invalid")


def check_unread(call: Call) -> None:
    """Not while replicas read from it."""
    if replicas := [one.id for one in replicas_of(call, present(call))]:
        raise Refused(
            400, f"The instance has replicas: {', '.join(replicas)}. Delete them first.", reason="invalid"
        )


def promote(call: Call) -> Json:
    """A replica becomes an instance like any other."""
    call.key = call.key.removesuffix("/promoteReplica")
    replica = present(call)
    if not replica.content.get("masterInstanceName"):
        raise Refused(400, "The instance is no read replica.", reason="invalid")
    if call.fault != "operation":
        replica.content.pop("masterInstanceName")
        replica.content["instanceType"] = "CLOUD_SQL_INSTANCE"
        call.goes_on = call.world.sql.promotes(replica)
    return started(call, {})
