"""Reads of visitors from a replica: a real primary and a real replica of MariaDB, and a whole WordPress asked over HTTP."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.clouds.local import rig
from tests.clouds.local.replicated import POST, PRIMARY, REPLICA, Site, servers, wordpress

pytestmark = rig.needs_root
SIGNED_IN = {"wordpress_logged_in_0": "x"}


@pytest.fixture(scope="module")
def site(core: Path, dump: Path) -> Iterator[Site]:
    with servers() as pair, wordpress(pair, core, dump) as made:
        yield made


@pytest.fixture(autouse=True)
def in_step(site: Site) -> Iterator[None]:
    """Both are the same when a test begins."""
    for note in site.tmp.glob("aipress-replica-*"):
        note.unlink()
    site.pair.follow()
    return


def test_a_visitor_who_is_nobody_in_particular_reads_from_the_replica(site: Site) -> None:
    assert "From the replica" in site.get("/").text
    assert site.probe("read,show,read") == [REPLICA, True, REPLICA]


@pytest.mark.parametrize(
    ("more", "how"),
    [
        ("", {"cookies": SIGNED_IN}),
        ("", {"cookies": {"comment_author_0": "Ann"}}),
        ("", {"cookies": {"wp_woocommerce_session_0": "1"}}),
        ("", {"headers": {"Authorization": "Basic YTpi"}}),
        ("", {"headers": {"X-WP-Nonce": "a1b2"}}),
        ("&preview=true", {}),
        ("&aipress_login=abc", {}),
    ],
)
def test_who_is_known_asks_the_primary(site: Site, more: str, how: dict[str, dict[str, str]]) -> None:
    assert site.probe(f"read{more}", **how) == [PRIMARY]


def test_whatever_is_no_page_asks_the_primary(site: Site) -> None:
    assert "Sunrise Bakery" in site.get("/wp-login.php").text
    sent = httpx.post(f"{site.url}/?probe=read", data={"a": "b"}, timeout=60, trust_env=False)
    assert sent.json() == [PRIMARY]
    assert site.get("/wp-admin/admin-ajax.php?probe=read").json() == [PRIMARY]


def test_a_cookie_that_tells_nobody_apart_changes_nothing(site: Site) -> None:
    assert "From the replica" in site.get("/", cookies={"_ga": "1", "consent": "yes"}).text


def test_after_a_write_the_request_asks_the_primary(site: Site) -> None:
    assert site.probe("read,write,read,read") == [REPLICA, 1, PRIMARY, PRIMARY]


def test_what_belongs_to_a_connection_is_said_to_the_primary(site: Site) -> None:
    assert site.probe("for_update,variable,lock,read") == [PRIMARY, PRIMARY, 1, REPLICA]


def test_who_counted_is_asked_how_many_there_were(site: Site) -> None:
    first, found, options, where = site.probe("counting,found,options,read")
    assert (first, where) == (1, REPLICA)
    assert found == options > 100


def test_a_mistake_is_a_mistake_and_the_primarys_to_tell(site: Site) -> None:
    assert site.probe("wrong,read")[0] is False


def test_a_replica_that_lags_is_not_asked(site: Site) -> None:
    pair = site.pair
    pair.say(REPLICA, "STOP SLAVE")
    before = site.probe("probed")[0]
    assert site.probe("read,write")[0] == REPLICA
    assert site.probe("probed,read") == [before + 1, PRIMARY]
    assert "Sunrise Bakery" in site.get("/").text
    pair.follow()
    assert site.probe("probed,read") == [before + 1, REPLICA]
    assert site.complaints() == []


def test_a_transaction_is_marked_when_it_is_over(site: Site) -> None:
    site.pair.say(REPLICA, "STOP SLAVE")
    mark = "SELECT option_value FROM wp_options WHERE option_name = 'aipress_wrote'"
    before = site.pair.say(PRIMARY, mark)
    assert site.probe("begin,write,read,commit")[2] == PRIMARY
    assert site.pair.say(PRIMARY, mark) != before
    assert site.probe("read") == [PRIMARY]


def test_a_comment_is_seen_by_whoever_wrote_it_and_by_everybody_after(site: Site) -> None:
    site.pair.say(REPLICA, "STOP SLAVE")
    site.pair.say(PRIMARY, POST)
    ((post,),) = site.pair.say(PRIMARY, "SELECT ID FROM wp_posts WHERE post_title = 'Bread'")
    said = {
        "comment": "What bread!",
        "author": "Eve",
        "email": "eve@example.com",
        "comment_post_ID": str(post),
    }
    answer = httpx.post(f"{site.url}/wp-comments-post.php", data=said, timeout=60, trust_env=False)
    assert answer.status_code == 302, answer.text
    assert site.probe("read") == [PRIMARY]


def test_a_replica_that_lets_go_in_the_middle_is_made_up_for_by_the_primary(site: Site) -> None:
    known = len(site.complaints())
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(site.probe, "read,slow,read")
        running = (
            "SELECT id FROM information_schema.processlist WHERE user = 'wsite' AND info LIKE '%%SLEEP%%'"
        )
        rig.wait_for(lambda: bool(site.pair.say(REPLICA, running)))
        for (id,) in site.pair.say(REPLICA, running):
            site.pair.say(REPLICA, f"KILL CONNECTION {id}")
        assert asked.result() == [REPLICA, True, PRIMARY]
    assert len(site.complaints()) == known + 1


def test_a_replica_that_does_not_answer_is_left_alone_for_a_while_and_said_once(site: Site) -> None:
    site.pair.say(REPLICA, "ALTER USER wsite@'%%' ACCOUNT LOCK")
    try:
        known = len(site.complaints())
        for _ in range(3):
            assert "Sunrise Bakery" in site.get("/").text
        (told,) = site.complaints()[known:]
        assert (told["level"], "primary is asked" in told["message"]) == ("warning", True)
    finally:
        site.pair.say(REPLICA, "ALTER USER wsite@'%%' ACCOUNT UNLOCK")
    for note in site.tmp.glob("aipress-replica-*"):
        note.unlink()
    assert "From the replica" in site.get("/").text
