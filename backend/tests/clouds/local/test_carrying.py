"""A site's database carried on a real MariaDB: whatever a tenant may have in it comes out as it went in."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pymysql
import pytest

from aipress.errors import CloudBusy, CloudRefused
from tests.clouds.local import rig
from tests.clouds.local.carried import EVERYTHING, HERE, THERE, Server, two_sites

COMPARED = (
    "SELECT id, never + 0, d + 0, at FROM times ORDER BY id",
    "SELECT a, b, c, d, e FROM sums ORDER BY a",
    "SELECT * FROM a_view",
    "SELECT few + 0, HEX(small), SHA2(big, 256), text, word, fix FROM bytes ORDER BY id",
)


@pytest.fixture
async def server(mariadb: Path, dump: Path, tmp_path: Path) -> AsyncIterator[Server]:
    async with two_sites(mariadb, dump, tmp_path) as made:
        yield made


async def test_whatever_is_in_it_comes_out_as_it_went_in(server: Server) -> None:
    databases = server.databases
    server.say(HERE.id, "SET sql_mode = ''", *EVERYTHING)
    await databases.load(THERE.id, databases.dump(HERE.id))
    assert await databases.digest(THERE.id) == await databases.digest(HERE.id)
    for asked in COMPARED:
        assert server.say(THERE.id, asked) == server.say(HERE.id, asked)
    server.say(THERE.id, "INSERT INTO times (d) VALUES (NULL)", "INSERT INTO parents VALUES (6)")
    assert server.say(THERE.id, "SELECT MAX(id) FROM times") == [(4713,)]
    assert server.say(THERE.id, "SELECT twice, word FROM a_view ORDER BY 1") == [(10, "ü"), (2012, "ü")]
    server.say(THERE.id, "DELETE FROM parents WHERE id > 5", "CALL bake()")
    assert server.say(THERE.id, "SELECT COUNT(*) FROM children") == [(0,)]
    engines = "SELECT DISTINCT engine FROM information_schema.tables WHERE table_schema = DATABASE()"
    assert set(server.say(THERE.id, engines)) == {("InnoDB",), (None,)}


async def test_the_digest_sees_every_change_and_no_order(server: Server) -> None:
    said = server.databases.digest
    server.say(
        HERE.id, "CREATE TABLE t (a int, b text)", "INSERT INTO t VALUES (1, 'x'), (2, NULL), (2, NULL)"
    )
    first = await said(HERE.id)
    server.say(HERE.id, "DELETE FROM t", "INSERT INTO t VALUES (2, NULL), (1, 'x')")
    assert await said(HERE.id) != first, "one row less"
    server.say(HERE.id, "INSERT INTO t VALUES (2, NULL)", "ALTER TABLE t ENGINE=MyISAM")
    assert await said(HERE.id) == first
    for change, back in (
        ("UPDATE t SET b = '' WHERE a = 2", "UPDATE t SET b = NULL WHERE a = 2"),
        ("UPDATE t SET b = 'X' WHERE a = 1", "UPDATE t SET b = 'x' WHERE a = 1"),
        ("ALTER TABLE t CHANGE b c text", "ALTER TABLE t CHANGE c b text"),
        ("CREATE TABLE u (a int)", "DROP TABLE u"),
    ):
        server.say(HERE.id, change)
        assert await said(HERE.id) != first, change
        server.say(HERE.id, back)
        assert await said(HERE.id) == first, back


async def test_what_cannot_be_carried_is_refused_by_name_before_anything_is_said(server: Server) -> None:
    for made, said in (
        ("CREATE TABLE quick (a int) ENGINE=MEMORY", "quick.*MEMORY"),
        ("CREATE SEQUENCE counting", "counting.*SEQUENCE"),
        ("CREATE TABLE history (a int) WITH SYSTEM VERSIONING", "history.*VERSIONED"),
    ):
        server.say(HERE.id, made)
        with pytest.raises(CloudRefused, match=said):
            await anext(server.databases.dump(HERE.id))
        server.say(HERE.id, f"DROP {'SEQUENCE' if 'SEQ' in made else 'TABLE'} {made.split()[2]}")


async def test_a_view_that_works_nowhere_is_left_and_that_is_said(server: Server) -> None:
    server.say(
        HERE.id, "CREATE TABLE gone (a int)", "CREATE VIEW lost AS SELECT a FROM gone", "DROP TABLE gone"
    )
    first = await anext(server.databases.dump(HERE.id))
    assert b"view lost: error 1356" in first
    await server.databases.load(THERE.id, server.databases.dump(HERE.id))
    assert await server.databases.digest(THERE.id) == await server.databases.digest(HERE.id)


async def test_where_a_collation_is_unknown_nothing_is_touched(server: Server) -> None:
    databases = server.databases
    parts = [part async for part in databases.dump(HERE.id)]
    parts[0] = parts[0].replace(b"utf8mb4_unicode_520_ci", b"utf8mb4_of_the_moon")
    before = await databases.digest(THERE.id)
    with pytest.raises(CloudRefused, match=r'"wp_\w+" is sorted by utf8mb4_of_the_moon'):
        await databases.load(THERE.id, told(parts))
    with pytest.raises(CloudRefused, match="no dump"):
        await databases.load(THERE.id, told([b"DROP TABLE wp_posts;\n"]))
    assert await databases.digest(THERE.id) == before


async def test_whoever_was_killed_while_loading_loads_again(server: Server) -> None:
    databases = server.databases
    server.say(HERE.id, "SET sql_mode = ''", *EVERYTHING)
    whole = b"".join([part async for part in databases.dump(HERE.id)])
    half = whole[: whole.index(b"INSERT INTO `wp_users`")]
    with pytest.raises(CloudBusy, match="broke off"):
        await databases.load(THERE.id, told([half]))
    heard = asyncio.Event()

    async def stuck() -> AsyncIterator[bytes]:
        yield half
        heard.set()
        await asyncio.Event().wait()

    under_way = asyncio.create_task(databases.load(THERE.id, stuck()))
    await heard.wait()
    await databases.load(THERE.id, told([whole]))
    under_way.cancel()
    await asyncio.gather(under_way, return_exceptions=True)
    assert await databases.digest(THERE.id) == await databases.digest(HERE.id)


async def test_a_dump_nobody_reads_on_is_ended(server: Server) -> None:
    dump = server.databases.dump(HERE.id)
    while b"INSERT INTO" not in await anext(dump):
        pass
    await dump.aclose()
    asked = "SELECT COUNT(*) FROM information_schema.processlist WHERE user = DATABASE()"
    rig.wait_for(lambda: server.say(HERE.id, asked, as_root=True) == [(0,)])


async def test_a_wrong_statement_fails_the_whole(server: Server) -> None:
    parts = [part async for part in server.databases.dump(HERE.id)]
    for wrong in (b"INSERT INTO nothing VALUES (1);\n", b"\\! touch /nowhere;\n", b"SOURCE /etc/passwd;\n"):
        with pytest.raises(CloudRefused, match="refused"):
            await server.databases.load(THERE.id, told([*parts[:1], wrong, *parts[1:]]))


async def test_a_frozen_site_only_reads_whoever_was_there_before(server: Server) -> None:
    databases = server.databases
    databases.patience = 0.5
    granted = server.say(HERE.id, "SHOW GRANTS")
    before = await databases.digest(HERE.id)
    with server.line(HERE.id) as idle, server.line(HERE.id) as busy:
        busy.begin()
        busy.cursor().execute(
            "UPDATE wp_options SET option_value = 'half done' WHERE option_name = 'blogname'"
        )
        for _ in range(2):
            await databases.freeze(HERE.id)
        for line in (idle, busy):
            with pytest.raises(pymysql.err.OperationalError, match="gone away|Lost connection"):
                line.cursor().execute("DELETE FROM wp_options")
    for write in (
        "DELETE FROM wp_options WHERE option_id = 1",
        "INSERT INTO wp_options (option_name) VALUES ('x')",
        "UPDATE wp_posts SET post_title = ''",
        "DROP TABLE wp_links",
        "CREATE TABLE more (a int)",
        "TRUNCATE wp_links",
    ):
        with pytest.raises(pymysql.err.OperationalError, match="denied"):
            server.say(HERE.id, write)
    assert server.say(HERE.id, "SELECT option_value FROM wp_options WHERE option_name = 'blogname'") == [
        ("here",)
    ]
    assert await databases.digest(HERE.id) == before
    await databases.load(THERE.id, databases.dump(HERE.id))
    assert await databases.digest(THERE.id) == before
    marked = "SELECT COUNT(*) FROM wp_options WHERE option_name = 'aipress_read_only'"
    assert (server.say(HERE.id, marked), server.say(THERE.id, marked)) == ([(1,)], [(0,)])
    for _ in range(2):
        await databases.thaw(HERE.id)
    assert server.say(HERE.id, "SHOW GRANTS") == granted
    assert server.say(HERE.id, marked) == [(0,)]
    server.say(HERE.id, "UPDATE wp_options SET option_value = 'new' WHERE option_name = 'blogname'")


async def test_a_page_that_is_about_to_end_ends_by_itself(server: Server) -> None:
    with server.line(HERE.id) as page:
        page.begin()
        page.cursor().execute("UPDATE wp_options SET option_value = 'done' WHERE option_name = 'blogname'")
        freezing = asyncio.create_task(server.databases.freeze(HERE.id))
        while not server.say(HERE.id, "SELECT 1 FROM wp_options WHERE option_name = 'aipress_read_only'"):
            await asyncio.sleep(0.01)
        page.commit()
    await freezing
    assert server.say(HERE.id, "SELECT option_value FROM wp_options WHERE option_name = 'blogname'") == [
        ("done",)
    ]


async def told(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
