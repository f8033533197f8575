"""Databases on Cloud SQL: the simulator says where the instance is, a real server with TLS is what it is."""

import asyncio
import socket
from dataclasses import replace

import pytest

from aipress.clouds.base import Identity, LoginTicket, Secrets
from aipress.clouds.gcp import cloud_sql, instances
from aipress.clouds.gcp.instances import Server
from aipress.clouds.gcp.secrets import version
from aipress.clouds.options import Options
from aipress.errors import CloudRefused
from aipress.kit import clock
from tests.clouds.gcp.bases import NEIGHBOUR, Rig, made
from tests.clouds.gcp.rig import ENVIRONMENT, ID, PLACE, ask, say
from tests.clouds.gcp.servers import ADMIN, PASSWORD, Instance, own_address, write_certificates
from tests.clouds.local import rig

WATCHED = (
    "CREATE SQL SECURITY INVOKER VIEW OWN.wp_options AS SELECT * FROM OWN.real_options WHERE OWN.take() = 1"
)
TAKE = (
    "CREATE DEFINER=OWN@'%%' FUNCTION OWN.take() RETURNS INT SQL SECURITY INVOKER MODIFIES SQL DATA BEGIN"
    " INSERT INTO OWN.stolen SELECT user_login FROM OTHER.wp_users; RETURN 1; END"
)


async def test_a_database_is_filled_once_by_its_own_user(on: Rig) -> None:
    await made(on, ENVIRONMENT)
    database = await on.databases.ensure(ENVIRONMENT, Secrets(ID, ()))
    on.say("UPDATE OWN.wp_options SET option_value = 'kept' WHERE option_name = 'blogname'")
    assert await on.databases.ensure(ENVIRONMENT, Secrets(ID, ())) == database
    assert on.say("SELECT option_value FROM OWN.wp_options WHERE option_name = 'blogname'") == [("kept",)]
    assert await on.databases.existing() == {ID}
    tls = on.say("SELECT ssl_type FROM mysql.user WHERE user = 'OWN' AND host = '%%'")
    assert tls == [("ANY",)]
    for _ in range(2):
        await on.databases.remove(ID)
    assert await on.databases.existing() == set()


async def test_an_interrupted_import_is_finished(on: Rig) -> None:
    await made(on, ENVIRONMENT)
    on.say("DROP TABLE OWN.wp_users")
    await made(on, ENVIRONMENT)
    assert on.say("SELECT COUNT(*) FROM OWN.wp_users") == [(1,)]


async def test_a_user_without_a_database_is_told_too(on: Rig) -> None:
    await made(on, ENVIRONMENT)
    on.say("DROP DATABASE OWN")
    assert await on.databases.existing() == {ID}


async def test_a_site_is_introduced_and_lets_somebody_in(on: Rig) -> None:
    database = await on.databases.ensure(ENVIRONMENT, Secrets(ID, ()))
    await on.databases.introduce(database, Identity("Bakery", "https://b.example", "ann@example.com", "Ann"))
    await on.databases.admit(database, LoginTicket("ab" * 32, "ann@example.com", "Ann", clock.in_seconds(60)))
    options = dict(on.say("SELECT option_name, option_value FROM OWN.wp_options"))
    assert (options["siteurl"], options["blogname"]) == ("https://b.example", "Bakery")
    assert '"ann@example.com"' in str(options["aipress_login_" + "ab" * 32])
    assert on.say("SELECT user_login FROM OWN.wp_users") == [("ann",)]


async def test_nothing_said_to_a_tenants_tables_borrows_rights(on: Rig) -> None:
    await made(on, ENVIRONMENT, NEIGHBOUR)
    for trap in (
        "RENAME TABLE OWN.wp_users TO OWN.real_users",
        "RENAME TABLE OWN.wp_options TO OWN.real_options",
        "CREATE TABLE OWN.stolen (what TEXT)",
        TAKE,
        WATCHED.replace("options", "users"),
        WATCHED + " WITH CHECK OPTION",
    ):
        on.say(trap)
    database = replace(
        await on.databases.ensure(NEIGHBOUR, Secrets(NEIGHBOUR.id, ())), name=f"w{ID}", user=f"w{ID}"
    )
    with pytest.raises(CloudRefused):
        await on.databases.ensure(ENVIRONMENT, Secrets(ID, ()))
    with pytest.raises(CloudRefused):
        await on.databases.introduce(database, Identity("Evil", "http://e.test", "e@example.org", "Eve"))
    with pytest.raises(CloudRefused):
        await on.databases.admit(database, LoginTicket("ab" * 32, "e@example.org", "E", clock.in_seconds(60)))
    options = await on.databases.option("cron", [ID, NEIGHBOUR.id])
    assert options == {NEIGHBOUR.id: "a:0:{}"}
    await on.databases.shapes(ID, ["wp_users"])
    assert on.say("SELECT COUNT(*) FROM OWN.stolen") == [(0,)]
    on.say("SELECT * FROM OWN.wp_users")
    assert on.say("SELECT COUNT(*) FROM OWN.stolen") != [(0,)], "the trap works on whoever has rights"


async def test_connections_and_shapes_are_told(on: Rig) -> None:
    await made(on, ENVIRONMENT)
    own, everybodys, most = await on.databases.connections(ID)
    assert (own, most) == (0, 151)
    assert everybodys >= 1
    (shape,) = await on.databases.shapes(ID, ["wp_options", "wp_nothing"])
    assert shape[0] == "wp_options"
    assert {"option_id", "option_name"} <= shape[3] <= shape[2]


async def test_another_authoritys_server_is_told_nothing(on: Rig, server: Instance) -> None:
    with rig.short_home() as home:
        other = write_certificates(home)
    row = on.simulator.world.store.get(f"sqladmin/projects/{PLACE.project}/instances/pool-1")
    assert row is not None
    row.content["serverCaCert"] = {"cert": other}
    with pytest.raises(CloudRefused, match="authority did not sign"):
        await on.databases.existing()
    row.content["serverCaCert"] = {"cert": server.authority}
    assert await on.databases.existing() == set()


async def test_a_new_password_of_the_administrators_is_found(on: Rig) -> None:
    await on.databases.existing()
    on.say("ALTER USER root@'%%' IDENTIFIED BY 'another'")
    try:
        with pytest.raises(CloudRefused, match="does not let root in"):
            await on.databases.existing()
        on.say("ALTER USER root@'%%' IDENTIFIED BY %s", PASSWORD)
        await on.databases.existing()
        on.say("ALTER USER root@'%%' IDENTIFIED BY 'another'")
        assert ask(on.simulator, version(PLACE, ADMIN, b"another")).status == 200
        assert await on.databases.existing() == set()
    finally:
        on.say("ALTER USER root@'%%' IDENTIFIED BY %s", PASSWORD)
        ask(on.simulator, version(PLACE, ADMIN, PASSWORD.encode()))


async def test_what_is_missing_is_said(on: Rig, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CloudRefused, match="no database on Google Cloud"):
        await on.databases.connections("f" * 12)
    on.databases.template.unlink()
    with pytest.raises(CloudRefused, match=r"template\.sql can't be read"):
        await made(on, ENVIRONMENT)
    say(on.simulator, "DELETE", f"/secretmanager/v1/projects/{PLACE.project}/secrets/{ADMIN}")
    monkeypatch.setattr(on.databases.servers, "_known", {})
    with pytest.raises(CloudRefused, match=f"no secret {ADMIN}"):
        await on.databases.existing()
    assert ask(on.simulator, version(PLACE, ADMIN, PASSWORD.encode())).status == 404
    stands_again = {"replication": {"automatic": {}}}
    say(
        on.simulator,
        "POST",
        f"/secretmanager/v1/projects/{PLACE.project}/secrets",
        stands_again,
        secretId=ADMIN,
    )
    assert ask(on.simulator, version(PLACE, ADMIN, PASSWORD.encode())).status == 200


async def test_an_instance_that_is_silent_keeps_no_other_waiting(
    on: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    await made(on, ENVIRONMENT)
    monkeypatch.setattr(cloud_sql, "OPTION_SECONDS", 1)
    silent = Server(PLACE.project, "pool-1", own_address(8))
    on.databases._homes[NEIGHBOUR.id] = silent
    with socket.create_server((silent.address, instances.PORT)):
        asked = [asyncio.create_task(on.databases.option("cron", [NEIGHBOUR.id])) for _ in range(12)]
        await asyncio.sleep(0.1)
        assert await on.databases.existing() == {ID}
        assert await on.databases.option("cron", [ID, NEIGHBOUR.id]) == {ID: "a:0:{}"}
        for one in asked:
            one.cancel()
        await asyncio.gather(*asked, return_exceptions=True)


async def test_who_may_have_more_instances_may_hold_more_connections(on: Rig) -> None:
    wide = replace(ENVIRONMENT, tier="basic", options=Options(max_instances=10))
    assert on.databases.most_connections("basic", wide.options) == 60
    assert on.databases.most_connections("basic") == 12
    await made(on, wide)
    assert on.say("SELECT max_user_connections FROM mysql.user WHERE user = 'OWN'") == [(60,)]
