"""How names that a tenant chose are written into SQL. Only its own user ever says such a statement."""


def quoted(name: str) -> str:
    """A name of a table, column or routine, whatever is in it.

    https://mariadb.com/kb/en/identifier-names/#quote-character
    """
    return "`" + name.replace("`", "``") + "`"
