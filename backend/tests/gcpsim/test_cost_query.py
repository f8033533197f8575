"""The query of costs over HTTP, as Google would answer it: the same to the last digit as plain Python."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import sqlglot
from hypothesis import HealthCheck, given, settings
from sqlglot import exp

from aipress import billing
from gcpsim.machines.warehouse import Duck
from tests.billing.aggregator import aggregate
from tests.billing.exports import FIRST, Number, exports
from tests.gcpsim.conftest import Google
from tests.gcpsim.lake import BASE, ask, cells, made_in, parameter


@pytest.fixture
def lake(google: Google, tmp_path: Path) -> Iterator[Google]:
    google.world.warehouse = duck = Duck(tmp_path)
    yield google
    duck.close()


def schema_of(sql: str) -> list[dict[str, Any]]:
    """A table's columns as BigQuery's REST API has them, from a CREATE TABLE."""
    made = sqlglot.parse_one(sql, read="bigquery")
    return [
        _field(one.name, one.kind)
        for one in made.this.expressions
        if isinstance(one, exp.ColumnDef) and one.kind
    ]


def _field(name: str, kind: exp.DataType) -> dict[str, Any]:
    if kind.this == exp.DataType.Type.ARRAY:
        return {**_field(name, kind.expressions[0]), "mode": "REPEATED"}
    if kind.this == exp.DataType.Type.STRUCT:
        return {
            "name": name,
            "type": "RECORD",
            "fields": [_field(one.name, one.kind) for one in kind.expressions],
        }
    return {"name": name, "type": kind.sql(dialect="bigquery")}


EXPORT = schema_of((Path(billing.__file__).parents[1] / "clouds/billing_export.sql").read_text())
QUERY = (Path(billing.__file__).parent / "query.sql").read_text()


def as_floats(told: Any) -> Any:
    """Amounts as the export has them: 64 bits wide."""
    if isinstance(told, Number):
        return float(told)
    if isinstance(told, dict):
        return {key: float(value) if key == "cost" else as_floats(value) for key, value in told.items()}
    return [as_floats(one) for one in told] if isinstance(told, list) else told


@settings(
    max_examples=12,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(export=exports)
def test_the_query_of_costs_says_what_plain_python_says(lake: Google, export: list[dict[str, Any]]) -> None:
    rows = as_floats(export)
    if lake.say("GET", f"{BASE}/datasets/ds/tables/billing_export").status_code == 404:
        made_in(lake, "billing_export", EXPORT)
    lines = "\n".join(json.dumps(row) for row in rows)
    lake.say("POST", "/storage/storage/v1/b", {"name": "exports"}, project="p-1")
    lake.client.post(
        "/storage/upload/storage/v1/b/exports/o?uploadType=media&name=e.json", content=lines.encode()
    )
    destination = {"projectId": "p-1", "datasetId": "ds", "tableId": "billing_export"}
    told = {"sourceUris": ["gs://exports/e.json"], "sourceFormat": "NEWLINE_DELIMITED_JSON",
            "destinationTable": destination, "writeDisposition": "WRITE_TRUNCATE"}  # fmt: skip
    job = lake.made(f"{BASE}/jobs", {"configuration": {"load": told}})
    assert job["status"] == {"state": "DONE"}
    last, since = date(2026, 9, 30), datetime(2026, 12, 1, tzinfo=UTC)
    answer = ask(
        lake,
        QUERY,
        parameter("first", "DATE", FIRST.isoformat()),
        parameter("last", "DATE", last.isoformat()),
        parameter("exported_since", "TIMESTAMP", since.isoformat()),
        defaultDataset={"datasetId": "ds"},
    )
    found = [
        (date.fromisoformat(one[0]), *one[1:9], *map(Decimal, one[9:12]), int(one[12]), float(one[13]))
        for one in cells(answer)
    ]
    wanted = [(*one[:-1], one[-1].timestamp()) for one in aggregate(rows, FIRST, last, since)]
    assert found == wanted
