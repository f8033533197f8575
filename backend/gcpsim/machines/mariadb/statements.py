"""`instances.executeSql`: statements that come by the API, and what they find as Google writes it.

What the database refuses is no refusal of the API: the answer is 200 with the error in its `status`.
"""

import base64
import time

import pymysql
from pymysql.connections import Connection
from pymysql.constants import FIELD_TYPE
from pymysql.cursors import Cursor

from gcpsim.errors import Refused
from gcpsim.machines.mariadb.flags import mapped
from gcpsim.machines.mariadb.server import Server
from gcpsim.wire import Json
from gcpsim.world import World

LARGEST = 10 * 1024 * 1024
"""Bytes of an answer."""

SPELLED = {
    "TINY": "TINYINT", "SHORT": "SMALLINT", "INT24": "MEDIUMINT", "LONG": "INT", "LONGLONG": "BIGINT", "NEWDECIMAL": "DECIMAL",
    "VAR_STRING": "VARCHAR", "STRING": "CHAR",
}  # fmt: skip
TYPES = {
    number: SPELLED.get(name, name) for name, number in vars(FIELD_TYPE).items() if isinstance(number, int)
}
"""Column types as SQL spells them, by the protocol's numbers."""

INVALID_ARGUMENT, OUT_OF_RANGE = 3, 11


def execute(server: Server, world: World, payload: Json) -> Json:
    """Run one statement or several; raises Refused where nobody is named to run them, or the secret is not there."""
    line = _line(server, world, payload)
    if isinstance(line, dict):
        return line
    began = time.monotonic()
    results: list[Json] = []
    status: Json = {}
    with line, line.cursor() as sql:
        try:
            _run(sql, payload, results)
        except pymysql.err.MySQLError as broken:
            status = _status(broken)
    whole = payload.get("partialResultMode") != "ALLOW_PARTIAL_RESULT"
    if not status and whole and any(one.get("partialResult") for one in results):
        status = {"code": OUT_OF_RANGE, "message": "The result is larger than 10 MB."}
    took = f"{time.monotonic() - began:.6f}s"
    told = [] if status and whole else results
    return {"results": told, "status": status, "metadata": {"sqlStatementExecutionTime": took}}


def _line(server: Server, world: World, payload: Json) -> Connection | Json:
    """As the API's own account for an IAM user, who has no password here; as a user whose password is in a secret; or the refusal."""
    database = str(payload.get("database", "")) or None
    try:
        if payload.get("autoIamAuthn"):
            return server.connect_for_api(database)
        user = str(payload.get("user", ""))
        if not user:
            raise Refused(400, "Invalid request: say a user, or autoIamAuthn.", reason="invalid")
        return server.connect_as(user, _password(world, payload), database)
    except pymysql.err.OperationalError as broken:
        if broken.args[0] in {2002, 2003}:
            raise
        return {"results": [], "status": _status(broken)}


def _password(world: World, payload: Json) -> str:
    name = str(payload.get("passwordSecretVersion", ""))
    if not name:
        return ""
    version = world.store.get(f"secretmanager/{name}")
    if version is None or version.content.get("state") != "ENABLED":
        raise Refused(400, f"Invalid request: there is no secret version {name}.", reason="invalid")
    return base64.b64decode(str(version.hidden["data"])).decode()


def _run(sql: Cursor, payload: Json, results: list[Json]) -> None:
    most, left = int(payload.get("rowLimit") or 0), LARGEST
    sql.execute(mapped(str(payload.get("sqlStatement", ""))))
    while True:
        one, size = _result(sql, most, left)
        left -= size
        results.append(one)
        if not sql.nextset():
            return


def _result(sql: Cursor, most: int, left: int) -> tuple[Json, int]:
    if sql.description is None:
        return {"message": f"Query OK, {sql.rowcount} row{'' if sql.rowcount == 1 else 's'} affected"}, 0
    columns = [{"name": one[0], "type": TYPES.get(int(one[1]), "UNKNOWN")} for one in sql.description]
    told: Json = {"columns": columns, "rows": []}
    size = 0
    for row in sql.fetchall()[: most or None]:
        values = [_value(one) for one in row]
        size += sum(len(str(one.get("value", ""))) for one in values)
        if size > left:
            told["partialResult"] = True
            break
        told["rows"].append({"values": values})
    return told, size


def _value(one: object) -> Json:
    if one is None:
        return {"nullValue": True}
    return {"value": one.decode(errors="replace") if isinstance(one, bytes) else str(one)}


def _status(broken: pymysql.err.MySQLError) -> Json:
    return {"code": INVALID_ARGUMENT, "message": "Error " + ": ".join(str(one) for one in broken.args)}
