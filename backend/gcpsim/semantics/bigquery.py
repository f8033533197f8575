"""BigQuery: datasets and what is in them; rows are the world's warehouse's."""

import re

from gcpsim.crud import present
from gcpsim.errors import Refused, invalid
from gcpsim.rules import Rules
from gcpsim.semantics import bigquery_jobs, bigquery_rows
from gcpsim.semantics.bigquery_rows import table_of
from gcpsim.store import Resource
from gcpsim.warehouse import Question, Table
from gcpsim.wire import Json
from gcpsim.world import Call

RULES = Rules(merges=True)
bigquery_jobs.enter(RULES)
bigquery_rows.enter(RULES)
DATASET = re.compile(r"[\w-]{1,1024}", re.ASCII)  # Google documents no hyphen, and takes it all the same
KINDS = {"datasets": "dataset", "tables": "table", "routines": "routine", "models": "model"}


@RULES.check("bigquery.datasets.insert")
def check_dataset(call: Call) -> None:
    """A dataset's id has letters, digits and underscores."""
    given = call.body.get("datasetReference", {}).get("datasetId", "")
    if not DATASET.fullmatch(str(given)):
        raise invalid(
            "datasetReference.datasetId",
            f'Invalid dataset ID "{given}". Dataset IDs must be alphanumeric (plus underscores).',
        )


@RULES.check("bigquery.tables.insert")
def check_table(call: Call) -> None:
    """A view has a query; a column has a name and a type."""
    if "view" in call.body and not call.body["view"].get("query"):
        raise invalid("view.query", "A view has a query.")
    for column in call.body.get("schema", {}).get("fields", []):
        if not column.get("name") or not column.get("type"):
            raise invalid("schema.fields", "A column has a name and a type.")


@RULES.check("bigquery.datasets.delete")
def check_empty(call: Call) -> None:
    """A dataset with something in it goes only when the caller says so."""
    present(call)
    inside = [one for one in call.store.below(call.key) if one.key.split("/")[-2] in KINDS]
    if inside and call.query.get("deleteContents") != "true":
        raise Refused(
            400,
            f"Dataset {call.segment('projects')}:{call.key.rsplit('/', 1)[-1]} is still in use",
            reason="resourceInUse",
        )
    for one in inside:
        if "/tables/" in one.key:
            parts = one.key.split("/")
            call.world.warehouse.drop(Table(parts[2], parts[4], parts[6]))


@RULES.made("bigquery.datasets.insert", "bigquery.tables.insert", "bigquery.routines.insert")
def complete(call: Call, resource: Resource) -> None:
    """References in full, times in milliseconds, who may read."""
    content, parts = resource.content, resource.key.split("/")
    kind = KINDS[parts[-2]]
    reference = content.setdefault(f"{kind}Reference", {})
    reference |= {"projectId": parts[2], "datasetId": parts[4], f"{kind}Id": resource.id}
    if kind == "routine":
        return
    now = str(int(call.world.clock.now() * 1000))
    content |= {
        "id": f"{parts[2]}:{parts[4]}" + (f".{resource.id}" if kind == "table" else ""),
        "creationTime": now,
        "lastModifiedTime": now,
    }
    if kind == "dataset":
        content.setdefault("location", "US")
        content.setdefault(
            "access",
            [
                {"role": "OWNER", "specialGroup": "projectOwners"},
                {"role": "READER", "specialGroup": "projectReaders"},
            ],
        )
        content["type"] = "DEFAULT"
    else:
        content["type"] = (
            "VIEW" if "view" in content else "EXTERNAL" if "externalDataConfiguration" in content else "TABLE"
        )
        content |= {"numRows": "0", "numBytes": "0"}
        _stand(call, content)


def _stand(call: Call, content: Json) -> None:
    """Let the warehouse have the table."""
    table = table_of(content["tableReference"])
    if content["type"] == "VIEW":
        view = content["view"]
        if view.get("useLegacySql") is False:
            call.world.warehouse.make_view(table, Question(table.project, str(view["query"])))
    elif content["type"] == "TABLE":
        call.world.warehouse.make(table, content.get("schema", {}).get("fields", []))


@RULES.check("bigquery.tables.delete")
def drop(call: Call) -> None:
    """Its rows go with it."""
    present(call)
    parts = call.key.split("/")
    call.world.warehouse.drop(Table(parts[2], parts[4], parts[6]))


@RULES.made(
    "bigquery.datasets.patch", "bigquery.datasets.update", "bigquery.tables.patch", "bigquery.tables.update"
)
def touch(call: Call, resource: Resource) -> None:
    """When it changed."""
    resource.content["lastModifiedTime"] = str(int(call.world.clock.now() * 1000))
    if "tableReference" in resource.content and resource.content.get("type") in ("TABLE", "VIEW"):
        _stand(call, resource.content)
