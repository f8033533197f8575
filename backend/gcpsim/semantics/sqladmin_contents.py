"""What is in an instance of Cloud SQL: users and databases. Where a server stands behind it, what that has is what there is."""

from gcpsim.crud import finished, page
from gcpsim.errors import Refused, missing, taken
from gcpsim.rules import Rules
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import Call

USERS, DATABASES = "sql.users.", "sql.databases."
WORDS = ("insert", "get", "list", "update", "delete")


def enter(rules: Rules) -> None:
    """Add what users and databases do to the API's rules."""
    rules.check(*(kind + word for kind in (USERS, DATABASES) for word in WORDS), DATABASES + "patch")(look)
    rules.made(DATABASES + "insert")(complete_database)
    rules.made(DATABASES + "patch", DATABASES + "update")(change_database)
    rules.check(DATABASES + "delete")(drop_database)
    rules.names(USERS + "insert")(user_id)
    for word, does in (
        ("insert", insert_user),
        ("get", get_user),
        ("list", list_users),
        ("update", update_user),
        ("delete", delete_user),
    ):
        rules.does(USERS + word)(does)


def look(call: Call) -> None:
    """Bring the rows in line with what the server has; one that is still being made can't be asked."""
    instance = call.store.get(_instance(call))
    if instance is None:
        return
    if instance.content.get("state") == "PENDING_CREATE":
        raise Refused(409, "The instance is not running yet.", reason="operationInProgress")
    users, databases = call.world.sql.users(instance.key), call.world.sql.databases(instance.key)
    if users is not None and databases is not None:
        _follow_users(call, instance.key, users)
        _follow_databases(call, instance.key, databases)


def _follow_users(call: Call, instance: str, users: list[tuple[str, str]]) -> None:
    for gone in _rows(call, instance, "users") - {_id(*user) for user in users}:
        call.store.remove(f"{instance}/users/{gone}", call.world.clock.now())
    for name, host in users:
        if _user(call, name, host) is None:
            put_user(call, instance, {"name": name, "host": host})


def _follow_databases(call: Call, instance: str, databases: dict[str, Json]) -> None:
    known = _rows(call, instance, "databases")
    for gone in known - databases.keys():
        call.store.remove(f"{instance}/databases/{gone}", call.world.clock.now())
    for name in databases.keys() - known:
        _put_database(call, f"{instance}/databases/{name}", {"name": name, **databases[name]})


def _rows(call: Call, instance: str, kind: str) -> set[str]:
    return {one.id for one in call.store.under(f"{instance}/{kind}")}


def complete_database(call: Call, database: Resource) -> None:
    """Whose it is; made before it is said that it is there."""
    database.content |= {"instance": call.segment("instances"), "project": call.segment("projects")}
    if call.fault != "operation":
        call.world.sql.make_database(_instance(call), database.content)


def change_database(call: Call, database: Resource) -> None:
    """Its character set and collation."""
    if call.fault != "operation":
        call.world.sql.change_database(_instance(call), database.content)


def drop_database(call: Call) -> None:
    """Taken from the server before its row goes."""
    if call.store.get(call.key) is not None and call.fault != "operation":
        call.world.sql.drop_database(_instance(call), call.key.rsplit("/", 1)[-1])


def _put_database(call: Call, key: str, content: Json) -> None:
    whose = {"instance": call.segment("instances"), "project": call.segment("projects")}
    call.store.put(key, {"kind": "sql#database", **content, **whose})


def insert_user(call: Call) -> Json:
    """A user has a name and, in MySQL, a host: any, where none is said."""
    instance = call.store.get(_instance(call))
    if instance and str(instance.content.get("databaseVersion", "MYSQL")).startswith("MYSQL"):
        call.body["host"] = call.body.get("host") or "%"
    if _user(call, call.body.get("name"), call.body.get("host", "")) is not None:
        raise taken(str(call.body.get("name")))
    if call.fault != "operation":
        call.world.sql.make_user(_instance(call), call.body)
    return finished(call, put_user(call, _instance(call), call.body))


def delete_user(call: Call) -> Json:
    """By name and host from the query."""
    user = _needed_user(call)
    if call.fault != "operation":
        call.world.sql.drop_user(
            _instance(call), str(user.content.get("name", user.id)), str(user.content.get("host", ""))
        )
    gone = call.store.remove(user.key, call.world.clock.now())
    return finished(call, user, back=gone)


def update_user(call: Call) -> Json:
    """Its password, mostly, of which nothing is shown."""
    user = _needed_user(call)
    if call.fault != "operation":
        told = {**call.body, "name": user.content["name"], "host": user.content.get("host", "")}
        call.world.sql.change_user(_instance(call), told)
    user.content |= {name: value for name, value in call.body.items() if name != "password"}
    return finished(call, user, undo=user)


def list_users(call: Call) -> Json:
    """All of an instance."""
    return page(call, [dict(user.content) for user in call.store.under(call.key)]) | {"kind": "sql#usersList"}


def get_user(call: Call) -> Json:
    """One by its name in the path and its host in the query."""
    user = _user(call, call.key.rsplit("/", 1)[-1], call.query.get("host", ""))
    if user is None:
        raise missing(call.name)
    return dict(user.content)


def user_id(call: Call) -> str:
    """A user is known by name and host; no host is any host."""
    return _id(call.body.get("name"), str(call.body.get("host", "")))


def put_user(call: Call, instance: str, body: Json) -> Resource:
    """A user's row, which never has its password."""
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


def _instance(call: Call) -> str:
    return "/".join(call.key.split("/")[:5])


def _id(name: object, host: str) -> str:
    return f"{name}@{host or '%'}"


def _user(call: Call, name: object, host: str) -> Resource | None:
    return call.store.get(f"{_instance(call)}/users/{_id(name, host)}")


def _needed_user(call: Call) -> Resource:
    user = _user(call, call.query.get("name", ""), call.query.get("host", ""))
    if user is None:
        raise Refused(404, f"User '{call.query.get('name', '')}' does not exist.", reason="userDoesNotExist")
    return user
