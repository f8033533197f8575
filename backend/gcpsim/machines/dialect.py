"""Google's SQL read and written as DuckDB's: names of tables, parameters, exact amounts, fields of what is unnested."""

import re
from dataclasses import dataclass

import duckdb
import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from gcpsim.errors import Refused
from gcpsim.warehouse import Question, Table

EXACT = {exp.DataType.Type.DECIMAL, exp.DataType.Type.BIGDECIMAL}
NUMERIC = exp.DataType.build("DECIMAL(38, 9)", dialect="duckdb")
FLOAT = exp.DataType.build("DOUBLE", dialect="duckdb")
TEXT = exp.DataType.build("VARCHAR", dialect="duckdb")


@dataclass(frozen=True)
class Read:
    """A query in DuckDB's dialect, the tables it reads and the named parameters it has."""

    sql: str
    tables: tuple[Table, ...]
    parameters: tuple[str, ...]


def read(question: Question) -> Read:
    """Read a query. Raises Refused for what is none, or is a statement that would change something."""
    if question.legacy:
        raise _invalid(
            "The simulator does not speak legacy SQL, in which a query is unless useLegacySql is false."
        )
    try:
        parsed = [one for one in sqlglot.parse(question.sql, read="bigquery") if one is not None]
    except SqlglotError as wrong:
        raise _invalid(f"Syntax error: {_plain(str(wrong))}") from None
    if len(parsed) != 1 or not isinstance(parsed[0], exp.Query):
        raise _invalid("The simulator's BigQuery answers one SELECT at a time.")
    tree = parsed[0]
    tables = tuple(_rename(one, question) for one in list(tree.find_all(exp.Table)) if _is_table(one))
    _name_columns(tree)
    _unfold(tree)
    _keep_dates(tree)
    _make_exact(tree)
    names = tuple(dict.fromkeys(one.name for one in tree.find_all(exp.Parameter)))
    try:
        return Read(tree.sql(dialect="duckdb"), tables, names)
    except SqlglotError as wrong:
        raise _invalid(_plain(str(wrong))) from None


def quoted(name: str) -> str:
    """A name as it stands in SQL."""
    return '"' + name.replace('"', '""') + '"'


def refusal(wrong: duckdb.Error) -> Refused:
    """What DuckDB can't do, in Google's words."""
    text = str(wrong)
    if found := re.search(r'Referenced (?:column|table) "([^"]+)" not found', text):
        return _invalid(f"Unrecognized name: {found[1]}")
    return _invalid(_plain(text))


def _is_table(one: exp.Table) -> bool:
    """Whether it names a table, rather than what a WITH above it names."""
    if one.db:
        return True
    above = one.find_ancestor(exp.Query)
    while above is not None:
        if one.name in {each.alias for each in above.ctes}:
            return False
        above = above.find_ancestor(exp.Query)
    return True


def _rename(one: exp.Table, question: Question) -> Table:
    if not isinstance(one.this, exp.Identifier):
        raise _invalid(f"Table-valued function not found: {one.name or one.sql()[:40]}")
    if not one.db and not question.default[1]:
        raise _invalid(f'Table "{one.name}" must be qualified with a dataset (e.g. dataset.table).')
    project, dataset = question.default
    if one.db:
        project, dataset = one.catalog or question.project, one.db
    table = Table(project, dataset, one.name)
    alias = one.args.get("alias") or exp.TableAlias(this=exp.to_identifier(one.name, quoted=True))
    one.set("catalog", None)
    one.set("db", exp.to_identifier(f"{table.project}.{table.dataset}", quoted=True))
    one.set("this", exp.to_identifier(table.name, quoted=True))
    one.set("alias", alias)
    return table


def _unfold(tree: exp.Expr) -> None:
    """`FROM UNNEST(labels)` without an alias gives its fields bare names; in DuckDB it takes a query of its own."""
    for one in list(tree.find_all(exp.Unnest)):
        bare = not one.args.get("alias") and isinstance(one.parent, exp.From | exp.Join)
        if bare and not isinstance(one.expressions[0], exp.Parameter):
            inside = one.expressions[0].sql(dialect="duckdb")
            query = sqlglot.parse_one(f"SELECT UNNEST({inside}, max_depth := 2)", read="duckdb")
            one.replace(exp.Subquery(this=query))


def _name_columns(tree: exp.Query) -> None:
    """What has no name is `f0_`, `f1_`, …"""
    first = tree
    while isinstance(first, exp.SetOperation):
        first = first.left
    nameless = [
        one
        for one in first.selects
        if not one.alias and not one.is_star and not isinstance(one, exp.Column | exp.Dot)
    ]
    for number, one in enumerate(nameless):
        one.replace(exp.alias_(one.copy(), f"f{number}_"))


def _keep_dates(tree: exp.Expr) -> None:
    """A date that is cut stays a date."""
    for one in list(tree.find_all(exp.DateTrunc)):
        one.replace(exp.Cast(this=one.copy(), to=exp.DataType.build("DATE")))


def _make_exact(tree: exp.Expr) -> None:
    """NUMERIC keeps nine decimals, and a float becomes one by the digits it is written with, as it does at Google's."""
    for cast in list(tree.find_all(exp.Cast)):
        if cast.to.this in EXACT and not isinstance(cast.this, exp.Literal):
            cast.set("this", exp.Cast(this=cast.this.copy(), to=TEXT.copy()))
    for number in list(tree.find_all(exp.Literal)):
        if number.is_number and not number.is_int and not isinstance(number.parent, exp.Cast):
            number.replace(exp.Cast(this=number.copy(), to=FLOAT.copy()))
    for kind in list(tree.find_all(exp.DataType)):
        if kind.this in EXACT:
            kind.replace(NUMERIC.copy())


def _invalid(text: str) -> Refused:
    return Refused(400, text, reason="invalidQuery")


def _plain(text: str) -> str:
    """The first line, without the colours of a terminal."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text).split("\n")[0][:300]
