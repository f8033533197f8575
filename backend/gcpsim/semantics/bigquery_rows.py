"""BigQuery's rows: streamed in, loaded, listed."""

import gzip
import json
import zlib
from collections.abc import Iterator
from fnmatch import fnmatchcase
from urllib.parse import urlsplit

from gcpsim.errors import Refused, missing
from gcpsim.rules import Rules
from gcpsim.semantics.bigquery_pages import page_of
from gcpsim.semantics.bigquery_values import Misfit, row_of
from gcpsim.semantics.storage_names import bucket_key
from gcpsim.semantics.storage_written import look
from gcpsim.store import Resource
from gcpsim.warehouse import Found, Question, Table
from gcpsim.wire import Json
from gcpsim.world import Call, World

ROWS = "bigquery.tabledata."


def enter(rules: Rules) -> None:
    """Add what rows do to the API's rules."""
    rules.does(ROWS + "insertAll")(insert_all)
    rules.does(ROWS + "list")(list_rows)


def table_of(reference: Json, project: str = "") -> Table:
    """The table a reference names."""
    return Table(
        str(reference.get("projectId") or project), str(reference["datasetId"]), str(reference["tableId"])
    )


def fields_of(resource: Resource) -> list[Json]:
    """A table's columns."""
    return list(resource.content.get("schema", {}).get("fields", []))


def insert_all(call: Call) -> Json:
    """Rows as they come: all, or none if one does not fit, unless the caller wants the others all the same."""
    resource = call.store.get(call.key.removesuffix("/insertAll"))
    if resource is None:
        raise missing(call.name)
    table, fields = _named(resource), fields_of(resource)
    given, lax = call.body.get("rows", []), bool(call.body.get("ignoreUnknownValues"))
    errors, rows = [], []
    for index, one in enumerate(given):
        try:
            row = row_of(fields, one.get("json", {}), lax=lax)
        except Misfit as wrong:
            errors.append(_insert_error(index, "invalid", wrong.location, wrong.what))
            continue
        if _is_new(call.world, table, str(one.get("insertId", ""))):
            rows.append(row)
    answer: Json = {"kind": "bigquery#tableDataInsertAllResponse"}
    if errors and not call.body.get("skipInvalidRows"):
        wrong_ones = {one["index"] for one in errors}
        stopped = [_insert_error(at, "stopped", "", "") for at in range(len(given)) if at not in wrong_ones]
        return answer | {"insertErrors": sorted([*errors, *stopped], key=lambda one: int(one["index"]))}
    add(call.world, table, fields, rows)
    return answer | ({"insertErrors": errors} if errors else {})


def _insert_error(index: int, reason: str, location: str, message: str) -> Json:
    told = {"reason": reason, "location": location, "debugInfo": "", "message": message}
    return {"index": index, "errors": [told]}


def _is_new(world: World, table: Table, number: str) -> bool:
    """Whether a row with this id did not come before; one without an id is always new."""
    if number and (table.key, number) in world.warehouse.streamed:
        return False
    world.warehouse.streamed.add((table.key, number))
    return True


def add(world: World, table: Table, fields: list[Json], rows: list[Json]) -> None:
    """Write rows that fit, and count anew."""
    if rows:
        world.warehouse.add(table, fields, rows)
    resource, size = world.store.get(table.key), world.warehouse.size(table)
    if resource is not None and size is not None:
        resource.content |= {
            "numRows": str(size),
            "numBytes": str(100 * size),
            "lastModifiedTime": str(int(world.clock.now() * 1000)),
        }


def list_rows(call: Call) -> Json:
    """A page of a table's rows, in the order of its columns."""
    resource = call.store.get(call.key.rsplit("/", 1)[0])
    if resource is None:
        raise missing(call.name)
    table = _named(resource)
    names = ", ".join(f"`{one['name']}`" for one in fields_of(resource))
    whole = f"{table.project}.{table.dataset}.{table.name}"
    found = call.world.warehouse.ask(Question(table.project, f"SELECT {names} FROM `{whole}`"))  # noqa: S608 - names of a schema
    return {"kind": "bigquery#tableDataList", **page_of(call, found)}


def load(world: World, project: str, told: Json) -> Json:
    """What a load job does: objects of JSON lines into a table. Raises Refused; returns the job's statistics."""
    table = table_of(told["destinationTable"], project)
    if told.get("sourceFormat") != "NEWLINE_DELIMITED_JSON":
        raise Refused(501, "The simulator loads NEWLINE_DELIMITED_JSON alone.")
    fields = prepare(world, table, told, told.get("schema", {}).get("fields"))
    sources = [one for address in told.get("sourceUris", []) for one in _objects(world, str(address))]
    rows = [
        row for one in sources for row in _rows(world, one, fields, bool(told.get("ignoreUnknownValues")))
    ]
    if told.get("writeDisposition") == "WRITE_TRUNCATE":
        world.warehouse.empty(table)
    add(world, table, fields, rows)
    size = sum(int(one.content["size"]) for one in sources)
    return {
        "inputFiles": str(len(sources)),
        "inputFileBytes": str(size),
        "outputRows": str(len(rows)),
        "badRecords": "0",
    }


def save(world: World, table: Table, told: Json, found: Found) -> None:
    """What a query found, into the table its job names."""
    fields = prepare(world, table, told, found.fields)
    if told.get("writeDisposition") == "WRITE_TRUNCATE":
        world.warehouse.empty(table)
    named, rows = [str(one["name"]) for one in found.fields], []
    for row in found.rows:
        cells = [_plain(cell, one) for cell, one in zip(row, found.fields, strict=True)]
        rows.append(row_of(fields, dict(zip(named, cells, strict=True))))
    add(world, table, fields, rows)


def prepare(world: World, table: Table, told: Json, fields: list[Json] | None) -> list[Json]:
    """A table to write into: made if there is none and the job may make it. Raises Refused; returns its columns."""
    resource = world.store.get(table.key)
    if resource is not None:
        rows = int(resource.content.get("numRows", "0"))
        if told.get("writeDisposition") == "WRITE_EMPTY" and rows:
            raise Refused(
                409, f"Already Exists: Table {table.project}:{table.dataset}.{table.name}", reason="duplicate"
            )
        return fields_of(resource)
    if told.get("createDisposition") == "CREATE_NEVER" or not fields:
        raise Refused(404, f"Not found: Table {table.project}:{table.dataset}.{table.name}")
    if world.store.get(table.key.rsplit("/", 2)[0]) is None:
        raise Refused(404, f"Not found: Dataset {table.project}:{table.dataset}")
    reference = {"projectId": table.project, "datasetId": table.dataset, "tableId": table.name}
    now = str(int(world.clock.now() * 1000))
    world.store.put(
        table.key,
        {
            "kind": "bigquery#table",
            "id": f"{table.project}:{table.dataset}.{table.name}",
            "tableReference": reference,
            "schema": {"fields": fields},
            "type": "TABLE",
            "creationTime": now,
            "lastModifiedTime": now,
            "numRows": "0",
            "numBytes": "0",
        },
    )
    world.warehouse.make(table, fields)
    return fields


def _named(resource: Resource) -> Table:
    parts = resource.key.split("/")
    return Table(parts[2], parts[4], parts[6])


def _objects(world: World, address: str) -> list[Resource]:
    """The objects that `gs://bucket/name` means, with a star for any text."""
    parts = urlsplit(address)
    look(world, parts.netloc)
    found = [
        one
        for one in world.store.under(f"{bucket_key(parts.netloc)}/o")
        if fnmatchcase(
            str(one.content["name"]), parts.path.removeprefix("/").replace("[", "[[]").replace("?", "[?]")
        )
    ]
    if parts.scheme != "gs" or not found:
        raise Refused(404, f"Not found: URI {address}")
    return found


def _rows(world: World, one: Resource, fields: list[Json], lax: bool) -> Iterator[Json]:
    raw = world.files.read(one)
    address = f"gs://{one.content['bucket']}/{one.content['name']}"
    try:
        lines = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode().splitlines()
        for line in lines:
            if line.strip():
                yield row_of(fields, json.loads(line), lax=lax)
    except Misfit as wrong:
        raise Refused(400, f"Error while reading data, error message: {wrong.what} File: {address}") from None
    except (ValueError, AttributeError, OSError, zlib.error, EOFError):
        raise Refused(
            400, f"Error while reading data, error message: JSON parsing error. File: {address}"
        ) from None


def _plain(cell: object, column: Json) -> object:
    """A cell of an answer as a row's JSON has it."""
    if isinstance(cell, list):
        single = {**column, "mode": "NULLABLE"}
        return [_plain(one["v"], single) for one in cell]
    if isinstance(cell, dict):
        return {
            str(inner["name"]): _plain(one["v"], inner)
            for one, inner in zip(cell["f"], column["fields"], strict=True)
        }
    return cell
