"""Users and databases of a server, as Cloud SQL's API makes them.

A user of the API's may do everything to everybody's databases: Google gives it the role `cloudsqlsuperuser`, here it gets these rights.
"""

import getpass

from pymysql.cursors import Cursor

from gcpsim.errors import Refused
from gcpsim.machines.mariadb.flags import mapped
from gcpsim.wire import Json

API = "cloudsqlapi"
SUPERUSER = "cloudsqlsuperuser"
RIGHTS = (
    "SELECT, INSERT, UPDATE, DELETE, CREATE, DROP, RELOAD, PROCESS, REFERENCES, INDEX, ALTER, SHOW DATABASES, CREATE TEMPORARY TABLES, "
    "LOCK TABLES, EXECUTE, REPLICATION SLAVE, REPLICATION CLIENT, CREATE VIEW, SHOW VIEW, CREATE ROUTINE, ALTER ROUTINE, CREATE USER, "
    "EVENT, TRIGGER"
)
LONGEST_NAME = 32
FOLLOWER = "cloudsqlreplica"
"""Who replicas sign in as at their primary, each with its number behind."""


def let_api_in(sql: Cursor, password: str) -> None:
    """Who runs what comes by the API, and nobody of MariaDB's own making. Each server has its own, so none is told its replicas."""
    sql.execute("SET SESSION sql_log_bin = 0")
    sql.execute("DROP USER IF EXISTS 'mysql'@'localhost', ''@'localhost'")
    sql.execute(f"CREATE OR REPLACE USER '{API}'@'localhost' IDENTIFIED BY %s", (password,))
    sql.execute(f"GRANT {RIGHTS} ON *.* TO '{API}'@'localhost' WITH GRANT OPTION")


def make_root(sql: Cursor, password: str) -> None:
    """The first user, `root` from anywhere; nobody comes in as it before it has a password."""
    sql.execute("CREATE USER IF NOT EXISTS 'root'@'%%' ACCOUNT LOCK", ())
    sql.execute(f"GRANT {RIGHTS} ON *.* TO 'root'@'%%' WITH GRANT OPTION", ())
    if password:
        change_password(sql, "root", "%", password)


def make_user(sql: Cursor, user: Json) -> None:
    """One that may do everything, or what its roles may."""
    name, host, password = (
        str(user.get("name", "")),
        str(user.get("host") or "%"),
        str(user.get("password", "")),
    )
    if not name or len(name) > LONGEST_NAME:
        raise Refused(
            400, f"Invalid request: a user's name has 1 to {LONGEST_NAME} characters.", reason="invalid"
        )
    if user.get("type") not in (None, "BUILT_IN"):
        sql.execute(
            "CREATE USER %s@%s ACCOUNT LOCK", (name, host)
        )  # signs in by IAM: there is none here to ask
        return
    sql.execute("CREATE USER %s@%s IDENTIFIED BY %s", (name, host, password))
    roles = [str(role) for role in user.get("databaseRoles", [])]
    if not roles or SUPERUSER in roles:
        sql.execute(f"GRANT {RIGHTS} ON *.* TO %s@%s WITH GRANT OPTION", (name, host))
    for role in roles:
        if role != SUPERUSER:
            _grant_role(sql, role, (name, host))


def _grant_role(sql: Cursor, role: str, user: tuple[str, str]) -> None:
    """Whoever made a role may grant it, and so may the simulator."""
    sql.execute(
        "INSERT IGNORE INTO mysql.roles_mapping VALUES ('localhost', %s, %s, 'Y')", (getpass.getuser(), role)
    )
    sql.execute("FLUSH PRIVILEGES")
    sql.execute("GRANT %s TO %s@%s", (role, *user))
    sql.execute("SET DEFAULT ROLE %s FOR %s@%s", (role, *user))


def change_password(sql: Cursor, name: str, host: str, password: str) -> None:
    """Another password lets them in, also who was locked out."""
    sql.execute("ALTER USER %s@%s IDENTIFIED BY %s ACCOUNT UNLOCK", (name, host, password))


def drop_user(sql: Cursor, name: str, host: str) -> None:
    """Gone already is fine."""
    sql.execute("DROP USER IF EXISTS %s@%s", (name, host))


def users(sql: Cursor) -> list[tuple[str, str]]:
    """All but those of the server itself, which are local, and its replicas'."""
    sql.execute("SELECT User, Host FROM mysql.user WHERE is_role = 'N' AND User <> ''")
    own = {(name, "localhost") for name in (getpass.getuser(), API, "mariadb.sys")}
    told = [(str(name), str(host)) for name, host in sql.fetchall()]
    return [user for user in told if user not in own and not user[0].startswith(FOLLOWER)]


def make_database(sql: Cursor, database: Json) -> None:
    """With the character set and collation it is to have, or MySQL 8.4's usual ones."""
    sql.execute(f"CREATE DATABASE {quoted(str(database.get('name', '')))}{_spelled(database)}")


def change_database(sql: Cursor, database: Json) -> None:
    """What its next tables are made with."""
    sql.execute(f"ALTER DATABASE {quoted(str(database.get('name', '')))}{_spelled(database)}")


def _spelled(database: Json) -> str:
    told = ""
    if charset := database.get("charset"):
        told += f" CHARACTER SET {_word(str(charset))}"
    if collation := database.get("collation"):
        told += f" COLLATE {_word(mapped(str(collation)))}"
    return told


def drop_database(sql: Cursor, name: str) -> None:
    """Gone already is fine."""
    sql.execute(f"DROP DATABASE IF EXISTS {quoted(name)}")


def databases(sql: Cursor) -> dict[str, Json]:
    """All of them, the system's too."""
    sql.execute(
        "SELECT SCHEMA_NAME, DEFAULT_CHARACTER_SET_NAME, DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA"
    )
    return {
        str(name): {"charset": charset, "collation": collation} for name, charset, collation in sql.fetchall()
    }


def quoted(name: str) -> str:
    """A name as SQL has it."""
    if not name or len(name) > 64 or "\0" in name:
        raise Refused(400, "Invalid request: a database's name has 1 to 64 characters.", reason="invalid")
    return "`" + name.replace("`", "``") + "`"


def _word(text: str) -> str:
    if not text.replace("_", "").isalnum():
        raise Refused(400, f"Invalid request: '{text}' is no character set or collation.", reason="invalid")
    return text
