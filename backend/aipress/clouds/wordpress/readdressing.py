"""A site's old address exchanged for its new one, in every text of its tables: row by row, in parts, safe to say again.

The `guid` of a post is its name, which feed readers remember, and stays; that of an attachment WordPress takes for an address.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pymysql
from pymysql.cursors import Cursor

from aipress.clouds.wordpress.addresses import Readdressed
from aipress.clouds.wordpress.naming import quoted
from aipress.kit import logs

log = logs.get()
AT_ONCE = 100  # rows
# Another row has that value, it is too long for its column, or a check (MySQL's, MariaDB's) or a trigger says no.
UNFIT = {1062, 1406, 3819, 4025, 1644}
SETTINGS = "SET SESSION sql_mode = 'STRICT_ALL_TABLES', foreign_key_checks = 0 /*M!100100 , max_statement_time = 0 */"
TEXTS = (
    "SELECT c.table_name, c.column_name, c.extra FROM information_schema.columns c JOIN information_schema.tables t"
    " ON t.table_schema = c.table_schema AND t.table_name = c.table_name"
    " WHERE c.table_schema = %s AND t.table_type = 'BASE TABLE' AND c.extra NOT LIKE '%% GENERATED%%' AND (c.extra LIKE"
    " '%%on update%%' OR c.data_type IN ('char', 'varchar', 'tinytext', 'text', 'mediumtext', 'longtext', 'json'))"
)
# Of types that are compared as they are sorted; enums, for one, are not.
KEYS = (
    "SELECT s.table_name, s.column_name, s.sub_part IS NULL AND c.data_type IN ('tinyint', 'smallint', 'mediumint', 'int', 'bigint',"
    " 'decimal', 'char', 'varchar', 'binary', 'varbinary', 'date', 'datetime') FROM information_schema.statistics s"
    " JOIN information_schema.columns c ON c.table_schema = s.table_schema AND c.table_name = s.table_name"
    " AND c.column_name = s.column_name WHERE s.table_schema = %s AND s.index_name = 'PRIMARY' ORDER BY s.table_name, s.seq_in_index"
)
Row = tuple[object, ...]


@dataclass(frozen=True)
class _Texts:
    """Columns of a table to look into, by names as they are written in SQL with values. `kept`: those that would else tell the time
    of the change."""

    table: str
    key: tuple[str, ...]
    columns: tuple[str, ...]
    kept: tuple[str, ...] = ()
    only: str = "TRUE"


class Readdressing:
    """Of one database."""

    def __init__(self, database: str, old: str, new: str) -> None:
        self.database, self.change = database, Readdressed(old, new)
        self.unfit: Counter[str] = Counter()
        self.like = f"%{self.change.host.replace('-', '%')}%"

    def do(self, sql: Cursor) -> None:
        """Said as the environment's own user."""
        sql.execute(SETTINGS)
        sql.execute(f"USE {quoted(self.database)}")
        for texts in self._found(sql):
            if texts.key:
                self._by_key(sql, texts)
            else:
                for column in texts.columns:
                    self._by_value(sql, texts, column)
        if self.unfit:
            log.warning("addresses don't fit", database=self.database, values=dict(self.unfit))

    def _found(self, sql: Cursor) -> list[_Texts]:
        keys: dict[str, list[str]] = {}
        sql.execute(KEYS, (self.database,))
        for table, column, is_sorted in sql.fetchall():
            keys.setdefault(str(table), []).append(_named(str(column)) if is_sorted else "")
        columns: dict[str, list[str]] = {}
        kept: dict[str, list[str]] = {}
        sql.execute(TEXTS, (self.database,))
        for table, column, extra in sql.fetchall():
            sort = kept if "on update" in str(extra).lower() else columns
            sort.setdefault(str(table), []).append(str(column))
        found = []
        for table, names in sorted(columns.items()):
            key = tuple(keys.get(table, ()))
            found += _texts(table, key if all(key) else (), names, tuple(map(_named, kept.get(table, ()))))
        return found

    def _by_key(self, sql: Cursor, texts: _Texts) -> None:
        last: Row = ()
        while rows := self._some(sql, texts, last):
            width = len(texts.key)
            last = rows[-1][:width]
            for row in rows:
                self._rewrite(sql, texts, row[:width], row[width:])
            sql.connection.commit()

    def _some(self, sql: Cursor, texts: _Texts, last: Row) -> Sequence[Row]:
        """The next rows in which it may stand, in order of their key."""
        key, found = ", ".join(texts.key), " OR ".join(f"{column} LIKE %s" for column in texts.columns)
        after = f"({key}) > ({', '.join(['%s'] * len(last))})" if last else "TRUE"
        sql.execute(
            f"SELECT {key}, {', '.join(texts.columns)} FROM {texts.table}"  # noqa: S608 - quoted names
            f" WHERE {after} AND {texts.only} AND ({found}) ORDER BY {key} LIMIT {AT_ONCE}",
            (*last, *[self.like] * len(texts.columns)),
        )
        return sql.fetchall()

    def _rewrite(self, sql: Cursor, texts: _Texts, key: Row, values: Row) -> None:
        fresh = {}
        for column, value in zip(texts.columns, values, strict=True):
            if isinstance(value, str) and (changed := self._changed(value)) != value:
                fresh[column] = changed
        for column, changed in fresh.items():
            where = " AND ".join(f"{name} = %s" for name in texts.key)
            self._say(sql, texts, column, where, (changed, *key))

    def _by_value(self, sql: Cursor, texts: _Texts, column: str) -> None:
        """Without a key, rows of one value are changed together; each value is known by its hash."""
        among = f"FROM {texts.table} WHERE {column} LIKE %s"
        sql.execute(f"SELECT DISTINCT SHA2({column}, 256) {among}", (self.like,))
        for (hashed,) in sql.fetchall():
            sql.execute(f"SELECT {column} {among} AND SHA2({column}, 256) = %s LIMIT 1", (self.like, hashed))
            (value,) = sql.fetchone() or ("",)
            if isinstance(value, str) and (changed := self._changed(value)) != value:
                self._say(sql, texts, column, f"SHA2({column}, 256) = %s", (changed, hashed))
        sql.connection.commit()

    def _say(self, sql: Cursor, texts: _Texts, column: str, where: str, values: Row) -> None:
        """What does not fit stays as it is, which is better than a part of it."""
        kept = "".join(f", {name} = {name}" for name in texts.kept)
        try:
            sql.execute(f"UPDATE {texts.table} SET {column} = %s{kept} WHERE {where}", values)  # noqa: S608
        except pymysql.err.MySQLError as error:
            if error.args[0] not in UNFIT:
                raise
            self.unfit[f"{texts.table}.{column}"] += 1

    def _changed(self, value: str) -> str:
        return self.change.value(value.encode()).decode()


def _texts(table: str, key: tuple[str, ...], names: list[str], kept: tuple[str, ...]) -> list[_Texts]:
    there = _Texts(_named(table), key, tuple(map(_named, names)), kept)
    if table != "wp_posts" or not {"guid", "post_type"} <= set(names) or not key:
        return [there]
    others = tuple(_named(name) for name in names if name != "guid")
    attached = "post_type = 'attachment'"
    return [
        _Texts(there.table, key, others, kept),
        _Texts(there.table, key, (_named("guid"),), kept, attached),
    ]


def _named(name: str) -> str:
    """In a statement that has values."""
    return quoted(name).replace("%", "%%")
