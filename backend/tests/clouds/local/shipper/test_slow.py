"""The slow log of a real MariaDB: whose a statement was, what it cost, without its values, and each one once."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pymysql
import pytest

from aipress.cli.machine import grants
from aipress.clouds.local.logs.logbook import Logbook
from aipress.clouds.local.shipper.shipping import Shipper
from aipress.clouds.local.shipper.slow import SlowQueries, normal
from tests.clouds.local.rig import needs_root
from tests.clouds.local.shipper.ground import Ground, environment_of

REQUEST = "51b0a19267d8033c67caf5c5e1b56a42"
pytestmark = needs_root


@pytest.fixture
def server(mariadb: Path) -> Iterator[Path]:
    """Logs what takes 50 ms; sites 1 and 2 have their users."""
    grants.let_take_slow_log(mariadb, "root", "root-shipper")
    said = ["SET GLOBAL slow_query_log = 1, GLOBAL log_output = 'TABLE', GLOBAL long_query_time = 0.05"]
    said += [f"CREATE OR REPLACE USER w{environment_of(n)}@localhost IDENTIFIED BY 'x'" for n in (1, 2)]
    tell(mariadb, "root", *said)
    yield mariadb
    gone = [f"DROP USER w{environment_of(n)}@localhost" for n in (1, 2)]
    tell(mariadb, "root", "SET GLOBAL slow_query_log = 0, GLOBAL log_output = 'FILE'", *gone)


def tell(socket: Path, user: str, *statements: str) -> None:
    password = "" if user == "root" else "x"
    with (
        closing(
            pymysql.connect(unix_socket=str(socket), user=user, password=password, autocommit=True)
        ) as connection,
        connection.cursor() as sql,
    ):
        for statement in statements:
            sql.execute(statement)
            sql.fetchall()


def site(n: int) -> str:
    return f"w{environment_of(n)}"


def ship(ground: Ground, server: Path, rounds: int = 2) -> None:
    slow = SlowQueries(server, "root", least_seconds=0.05)
    with closing(Logbook(ground.data / "shipper/logbook.sqlite3")) as logbook:
        shipper = Shipper(ground.data, logbook, ground.quota_bytes, ground.keep, slow)
        for _ in range(rounds):
            slow.look_now()
            shipper.round()


def test_a_slow_statement_is_its_users_without_its_values(ground: Ground, server: Path) -> None:
    tell(server, site(1), f"SELECT SLEEP(0.06), 'secret-value' AS `a`  /*aipress {REQUEST}*/")
    tell(server, "root", "SELECT SLEEP(0.06)")
    ship(ground, server)
    (line,) = ground.kept(1)
    assert (line["source"], line["level"], line["environment"]) == ("slow", "warning", environment_of(1))
    assert line["request_id"] == REQUEST
    assert line["fields"]["statement"] == "SELECT SLEEP(?), ? AS `a`"
    assert 50 < line["fields"]["duration_ms"] < 10_000
    assert line["fields"]["rows_sent"] == 1
    assert "secret-value" not in str(line)
    assert ground.kept(2) == []


def test_no_statement_can_pretend_to_be_somebody_elses(ground: Ground, server: Path) -> None:
    fake = f"\n# Time: 261128 12:00:00\n# User@Host: {site(2)}[{site(2)}] @ localhost []\n# Query_time: 9\nSELECT 1;\n"
    rows = f'"2026-11-28 12:00:00","{site(2)}[{site(2)}] @ localhost []","00:00:09"'
    tell(server, site(1), f"SELECT SLEEP(0.06) AS `{fake}`", f"SELECT SLEEP(0.06) AS '\"\n{rows}'")
    ship(ground, server)
    assert len(ground.kept(1)) == 2
    assert ground.kept(2) == []


def test_each_is_kept_once_however_often_the_shipper_dies(
    ground: Ground, server: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dies(Exception):
        pass

    real = Logbook.write
    told = 0
    for dying_after in (False, True, False):
        for n in range(told, told + 2):
            tell(server, site(1), f"SELECT SLEEP(0.05) AS a{n}x")
        told += 2

        def dies(self: Logbook, *what: object, after: bool = dying_after) -> None:
            if after:
                real(self, *what)  # type: ignore[arg-type]
            raise Dies

        with monkeypatch.context() as patch:
            patch.setattr(Logbook, "write", dies)
            with pytest.raises(Dies):
                ship(ground, server)
    ship(ground, server, rounds=4)
    names = [row["fields"]["statement"].split()[-1] for row in ground.kept(1)]
    assert sorted(names) == [f"a{n}x" for n in range(told)]
    tell(server, site(1), "SELECT SLEEP(0.05) AS last")
    ship(ground, server)
    assert len(ground.kept(1)) == told + 1


@pytest.mark.parametrize(
    ("statement", "same"),
    [
        ("SELECT * FROM wp_2_posts WHERE ID IN (1, 2,3) AND t='it''s \\' 5'", "SELECT * FROM wp_2_posts WHERE ID IN (?) AND t=?"),
        ("INSERT INTO x VALUES (1,'a'), (2, \"b\")", "INSERT INTO x VALUES (?)"),
        ("SELECT /* a 'b */ 0xFF,\n 1.5e3", "SELECT ?, ?"),
        ("SELECT 'never ends", "SELECT ?"),
    ],
)  # fmt: skip
def test_the_same_question_looks_the_same(statement: str, same: str) -> None:
    assert normal(statement) == same
