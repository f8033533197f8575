"""After a change the next stranger sees it: at once, and again from the cache; real WordPress, edited as people edit."""

import fcntl
import os
import re
import threading
import time

import httpx
import pytest

from aipress.hostd import changes
from tests.clouds.local import rig
from tests.clouds.local.keeping import Kept, write

pytestmark = rig.needs_root


PLACES = ("/", "/blog/", "/feed/", "/category/uncategorized/", "/wp-sitemap-posts-post-1.xml")


class TestSeenAtOnce:
    def test_a_new_post_is_on_every_page_that_lists_it(self, kept: Kept, editor: httpx.Client) -> None:
        kept.settle()
        kept.keep("/seeded-loaf/", *PLACES)
        write(editor, "posts", title="Seeded loaf", status="publish", content="Full of seeds")
        for _ in range(3):  # before it is purged, after it, and from the cache
            assert "Full of seeds" in kept.look("/seeded-loaf/").text
            for path in PLACES:
                assert re.search("seeded.loaf", kept.look(path).text, re.IGNORECASE), path
            kept.settle()
        assert [kept.look(path).cache for path in ("/seeded-loaf/", *PLACES)] == ["HIT"] * 6

    def test_an_edit_is_seen_and_so_is_a_deletion(self, kept: Kept, editor: httpx.Client) -> None:
        post = write(editor, "posts", title="Baguette", status="publish", content="Crisp")
        kept.settle()
        kept.keep("/baguette/", *PLACES)
        write(editor, f"posts/{post}", title="Baguette de Paris", content="Very crisp")
        for _ in range(3):
            assert "Very crisp" in kept.look("/baguette/").text
            assert "Baguette de Paris" in kept.look("/blog/").text
            kept.settle()
        editor.delete(f"/wp-json/wp/v2/posts/{post}")
        for _ in range(3):
            assert kept.look("/baguette/").status == 404
            assert "Baguette" not in kept.look("/blog/").text
            kept.settle()

    def test_who_comments_gets_their_own_page_and_nobody_else_does(
        self, kept: Kept, editor: httpx.Client
    ) -> None:
        post = write(editor, "posts", title="Waiting", status="publish", comment_status="open")
        kept.settle()
        kept.keep("/waiting/")
        with rig.visitor(kept.edge, kept.site.host) as stranger:
            said = {
                "comment": "Held for a look",
                "author": "Zoe",
                "email": "zoe@example.com",
                "comment_post_ID": post,
            }
            sent = stranger.post("/wp-comments-post.php", data={**said, "wp-comment-cookies-consent": "yes"})
            assert sent.status_code == 302, sent.text[:300]
            mine = stranger.get("/waiting/")
            assert ("Held for a look" in mine.text, mine.headers["x-cache"]) == (True, "BYPASS")
        for _ in range(3):
            assert "Held for a look" not in kept.look("/waiting/").text
            kept.settle()

    def test_a_comment_is_seen_by_others_once_it_is_approved(self, kept: Kept, editor: httpx.Client) -> None:
        post = write(editor, "posts", title="Talk", status="publish", comment_status="open")
        kept.settle()
        kept.keep("/talk/")
        write(editor, "comments", post=post, content="What good bread")
        for _ in range(3):
            assert "What good bread" in kept.look("/talk/").text
            kept.settle()

    @pytest.mark.parametrize("name", ["title", "description"])
    def test_a_setting_is_seen_everywhere(self, kept: Kept, editor: httpx.Client, name: str) -> None:
        kept.settle()
        kept.keep("/", "/rye-bread/", "/feed/")
        word = f"Word{os.urandom(3).hex()}"
        assert editor.post("/wp-json/wp/v2/settings", json={name: word}).status_code == 200
        for _ in range(3):
            assert word in kept.look("/feed/").text
            kept.settle()

    def test_a_missing_page_that_comes_to_be_is_there(self, kept: Kept, editor: httpx.Client) -> None:
        kept.settle()
        kept.look("/opening-hours/")
        assert (kept.look("/opening-hours/").cache, kept.look("/opening-hours/").status) == ("HIT", 404)
        write(editor, "pages", title="Opening hours", status="publish")
        for _ in range(3):
            assert kept.look("/opening-hours/").status == 200
            kept.settle()


class TestBetween:
    def test_a_page_that_was_being_made_as_something_changed_is_not_kept(
        self, kept: Kept, editor: httpx.Client
    ) -> None:
        kept.settle()
        kept.purge()
        seen: list[str] = []
        slow = threading.Thread(target=lambda: seen.append(kept.look("/?reflect=slow").cache))
        slow.start()
        time.sleep(0.3)
        kept.site.wp("update_option('blogname', 'Changed meanwhile');")
        kept.settle()
        slow.join()
        assert seen == ["MISS"]
        again = kept.look("/?reflect=slow")
        assert (again.cache, "Changed meanwhile" in again.text) == ("MISS", True)

    def test_while_nobody_takes_up_changes_the_site_is_served_without_the_cache(self, kept: Kept) -> None:
        kept.settle()
        kept.keep("/rye-bread/")
        kept.site.wp("update_option('blogname', 'Nobody purges');")
        assert [kept.look("/rye-bread/").cache for _ in range(3)] == ["BYPASS"] * 3
        kept.settle()
        assert [kept.look("/rye-bread/").cache for _ in range(2)] == ["MISS", "HIT"]

    def test_what_is_said_while_others_are_purged_is_not_forgotten(self, kept: Kept) -> None:
        kept.changed.write_text("all\n")
        os.utime(kept.changed, (1, 1))
        with kept.changed.open() as held:
            fcntl.flock(held, fcntl.LOCK_EX)  # somebody is just writing
            changes.take_up(kept.host, [kept.site.id])
            assert kept.changed.exists()
        kept.settle()

    def test_what_counts_visits_changes_no_page(self, kept: Kept) -> None:
        kept.settle()
        kept.site.wp(
            "set_transient('visits', 5); set_site_transient('x', 1); update_option('cron', _get_cron_array());"
        )
        assert not kept.changed.exists()

    @pytest.mark.parametrize("hostile", ["link", "directory", "pipe", "many bytes", "no text"])
    def test_whatever_a_tenant_puts_there_harms_nobody_else(self, kept: Kept, hostile: str) -> None:
        kept.settle()
        secret = kept.site.place / "secret"
        secret.write_text("all\n")
        make = {
            "link": lambda: kept.changed.symlink_to(secret),
            "directory": kept.changed.mkdir,
            "pipe": lambda: os.mkfifo(kept.changed),
            "many bytes": lambda: kept.changed.write_bytes(b"x" * 70_000),
            "no text": lambda: kept.changed.write_bytes(bytes(range(256))),
        }
        make[hostile]()
        if hostile in ("many bytes", "no text"):
            kept.settle()
        else:
            changes.take_up(kept.host, [kept.site.id])
            kept.changed.rmdir() if hostile == "directory" else kept.changed.unlink()
        assert secret.exists()
