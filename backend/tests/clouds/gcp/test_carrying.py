"""A site's database carried by MariaDB's programs to and from a Cloud SQL instance, over TLS."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aipress.clouds.base import Address
from aipress.clouds.wordpress import programs
from aipress.errors import CloudRefused
from tests.clouds.gcp.bases import NEIGHBOUR, Rig, made
from tests.clouds.gcp.rig import ENVIRONMENT, ID
from tests.clouds.gcp.servers import write_certificates
from tests.clouds.local import rig


async def test_a_dump_goes_through_tls_and_back_in(on: Rig) -> None:
    await made(on, ENVIRONMENT, NEIGHBOUR)
    on.say("INSERT INTO OWN.wp_options (option_name, option_value) VALUES ('word', '🥐')")
    on.say("CREATE SQL SECURITY DEFINER VIEW OWN.words AS SELECT option_value FROM OWN.wp_options")
    await on.databases.load(NEIGHBOUR.id, on.databases.dump(ID))
    assert await on.databases.digest(NEIGHBOUR.id) == await on.databases.digest(ID)
    definer = "SELECT definer FROM information_schema.views WHERE table_schema = 'OTHER'"
    assert on.say(definer) == [(f"w{NEIGHBOUR.id}@%",)]


async def test_a_frozen_one_refuses_writes_and_a_thawed_one_takes_them(on: Rig) -> None:
    await made(on, ENVIRONMENT)
    granted = on.say("SHOW GRANTS FOR OWN@'%%'")
    before = await on.databases.digest(ID)
    for _ in range(2):
        await on.databases.freeze(ID)
    assert await on.databases.digest(ID) == before
    with pytest.raises(CloudRefused, match="error 1142"):
        await on.databases.readdress(
            ID, Address("", "http://site.aipress.invalid"), Address("", "https://new.test")
        )
    for _ in range(2):
        await on.databases.thaw(ID)
    assert on.say("SHOW GRANTS FOR OWN@'%%'") == granted
    assert await on.databases.digest(ID) == before


async def test_another_authoritys_server_is_given_no_rows(on: Rig) -> None:
    await made(on, ENVIRONMENT)
    with rig.short_home() as home:
        door = replace(await on.databases.door(ID), authority=write_certificates(home))
    with pytest.raises(CloudRefused, match="error 2026"):
        await programs.say(door, told(b"DROP TABLE wp_options;"))
    with pytest.raises(CloudRefused, match="error 2026"):
        await anext(programs.read_rows(door, ["wp_options"]))


async def told(statement: bytes) -> AsyncIterator[bytes]:
    yield statement
