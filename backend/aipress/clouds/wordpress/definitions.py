"""What is defined in a site's database besides rows: tables, views, routines and triggers, as SQL that MariaDB and MySQL understand.

Read as the environment's own user, whose definitions they are. Triggers alone are read by the administrator, from the server's own
tables: MySQL and MariaDB show them to none but who may change them, which a frozen site may not.
"""

import json
import re
from dataclasses import dataclass, field

import pymysql
from pymysql.cursors import Cursor

from aipress.clouds.wordpress.naming import quoted
from aipress.errors import CloudRefused

ENGINES = {"InnoDB", "Aria", "MyISAM"}
FOREIGN = re.compile(
    r" (?:PAGE_CHECKSUM|TRANSACTIONAL|ROW_FORMAT|PACK_KEYS|DELAY_KEY_WRITE|CHECKSUM|M(?:AX|IN)_ROWS|AVG_ROW_LENGTH)=\w+"
)
# MySQL has defaults of such columns in brackets alone; MariaDB takes both, but no quote in one that names its character set.
LITERAL = r"(?:_utf8mb[34])?('(?:[^'\\]|''|\\.)*')"
DEFAULT = re.compile(
    rf"^(  `(?:[^`]|``)+` (?:tiny|medium|long)?(?:text|blob)\b[^'\n]* DEFAULT )(?:{LITERAL}|\({LITERAL}\))",
    re.MULTILINE,
)
DEFINER = re.compile(r"\ACREATE ((?:ALGORITHM=\w+ )?)DEFINER=(?:`(?:[^`]|``)*`@`(?:[^`]|``)*`|[^\s`]+) ")
# The words for how a routine reads its SQL that both servers know.
MODES = frozenset(
    "ANSI_QUOTES PIPES_AS_CONCAT NO_BACKSLASH_ESCAPES IGNORE_SPACE HIGH_NOT_PRECEDENCE NO_UNSIGNED_SUBTRACTION REAL_AS_FLOAT"
    " ONLY_FULL_GROUP_BY STRICT_TRANS_TABLES STRICT_ALL_TABLES NO_ZERO_IN_DATE NO_ZERO_DATE ERROR_FOR_DIVISION_BY_ZERO"
    " NO_ENGINE_SUBSTITUTION NO_AUTO_VALUE_ON_ZERO ALLOW_INVALID_DATES PAD_CHAR_TO_FULL_LENGTH".split()
)  # fmt: skip
TABLES = (
    "SELECT table_name, table_type, engine, table_collation FROM information_schema.tables"
    " WHERE table_schema = %s ORDER BY table_name"
)
COLUMNS = (
    "SELECT table_name, column_name, collation_name, extra LIKE '%% GENERATED%%' FROM information_schema.columns"
    " WHERE table_schema = %s ORDER BY table_name, ordinal_position"
)
ROUTINES = (
    "SELECT routine_name, routine_type FROM information_schema.routines WHERE routine_schema = %s ORDER BY 1"
)
TRIGGERS = (
    "SELECT trigger_name, action_timing, event_manipulation, event_object_table, action_statement, sql_mode"
    " FROM information_schema.triggers WHERE trigger_schema = %s ORDER BY event_object_table, action_order, trigger_name"
)


@dataclass(frozen=True)
class Definition:
    """One statement that makes a view, routine or trigger, and the SQL mode it is to be read in."""

    sql: str
    mode: str = ""


@dataclass
class Definitions:
    """All of one database. `columns`: of each table or view; `kept`: of tables that also have columns made of others, those that
    aren't. `collations`: of each that is used, a table that does. `stand_ins`: views of the same columns, for what is made before
    them. `left`: what can't be made anywhere, and why."""

    tables: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    kept: dict[str, list[str]] = field(default_factory=dict)
    collations: dict[str, str] = field(default_factory=dict)
    stand_ins: list[str] = field(default_factory=list)
    routines: list[Definition] = field(default_factory=list)
    views: list[Definition] = field(default_factory=list)
    left: list[str] = field(default_factory=list)


def read_definitions(sql: Cursor, database: str) -> Definitions:
    """All but triggers. Raises CloudRefused where rows are kept in a way that can't be carried."""
    sql.execute("SET SESSION time_zone = '+00:00', sql_mode = ''")
    sql.execute(f"USE {quoted(database)}")
    found = Definitions()
    sql.execute(TABLES, (database,))
    listed = [tuple(None if part is None else str(part) for part in row) for row in sql.fetchall()]
    for name, kind, engine, _ in listed:
        _check_kind(str(name), str(kind), engine)
    _read_columns(sql, database, listed, found)
    _read_routines(sql, database, found)
    return found


def read_triggers(sql: Cursor, database: str) -> list[Definition]:
    """In the order in which they are to be made. Said by the administrator: no name of a tenant's is in the question."""
    sql.execute(TRIGGERS, (database,))
    return [
        Definition(
            f"CREATE TRIGGER {quoted(name)} {timing} {event} ON {quoted(table)} FOR EACH ROW {body}",
            _known(mode),
        )
        for name, timing, event, table, body, mode in (map(str, row) for row in sql.fetchall())
    ]


def _check_kind(name: str, kind: str, engine: str | None) -> None:
    shown = json.dumps(name)[:80]
    if kind not in ("BASE TABLE", "VIEW"):
        raise CloudRefused(f"Table {shown} is of kind {kind}, which can't be carried. Nothing was changed.")
    if kind == "BASE TABLE" and engine not in ENGINES:
        raise CloudRefused(
            f"Table {shown} is kept by the engine {engine}, which can't be carried. Nothing was changed."
        )


def _read_columns(
    sql: Cursor, database: str, listed: "list[tuple[str | None, ...]]", found: Definitions
) -> None:
    sql.execute(COLUMNS, (database,))
    bases = {str(name) for name, kind, *_ in listed if kind == "BASE TABLE"}
    kept: dict[str, list[str]] = {}
    for table, column, collation, is_made in sql.fetchall():
        found.columns.setdefault(str(table), []).append(str(column))
        if not is_made:
            kept.setdefault(str(table), []).append(str(column))
        if collation and str(table) in bases:
            found.collations.setdefault(str(collation), str(table))
    found.kept = {name: kept[name] for name in bases if kept.get(name) != found.columns.get(name)}
    for name, kind, _, collation in listed:
        if kind == "VIEW":
            _read_view(sql, (database, str(name)), found)
        else:
            found.tables[str(name)] = _made_table(sql, str(name))
            found.collations.setdefault(str(collation), str(name))


def _made_table(sql: Cursor, name: str) -> str:
    """Kept by InnoDB, the one engine that all servers have and that can be read at one moment."""
    sql.execute(f"SHOW CREATE TABLE {quoted(name)}")
    made = DEFAULT.sub(r"\1(\2\3)", str((sql.fetchone() or ("", ""))[1]))
    before, end, options = made.rpartition("\n) ENGINE=")
    engine, _, rest = options.partition(" ")
    if not end or engine == "InnoDB":
        return made
    plain, comment, told = rest.partition(" COMMENT='")
    return f"{before}{end}InnoDB{FOREIGN.sub('', f' {plain}')}{comment}{told}"


def _read_view(sql: Cursor, place: tuple[str, str], found: Definitions) -> None:
    """A view that doesn't work here would not there. Names are told without their database where all that it reads is in there."""
    database, name = place
    try:
        sql.execute(f"SELECT * FROM {quoted(name)} LIMIT 0")  # noqa: S608 - quoted, and said as its owner
        sql.execute(f"SHOW CREATE VIEW {quoted(name)}")
        made = DEFINER.sub(r"CREATE \1", str((sql.fetchone() or ("", ""))[1]))
    except pymysql.err.DatabaseError as error:
        found.left.append(f"view {name}: error {error.args[0]}")
        return
    if f"{quoted(database)}." in made:
        found.left.append(f"view {name}: it reaches beyond its database")
        return
    stood = ", ".join(f"1 AS {quoted(column)}" for column in found.columns.get(name, []))
    found.stand_ins.append(f"CREATE VIEW {quoted(name)} AS SELECT {stood}")
    found.views.append(Definition(made.replace("CREATE ", "CREATE OR REPLACE ", 1)))


def _read_routines(sql: Cursor, database: str, found: Definitions) -> None:
    sql.execute(ROUTINES, (database,))
    for name, kind in [(str(row[0]), str(row[1])) for row in sql.fetchall()]:
        row = None
        if kind in ("PROCEDURE", "FUNCTION"):
            sql.execute(f"SHOW CREATE {kind} {quoted(name)}")
            row = sql.fetchone()
        if not row or row[2] is None:
            found.left.append(f"{kind.lower()} {name}: it is somebody else's")
            continue
        found.routines.append(Definition(DEFINER.sub("CREATE ", str(row[2])), _known(str(row[1]))))


def _known(mode: str) -> str:
    return ",".join(word for word in mode.split(",") if word in MODES)
