"""A BigQuery to ask: one table, and what is said to it over HTTP."""

from typing import Any

from tests.gcpsim.conftest import Google

BASE = "/bigquery/bigquery/v2/projects/p-1"
QUERIES = f"{BASE}/queries"
FIELDS = [
    {"name": "name", "type": "STRING", "mode": "REQUIRED"},
    {"name": "n", "type": "INT64"},
    {"name": "cost", "type": "FLOAT64"},
    {"name": "exact", "type": "NUMERIC"},
    {"name": "day", "type": "DATE"},
    {"name": "at", "type": "TIMESTAMP"},
    {"name": "raw", "type": "BYTES"},
    {
        "name": "labels",
        "type": "RECORD",
        "mode": "REPEATED",
        "fields": [{"name": "key", "type": "STRING"}, {"name": "value", "type": "STRING"}],
    },
]
LABELS = [{"key": "tenant", "value": "ten_a"}, {"key": "env", "value": "prod"}]


def made_in(google: Google, name: str, fields: list[dict[str, Any]]) -> None:
    google.say("POST", f"{BASE}/datasets", {"datasetReference": {"projectId": "p-1", "datasetId": "ds"}})
    reference = {"projectId": "p-1", "datasetId": "ds", "tableId": name}
    google.made(f"{BASE}/datasets/ds/tables", {"tableReference": reference, "schema": {"fields": fields}})


def stream(google: Google, *rows: dict[str, Any], **more: Any) -> dict[str, Any]:
    told = [{"json": row} for row in rows]
    return dict(google.made(f"{BASE}/datasets/ds/tables/t/insertAll", {"rows": told, **more}))


def ask(google: Google, sql: str, *parameters: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"query": sql, "useLegacySql": False, "queryParameters": list(parameters), **more}
    return dict(google.made(QUERIES, body))


def cells(answer: dict[str, Any]) -> list[list[Any]]:
    return [[one["v"] for one in row["f"]] for row in answer.get("rows", [])]


def parameter(name: str, kind: str, value: str) -> dict[str, Any]:
    return {"name": name, "parameterType": {"type": kind}, "parameterValue": {"value": value}}
