"""A tenant may exchange its tables for views that act with the rights of whoever uses them: ours must be worth nothing there."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pymysql
import pytest

from aipress.clouds.base import EnvironmentSpec, Identity, LoginTicket
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.local.vault import SealedVault
from aipress.errors import CloudRefused
from aipress.kit.sealed import SealedStore, ensure_master_key

THEIRS = EnvironmentSpec("abcdef000001", 1, "ten_evil", "evil")
OTHERS = replace(THEIRS, id="abcdef000002", tenant="ten_good", slug="good")
TRAP = (
    "RENAME TABLE wp_options TO real_options",
    "CREATE TABLE stolen (email text)",
    "CREATE FUNCTION take() RETURNS int SQL SECURITY INVOKER MODIFIES SQL DATA BEGIN INSERT INTO stolen SELECT user_email FROM"
    + f" w{OTHERS.id}.wp_users; RETURN 1; END",
    "CREATE SQL SECURITY INVOKER VIEW wp_options AS SELECT * FROM real_options WHERE take() = 1 WITH CHECK OPTION",
)


async def test_what_we_write_to_a_site_takes_nothing_from_another(
    mariadb: Path, dump: Path, tmp_path: Path
) -> None:
    key = tmp_path / "master.key"
    ensure_master_key(key)
    vault = SealedVault(SealedStore(tmp_path, key))
    databases = MariaDatabases(mariadb, "root", dump, vault)
    made = {}
    for env in (THEIRS, OTHERS):
        made[env.id] = await databases.ensure(env, await vault.ensure(env))
    try:
        with pymysql.connect(unix_socket=str(mariadb), user="root", autocommit=True) as server:
            sql = server.cursor()
            sql.execute(f"USE w{THEIRS.id}")
            for statement in TRAP:
                sql.execute(
                    statement.replace("CREATE FUNCTION", f"CREATE DEFINER=w{THEIRS.id}@localhost FUNCTION")
                )
            ticket = LoginTicket(
                "ab" * 32, "ada@example.org", "Ada", datetime.now(UTC) + timedelta(minutes=1)
            )
            with pytest.raises(CloudRefused):
                await databases.admit(made[THEIRS.id], ticket)
            with pytest.raises(CloudRefused):
                await databases.introduce(
                    made[THEIRS.id], Identity("Evil", "http://evil.test", "eve@example.org", "Eve")
                )
            assert sql.execute("SELECT * FROM stolen") == 0
            sql.execute("INSERT INTO wp_options (option_name, option_value) VALUES ('as', 'root')")
            assert sql.execute("SELECT * FROM stolen") > 0, "the trap works on whoever has rights"
    finally:
        for env in (THEIRS, OTHERS):
            await databases.remove(env.id)
