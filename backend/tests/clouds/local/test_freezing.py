"""A frozen site's database on a real MariaDB: who writes to it ends, and nobody begins."""

import asyncio

import pymysql
import pytest

from tests.clouds.local.carried import HERE, THERE, Server


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
