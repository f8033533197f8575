"""How BigQuery is asked and read: a query of ours with typed parameters, never more bytes than a guard allows, amounts without a float.

https://cloud.google.com/bigquery/docs/reference/rest/v2/jobs/query
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from aipress.clouds.gcp.resources import Json, Resource, Unbuildable, at

NAME = re.compile(r"([a-z][a-z0-9.:-]{4,61}[a-z0-9])\.(\w{1,1024})\.([\w-]{1,1024})", re.ASCII)
STANDS_FOR = re.compile(r"\bFROM billing_export\b")
ROWS = 10_000  # of a page
WAIT = 20_000  # milliseconds until Google answers, done or not
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
Value = date | datetime
Cell = str | int | Decimal | date | datetime | None


@dataclass(frozen=True)
class Table:
    """A table's full name, which stands in a query between backticks."""

    project: str
    dataset: str
    name: str

    @classmethod
    def named(cls, told: str) -> "Table":
        """Raises Unbuildable for what is none: nothing else comes into the text of a query."""
        found = NAME.fullmatch(told)
        if found is None:
            raise Unbuildable(
                f"“{told}” is no table of BigQuery's; the platform's file says billing_table = \"project.dataset.table\"."
            )
        return cls(*found.groups())

    def asked(self, query: str) -> str:
        """The query, of this table in the place of `billing_export`."""
        return STANDS_FOR.sub(f"FROM `{self.project}.{self.dataset}.{self.name}`", query)


def question(table: Table, query: str, told: Mapping[str, Value], most: int, id: str) -> Resource:
    """A query; by its id it is run once, however often it is sent. One that would read more than `most` bytes fails."""
    body: Json = {
        "query": table.asked(query),
        "useLegacySql": False,
        "parameterMode": "NAMED",
        "queryParameters": [_parameter(name, value) for name, value in told.items()],
        "maxResults": ROWS,
        "timeoutMs": WAIT,
        "maximumBytesBilled": str(most),
        "formatOptions": {"useInt64Timestamp": True},
        "requestId": id,
    }
    return Resource("costs", table.name, "bigquery", f"/bigquery/v2/projects/{table.project}/queries", body)


def dry(asked: Resource) -> Resource:
    """The same question, only to hear how much it would read; that costs nothing."""
    body = {name: value for name, value in asked.body.items() if name != "requestId"}
    return Resource(asked.kind, asked.name, asked.api, asked.path, {**body, "dryRun": True})


def next_page(answer: Json, project: str) -> Resource | None:
    """What to ask for the rest, or again until there is an answer; None where all is told."""
    token, job = answer.get("pageToken"), at(answer, "jobReference.jobId")
    if answer.get("jobComplete") is not False and not token:
        return None
    query = {
        "location": str(at(answer, "jobReference.location") or ""),
        "maxResults": str(ROWS),
        "timeoutMs": str(WAIT),
        "formatOptions.useInt64Timestamp": "true",
        **({"pageToken": str(token)} if token else {}),
    }
    path = f"/bigquery/v2/projects/{project}/queries/{job}"
    return Resource("costs", str(job), "bigquery", path, {}, query, "GET")


def columns(answer: Json) -> list[tuple[str, str]]:
    """Each column's name and type."""
    fields = at(answer, "schema.fields")
    listed = [one for one in fields if isinstance(one, dict)] if isinstance(fields, list) else []
    return [(str(one.get("name")), str(one.get("type"))) for one in listed]


def rows(answer: Json) -> Iterator[list[Cell]]:
    """A page's rows. Raises Unbuildable for a type nobody expects here."""
    kinds, listed = [kind for _, kind in columns(answer)], answer.get("rows")
    for row in listed if isinstance(listed, list) else []:
        yield [_read(kind, one.get("v")) for kind, one in zip(kinds, row["f"], strict=True)]


def _read(kind: str, told: object) -> Cell:
    if kind not in READERS:
        raise Unbuildable(f"BigQuery told a {kind}, which is none of the types costs have.")
    return None if told is None else READERS[kind](str(told))


def _parameter(name: str, value: Value) -> Json:
    """A moment is a date too, to Python."""
    kind, told = (
        ("TIMESTAMP", value.isoformat(" ")) if isinstance(value, datetime) else ("DATE", value.isoformat())
    )
    return {"name": name, "parameterType": {"type": kind}, "parameterValue": {"value": told}}


READERS: Mapping[str, Callable[[str], Cell]] = {
    "STRING": str,
    "INTEGER": int,
    "NUMERIC": Decimal,
    "DATE": date.fromisoformat,
    "TIMESTAMP": lambda told: EPOCH + timedelta(microseconds=int(told)),
}
