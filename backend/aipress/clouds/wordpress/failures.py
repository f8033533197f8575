"""How a database server says no, in our words: whether to ask again, or to call a person. MySQL and MariaDB share these numbers."""

from collections.abc import Iterator
from contextlib import contextmanager

import pymysql

from aipress.errors import CloudBusy, CloudRefused

UNREACHABLE = {1040, 1053, 2002, 2003, 2006, 2013}  # too many connections, shutting down, nobody there
PASSING = UNREACHABLE | {
    1203,
    1205,
    1213,
    1226,
    1290,
    1836,
}  # a user's limit, a wait for a lock, read-only while it changes hosts


@contextmanager
def translated(server: str) -> Iterator[None]:
    """Raises CloudBusy or CloudRefused for what PyMySQL raises. `server` is what people call it."""
    try:
        yield
    except pymysql.err.MySQLError as error:
        code = error.args[0] if error.args else 0
        if code in PASSING or not isinstance(code, int) or code == 0:
            raise CloudBusy(f"{server} is not answering just now.") from error
        raise CloudRefused(f"{server} refused (error {code}).") from error
    except OSError as error:
        raise CloudBusy(f"{server} is not answering just now.") from error
