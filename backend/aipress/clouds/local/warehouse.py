"""Asks files of billing rows what one would ask BigQuery: the same SQL, transpiled, on DuckDB. Money never becomes a float.

DuckDB's NUMERIC would keep three decimals and its cast of a float is off in the last digits, so every amount is read from the
file's text into DECIMAL(38,9), which is what BigQuery's NUMERIC is.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from functools import cache
from pathlib import Path

import duckdb
import sqlglot
from sqlglot import exp

SCHEMA = Path(__file__).parents[1] / "billing_export.sql"
TABLE = "billing_export"
NUMERIC = "DECIMAL(38, 9)"
AMOUNTS = {exp.DataType.Type.DECIMAL, exp.DataType.Type.BIGDECIMAL, exp.DataType.Type.DOUBLE}
QUIET: dict[str, str | bool | int | float | list[str]] = {
    "threads": 1,
    "memory_limit": "512MB",
    "autoinstall_known_extensions": False,
}

Value = date | datetime


def ask(sql: str, files: Sequence[Path], told: Mapping[str, Value]) -> list[tuple[object, ...]]:
    """The rows that `sql`, in BigQuery's dialect, finds in these files of one JSON document a line, packed or not."""
    with duckdb.connect(config=QUIET) as connection:
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(_source(files))
        return connection.execute(transpiled(sql), dict(told)).fetchall()


@cache
def transpiled(sql: str) -> str:
    """BigQuery's SQL as DuckDB's, its NUMERIC as exact as it is there."""
    return _exact(sqlglot.parse_one(sql, read="bigquery")).sql(dialect="duckdb")


@cache
def columns() -> dict[str, str]:
    """The export's columns and their types here, amounts of money exact."""
    made = _exact(sqlglot.parse_one(SCHEMA.read_text(), read="bigquery"))
    return {
        one.name: one.kind.sql(dialect="duckdb")
        for one in made.find_all(exp.ColumnDef)
        if one.kind and isinstance(one.parent, exp.Schema)
    }


def _source(files: Sequence[Path]) -> str:
    if not files:
        listed = ", ".join(f'"{name}" {kind}' for name, kind in columns().items())
        return f"CREATE TABLE {TABLE} ({listed})"
    paths = ", ".join(_quoted(str(path)) for path in files)
    typed = ", ".join(f"{_quoted(name)}: {_quoted(kind)}" for name, kind in columns().items())
    read = f"read_json([{paths}], format = 'newline_delimited', columns = {{{typed}}})"
    return f"CREATE VIEW {TABLE} AS SELECT * FROM {read}"  # noqa: S608 - our own paths and columns


def _exact(tree: exp.Expr) -> exp.Expr:
    for kind in list(tree.find_all(exp.DataType)):
        if kind.this in AMOUNTS:
            kind.replace(exp.DataType.build(NUMERIC, dialect="duckdb"))
    return tree


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
