"""BigQuery on DuckDB: the same SQL, transpiled, over tables in one file. NUMERIC is DECIMAL(38,9), and no amount becomes a float on its way.

DuckDB may reach no file but its own: what it is to load is laid down in one folder, which it may read, and taken away again.
"""

import json
from collections.abc import Iterable
from itertools import count
from pathlib import Path
from typing import Any

import duckdb

from gcpsim.errors import Refused
from gcpsim.machines import dialect
from gcpsim.machines.cells import cell, column_of, parameters_of
from gcpsim.semantics.bigquery_values import type_of
from gcpsim.warehouse import Found, Question, Table, Warehouse
from gcpsim.wire import Json

TYPES = {
    "STRING": "VARCHAR", "BYTES": "BLOB", "INTEGER": "BIGINT", "FLOAT": "DOUBLE", "NUMERIC": "DECIMAL(38, 9)", "BIGNUMERIC": "DECIMAL(38, 9)",
    "BOOLEAN": "BOOLEAN", "TIMESTAMP": "TIMESTAMPTZ", "DATETIME": "TIMESTAMP", "DATE": "DATE", "TIME": "TIME", "JSON": "JSON", "GEOGRAPHY": "VARCHAR",
}  # fmt: skip


class Duck(Warehouse):
    """All datasets of all projects in one database."""

    keeps = True

    def __init__(self, root: Path) -> None:
        super().__init__()
        self._loading = root / "loading"
        self._loading.mkdir(parents=True, exist_ok=True, mode=0o700)
        for left in self._loading.iterdir():
            left.unlink()
        self._numbers = count()
        file = root / "warehouse.duckdb"
        self._base = duckdb.connect(
            str(file),
            config={
                "threads": 1,
                "memory_limit": "512MB",
                "autoinstall_known_extensions": False,
                "autoload_known_extensions": False,
            },
        )
        for said in (
            "TimeZone = 'UTC'",
            f"allowed_directories = [{_text(str(self._loading))}]",
            "enable_external_access = false",
            "lock_configuration = true",
        ):
            self._base.execute(f"SET {said}")
        file.chmod(0o600)

    def close(self) -> None:
        """Write down what there is, and let go of the file."""
        self._base.close()

    def make(self, table: Table, fields: list[Json]) -> None:
        """With the columns its schema has; one that is there gets those it lacks."""
        self._base.execute(f"CREATE SCHEMA IF NOT EXISTS {_schema(table)}")
        listed = (
            ", ".join(f"{dialect.quoted(str(one['name']))} {_type(one)}" for one in fields)
            or '"_none" BIGINT'
        )
        self._base.execute(f"CREATE TABLE IF NOT EXISTS {_full(table)} ({listed})")
        for one in fields:
            name = dialect.quoted(str(one["name"]))
            self._base.execute(f"ALTER TABLE {_full(table)} ADD COLUMN IF NOT EXISTS {name} {_type(one)}")

    def make_view(self, table: Table, question: Question) -> None:
        """As the query is now."""
        self._base.execute(f"CREATE SCHEMA IF NOT EXISTS {_schema(table)}")
        sql = dialect.read(question).sql
        try:
            self._base.execute(f"CREATE OR REPLACE VIEW {_full(table)} AS {sql}")
        except duckdb.Error as wrong:
            raise dialect.refusal(wrong) from None

    def drop(self, table: Table) -> None:
        """Table or view."""
        if kind := self._kind(table):
            self._base.execute(f"DROP {'VIEW' if kind == 'VIEW' else 'TABLE'} {_full(table)}")

    def empty(self, table: Table) -> None:
        """The columns stay."""
        self._base.execute(f"DELETE FROM {_full(table)}")  # noqa: S608 - a quoted name

    def add(self, table: Table, fields: list[Json], rows: Iterable[Json]) -> None:
        """All of them or none."""
        path = self._loading / f"{next(self._numbers)}.json"
        names = [str(one["name"]) for one in fields]
        kinds = ", ".join(f"{_text(str(one['name']))}: {_text(_type(one, loading=True))}" for one in fields)
        taken = ", ".join(_taken(one) for one in fields)
        listed = ", ".join(dialect.quoted(name) for name in names)
        try:
            with path.open("w") as file:
                file.writelines(json.dumps(row) + "\n" for row in rows)
            source = f"read_json({_text(str(path))}, format = 'newline_delimited', columns = {{{kinds}}})"
            self._base.execute(f"INSERT INTO {_full(table)} ({listed}) SELECT {taken} FROM {source}")  # noqa: S608
        finally:
            path.unlink(missing_ok=True)

    def size(self, table: Table) -> int | None:
        """Counted."""
        try:
            return int(self._rows(f"SELECT COUNT(*) FROM {_full(table)}")[0][0])  # noqa: S608 - a quoted name
        except duckdb.Error:
            return None

    def ask(self, question: Question, *, dry: bool = False) -> Found:
        """Transpiled, with its parameters beside it."""
        read = dialect.read(question)
        for table in read.tables:
            if not self._kind(table):
                name = f"{table.project}:{table.dataset}.{table.name}"
                raise Refused(404, f"Not found: Table {name} was not found in location US")
        told = parameters_of(question.parameters)
        if missing := [name for name in read.parameters if isinstance(told, dict) and name not in told]:
            raise Refused(400, f"Query parameter '{missing[0]}' not found", reason="invalidQuery")
        used = {name: told[name] for name in read.parameters} if isinstance(told, dict) else told
        try:
            relation = self._base.sql(read.sql, params=used or None)
            fields = [
                column_of(name, kind) for name, kind in zip(relation.columns, relation.types, strict=True)
            ]
            found = [] if dry else relation.fetchall()
        except duckdb.Error as wrong:
            raise dialect.refusal(wrong) from None
        rows = [[cell(value, column) for value, column in zip(row, fields, strict=True)] for row in found]
        return Found(fields, rows, sum(100 * (self.size(one) or 0) for one in read.tables))

    def _kind(self, table: Table) -> str:
        """BASE TABLE, VIEW, or '' where there is none."""
        sql = "SELECT table_type FROM information_schema.tables WHERE table_schema = ? AND table_name = ?"
        found = self._rows(sql, [f"{table.project}.{table.dataset}", table.name])
        return str(found[0][0]) if found else ""

    def _rows(self, sql: str, told: list[str] | None = None) -> list[tuple[Any, ...]]:
        return self._base.execute(sql, told).fetchall()


def _schema(table: Table) -> str:
    return dialect.quoted(f"{table.project}.{table.dataset}")


def _full(table: Table) -> str:
    return f"{_schema(table)}.{dialect.quoted(table.name)}"


def _type(column: Json, *, loading: bool = False) -> str:
    kind = type_of(column)
    if kind == "RECORD":
        inner = ", ".join(
            f"{dialect.quoted(str(one['name']))} {_type(one, loading=loading)}" for one in column["fields"]
        )
        made = f"STRUCT({inner})"
    elif kind not in TYPES:
        raise Refused(400, f"Invalid value for type: {column.get('type')} is not a valid value")
    else:
        made = "VARCHAR" if loading and kind == "BYTES" else TYPES[kind]
    return f"{made}[]" if str(column.get("mode", "")).upper() == "REPEATED" else made


def _taken(column: Json) -> str:
    name = dialect.quoted(str(column["name"]))
    return f"unhex({name})" if type_of(column) == "BYTES" and column.get("mode") != "REPEATED" else name


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
