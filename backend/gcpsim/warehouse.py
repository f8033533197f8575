"""Where BigQuery's rows are and who answers its queries. Here nobody: `machines/warehouse.py` has DuckDB behind it."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from gcpsim.errors import Refused
from gcpsim.wire import Json


@dataclass(frozen=True)
class Table:
    """A table's full name."""

    project: str
    dataset: str
    name: str

    @property
    def key(self) -> str:
        """Where it is kept in the store."""
        return f"bigquery/projects/{self.project}/datasets/{self.dataset}/tables/{self.name}"


@dataclass(frozen=True)
class Question:
    """SQL in Google's dialect with its typed parameters; `default` is the project and dataset of tables that name none;

    `legacy`: it is in BigQuery's older dialect.
    """

    project: str
    sql: str
    parameters: tuple[Json, ...] = ()
    default: tuple[str, str] = ("", "")
    legacy: bool = False


@dataclass
class Found:
    """What a query found: columns as a schema has them, cells as Google writes them. `changed`: rows that a statement wrote."""

    fields: list[Json] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    read: int = 0
    changed: int | None = None


class Warehouse:
    """Tables and their rows; this one keeps none and refuses to be asked, rather than to answer with nothing.

    `found` are the answers of jobs, by the job's key; `streamed` the ids of rows that came by streaming. Both end with the server. `keeps`: whether rows are kept at all.
    """

    keeps = False

    def __init__(self) -> None:
        self.found: dict[str, Found] = {}
        self.streamed: set[tuple[str, str]] = set()

    def make(self, table: Table, fields: list[Json]) -> None:
        """An empty table, or columns that one lacks."""

    def make_view(self, table: Table, question: Question) -> None:
        """A query under a table's name."""

    def drop(self, table: Table) -> None:
        """Gone with its rows; gone already is fine."""

    def empty(self, table: Table) -> None:
        """All rows go."""

    def add(self, table: Table, fields: list[Json], rows: Iterable[Json]) -> None:
        """Rows that fit the columns."""

    def size(self, table: Table) -> int | None:
        """How many rows it has; None where that is not known."""
        return None

    def ask(self, question: Question, *, dry: bool = False) -> Found:
        """The answer to a query, or its columns alone. Raises Refused as Google would."""
        raise Refused(501, "The simulator has nothing to query.")
