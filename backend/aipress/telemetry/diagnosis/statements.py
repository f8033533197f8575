"""Slow statements, each once however often it ran, and what their tables have no index for.

A statement is text of whoever wrote the site's plugins: it is read here, and never given to a database again. What its tables are
like is asked by name, as a value.
"""

import re
from collections.abc import Sequence

from aipress.clouds.inspection import TableState
from aipress.telemetry.diagnosis.code import MOST_FACTS, grouped
from aipress.telemetry.diagnosis.evidence import Fact, Rows, Value, shortened
from aipress.telemetry.diagnosis.looking import Looking, counted, request_ids, rows_of, told

TABLE = re.compile(
    r"\b(?:from|join|update|,)\s*`?(wp_\w+)`?(?:\s+(?:as\s+)?`?(?!(?:where|on|set|inner|left|right|join|order|group|"
    r"limit|use|force|cross|union)\b)(\w+)`?)?",
    re.IGNORECASE,
)
SOUGHT = re.compile(
    r"(?:`?(\w+)`?\.)?`?(\w+)`?\s*(?:=|<=>|<>|!=|<=?|>=?|\blike\b|\bin\b|\bbetween\b|\bis\b)", re.IGNORECASE
)
JOINED = re.compile(r"=\s*(?:`?(\w+)`?\.)`?(\w+)`?", re.IGNORECASE)
STATEMENT, TABLE_SIZE = 20_000, 64  # characters that are read of a statement, and of a name


async def facts_of_statements(looking: Looking) -> list[Fact]:
    """Slow statements, the costliest first, and the tables they read."""
    query = looking.query("slow")
    lines = await looking.newest(query)
    found = []
    for statement, group in grouped(lines, lambda line: told(line, "statement")).items():
        took = [counted(line, "duration_ms") for line in group]
        examined = sum(counted(line, "rows_examined") for line in group)
        values: dict[str, Value] = {
            "statement": shortened(statement),
            "times": len(group),
            "total_ms": round(sum(took)),
            "longest_ms": round(max(took)),
            "mean_ms": round(sum(took) / len(group)),
            "rows_examined": round(examined),
            "rows_each": round(examined / len(group)),
            "rows_sent": round(sum(counted(line, "rows_sent") for line in group)),
        }
        rows = rows_of(query, since=group[0].time)
        fact = Fact("statement", group[0].time, group[-1].time, values, rows, request_ids(group))
        found.append((fact, statement[:STATEMENT]))
    worst = sorted(found, key=lambda one: -one[0].number("total_ms"))[:MOST_FACTS]
    return [fact for fact, _ in worst] + await _facts_of_tables(looking, worst)


def tables_in(statement: str) -> dict[str, str]:
    """The tables a statement names, and which each of its names and aliases means."""
    found: dict[str, str] = {}
    for name, alias in TABLE.findall(statement):
        if len(name) <= TABLE_SIZE:
            found |= {name: name, **({alias: name} if alias else {})}
    return found


def sought_in(statement: str, table: TableState) -> list[str]:
    """The columns of this table by which the statement looks for rows."""
    known = tables_in(statement)
    pairs = [*SOUGHT.findall(statement), *JOINED.findall(statement)]
    return list(
        dict.fromkeys(
            column
            for qualifier, column in pairs
            if column in table.columns and known.get(qualifier or table.name) == table.name
        )
    )


async def _facts_of_tables(looking: Looking, worst: Sequence[tuple[Fact, str]]) -> list[Fact]:
    names = list(dict.fromkeys(name for _, text in worst for name in tables_in(text).values()))
    if not names:
        return []
    states = await looking.inspection.tables(looking.environment, names[:MOST_FACTS])
    found = (_fact_of_table(looking, state, fact, text) for state in states for fact, text in worst)
    return [fact for fact in found if fact]


def _fact_of_table(looking: Looking, state: TableState, slow: Fact, text: str) -> Fact | None:
    """What the statement looks for in the table, where none of it begins an index."""
    sought = sought_in(text, state)
    if not sought or set(sought) & state.indexed:
        return None
    values: dict[str, Value] = {
        "table": state.name,
        "rows": state.rows,
        "columns": ", ".join(sought),
        "statement": slow.text("statement"),
    }
    return Fact(
        "table", slow.at, slow.until, values, Rows("inspection", {"table": state.name}), slow.requests
    )
