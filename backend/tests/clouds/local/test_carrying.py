"""A site's database carried on a real MariaDB: whatever a tenant may have in it comes out as it went in."""

import asyncio
from collections.abc import AsyncIterator, Sequence

import pymysql
import pytest

from aipress.clouds.base import Address
from aipress.clouds.wordpress import freezing
from aipress.errors import CloudBusy, CloudRefused
from tests.clouds.local import rig
from tests.clouds.local.carried import EVERYTHING, HERE, THERE, Server

COMPARED = (
    "SELECT id, never + 0, d + 0, at FROM times ORDER BY id",
    "SELECT a, b, c, d, e FROM sums ORDER BY a",
    "SELECT * FROM a_view",
    "SELECT few + 0, HEX(small), SHA2(big, 256), text, word, fix FROM bytes ORDER BY id",
)


async def test_whatever_is_in_it_comes_out_as_it_went_in(server: Server) -> None:
    databases = server.databases
    server.say(HERE.id, "SET sql_mode = ''", *EVERYTHING)
    await databases.load(THERE.id, databases.dump(HERE.id))
    assert await databases.digest(THERE.id) == await databases.digest(HERE.id)
    for asked in COMPARED:
        assert server.say(THERE.id, asked) == server.say(HERE.id, asked)
    server.say(THERE.id, "INSERT INTO times (d) VALUES (NULL)", "INSERT INTO parents VALUES (6)")
    assert server.say(THERE.id, "SELECT MAX(id) FROM times") == [(4713,)]
    server.say(THERE.id, "INSERT INTO made (a) VALUES (5)", "INSERT INTO told (a) VALUES (1)")
    assert server.say(THERE.id, "SELECT id, a, twice FROM made ORDER BY id") == [
        (30, 5, 10),
        (31, None, None),
        (32, 5, 10),
    ]
    assert server.say(THERE.id, "SELECT DISTINCT * FROM told") == [(1, "it's \\ \n so", "", "x")]
    with pytest.raises(pymysql.err.IntegrityError):
        server.say(THERE.id, "INSERT INTO made (a) VALUES (77)")
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

    async def stuck() -> AsyncIterator[bytes]:
        yield half
        await asyncio.Event().wait()

    under_way = asyncio.create_task(databases.load(THERE.id, stuck()))
    while ("aria",) not in server.say(THERE.id, "SHOW TABLES"):
        await asyncio.sleep(0.02)
    await databases.load(THERE.id, told([whole]))
    under_way.cancel()
    await asyncio.gather(under_way, return_exceptions=True)
    assert await databases.digest(THERE.id) == await databases.digest(HERE.id)
    with pytest.raises(CloudBusy, match="broke off"):
        await databases.load(THERE.id, told([half]))
    await databases.load(THERE.id, told([whole]))
    assert await databases.digest(THERE.id) == await databases.digest(HERE.id)


async def test_nothing_is_dropped_before_whoever_loaded_is_gone(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A killed connection may still make the table it was making."""
    told_to_end = asyncio.Event()
    loop, really_end = asyncio.get_running_loop(), freezing.end
    monkeypatch.setattr(freezing, "end", lambda sql, ids: loop.call_soon_threadsafe(told_to_end.set))
    whole = b"".join([part async for part in server.databases.dump(HERE.id)])
    with server.line(THERE.id) as line, line.cursor() as sql:
        sql.execute("SHOW TABLES")
        before = sql.fetchall()
        loading = asyncio.create_task(server.databases.load(THERE.id, told([whole])))
        async with asyncio.timeout(30):
            await told_to_end.wait()
        sql.execute("CREATE TABLE left_over (a int)")
        sql.execute("SHOW TABLES")
        assert {("left_over",), *before} == set(sql.fetchall())
        with server.line(THERE.id, as_root=True) as root, root.cursor() as by_root:
            really_end(by_root, {line.thread_id()})
        await loading
    assert await server.databases.digest(THERE.id) == await server.databases.digest(HERE.id)


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


ADDRESSED = (
    "CREATE TABLE logged (word varchar(99) CHARACTER SET latin1, at timestamp DEFAULT '2001-01-01' ON UPDATE CURRENT_TIMESTAMP)",
    "INSERT INTO logged (word) VALUES ('é OLD'), ('é OLD'), ('http://there.test/a'), (NULL)",
    "CREATE TABLE pairs (a varchar(20), b int, text text, copy text AS (text) VIRTUAL, raw blob, few varchar(19), PRIMARY KEY (a, b))",
    "INSERT INTO pairs (a, b, text, raw, few) SELECT seq % 7, seq, CONCAT('OLD/', seq), 'OLD', 'OLD' FROM seq_1_to_250",
    "CREATE TABLE kinds (kind enum('z', 'm', 'a'), n int, word text, PRIMARY KEY (kind, n))",
    "INSERT INTO kinds SELECT 1 + seq % 3, seq, 'OLD' FROM seq_1_to_250",
    "CREATE TABLE checked (id int PRIMARY KEY, word varchar(90) CHECK (word NOT LIKE '%new%'))",
    "INSERT INTO checked VALUES (1, 'OLD')",
    "CREATE TABLE links (word varchar(90) PRIMARY KEY)",
    "CREATE TABLE linked (id int PRIMARY KEY, word varchar(90), FOREIGN KEY (word) REFERENCES links (word))",
    "INSERT INTO links VALUES ('OLD')",
    "INSERT INTO linked VALUES (1, 'OLD')",
    "CREATE TABLE `100%s` (`%d` varchar(60) UNIQUE, id int AUTO_INCREMENT PRIMARY KEY)",
    "INSERT INTO `100%s` (`%d`) VALUES ('OLD'), ('NEW')",
    (
        "INSERT INTO wp_posts (post_title, post_type, guid, post_content, post_excerpt, to_ping, pinged, post_content_filtered) VALUES"
        " ('p', 'post', 'OLD', 'OLD', '', '', '', ''), ('a', 'attachment', 'OLD', '', '', '', '', '')"
    ),
    """INSERT INTO wp_options (option_name, option_value) VALUES ('nested', 'a:1:{s:18:"OLD";s:18:"OLD";}')""",
)
PAIRS = "SELECT COUNT(*), MIN(copy = text), SUM(text = CONCAT('NEW/', b)), SUM(raw = 'OLD'), SUM(few = 'OLD') FROM pairs"


async def test_every_text_of_a_site_is_readdressed_and_nothing_else(server: Server) -> None:
    old, new = Address("here.test", "http://here.test"), Address("new.test", "https://new.example.org")
    was, now = f"{old.url}/a", f"{new.url}/a"

    def say(*statements: str) -> list[tuple[object, ...]]:
        return server.say(HERE.id, *(one.replace("OLD", was).replace("NEW", now) for one in statements))

    say(*ADDRESSED)
    for _ in range(2):
        await server.databases.readdress(HERE.id, old, new)
    logged = say("SELECT word, COUNT(*), MAX(YEAR(at)) FROM logged GROUP BY word ORDER BY word")
    assert logged == [(None, 1, 2001), (f"é {now}", 2, 2001), ("http://there.test/a", 1, 2001)]
    assert say(PAIRS) == [(250, 1, 250, 250, 250)], "what is too long for its column stays"
    assert say("SELECT `%d` FROM `100%s` ORDER BY id") == [(was,), (now,)], "it is taken"
    posts = say(
        "SELECT post_type, guid, post_content FROM wp_posts WHERE post_title IN ('a', 'p') ORDER BY 1"
    )
    assert posts == [("attachment", now, ""), ("post", was, now)]
    options = dict(say("SELECT option_name, option_value FROM wp_options"))
    assert options["nested"] == f'a:1:{{s:18:"{was}";s:{len(now)}:"{now}";}}'
    assert (options["siteurl"], options["home"]) == (new.url, new.url)


TRAP = (
    "CREATE TABLE stolen (email text) COMMENT='*/; \\\\! touch /nowhere; SELECT user_email FROM OTHER.wp_users; --'",
    (
        "CREATE DEFINER=OWN@localhost FUNCTION take() RETURNS int SQL SECURITY INVOKER MODIFIES SQL DATA"
        " BEGIN INSERT INTO stolen SELECT user_email FROM OTHER.wp_users; RETURN 1; END"
    ),
    "CREATE DEFINER=OWN@localhost SQL SECURITY INVOKER VIEW looked AS SELECT * FROM wp_posts WHERE take() = 1",
    "UPDATE wp_options SET option_value = 'http://here.test' WHERE option_name = 'blogname'",
)


async def test_nothing_a_tenant_keeps_acts_with_more_rights_than_its_own(server: Server) -> None:
    """The trap's function takes other sites' users with the rights of whoever looks."""
    databases = server.databases
    for one in TRAP:
        sprung = one.replace("OWN", f"w{HERE.id}").replace("OTHER", f"w{THERE.id}")
        server.say(HERE.id, sprung, as_root=True)
    await databases.freeze(HERE.id)
    assert b"view looked: it reaches beyond its database" in await anext(databases.dump(HERE.id))
    await databases.load(THERE.id, databases.dump(HERE.id))
    assert await databases.digest(THERE.id) == await databases.digest(HERE.id)
    await databases.thaw(HERE.id)
    await databases.readdress(HERE.id, Address("", "http://here.test"), Address("", "http://new.test"))
    for id in (HERE.id, THERE.id):
        assert server.say(id, "SELECT * FROM stolen") == []
    server.say(HERE.id, "SELECT * FROM looked", as_root=True)
    assert server.say(HERE.id, "SELECT * FROM stolen") != [], "the trap works on whoever has rights"


async def told(parts: Sequence[bytes]) -> AsyncIterator[bytes]:
    for part in parts:
        yield part
