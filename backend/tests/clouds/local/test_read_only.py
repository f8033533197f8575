"""A frozen site, seen from outside: whoever reads notices nothing, whoever writes is told kindly to come back."""

import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from aipress.clouds.local import php
from aipress.clouds.local.databases import MariaDatabases
from aipress.clouds.local.vault import SealedVault
from tests.clouds.local import rig
from tests.clouds.local.environment import Site
from tests.clouds.local.keeping import Kept
from tests.clouds.local.tickets import follow, leave_ticket, one

pytestmark = rig.needs_root
READ = (
    "/",
    "/rye-bread/",
    "/?s=rye",
    "/feed/",
    "/wp-sitemap.xml",
    "/wp-login.php",
    "/wp-json/wp/v2/posts",
    "/?aipress_health=1",
)
READ_SIGNED_IN = ("/", "/wp-admin/", "/wp-admin/edit.php", "/wp-json/wp/v2/users/me")  # fmt: skip
RUN_CRON = "register_shutdown_function(fn() => fwrite(STDERR, http_response_code())); require '{core}/wp-content/mu-plugins/aipress/run-cron.php';"


class OwnPasswords(SealedVault):
    """Knows the site's password alone."""

    def __init__(self, site: Site) -> None:
        self.site = site

    def reveal(self, scope: str, name: str) -> str:
        return self.site.secrets[name]


@pytest.fixture
def databases(site: Site, dump: Path) -> MariaDatabases:
    made = MariaDatabases(site.parts.mariadb, "root", dump, OwnPasswords(site))
    made.patience = 0.5
    return made


@pytest.fixture
async def frozen(kept: Kept, editor: httpx.Client, databases: MariaDatabases) -> AsyncIterator[Kept]:
    """With nothing remembered, so that WordPress would like to write much."""
    kept.site.wp("$GLOBALS['wpdb']->query(\"DELETE FROM wp_options WHERE option_name LIKE '%transient%'\");")
    kept.purge()
    await databases.freeze(kept.site.id)
    yield kept
    await databases.thaw(kept.site.id)


def test_readers_notice_nothing(frozen: Kept, editor: httpx.Client) -> None:
    for path in READ:
        page = frozen.look(path)
        assert page.status == 200, path
        assert "not saved" not in page.text
        assert frozen.look(path, "HEAD").status == 200, path
    for path in READ_SIGNED_IN:
        assert editor.get(path).status_code == 200, path
    assert frozen.look("/rye-bread/").cache == "HIT"
    assert frozen.look("/no-such-page/").status == 404
    rig.wait_for(lambda: "Signed in by a login link" in frozen.site.log.read_text())
    assert "command denied" not in frozen.site.log.read_text(), "what a page can't remember is no trouble"


def test_who_writes_is_told_to_come_back(frozen: Kept, editor: httpx.Client) -> None:
    frozen.keep("/rye-bread/")
    answers = [
        editor.post("/wp-comments-post.php", data={"comment": "Good", "comment_post_ID": "4"}),
        editor.post("/wp-login.php", data={"log": "ann", "pwd": "x"}),
        editor.post("/rye-bread/"),
        editor.post("/wp-admin/admin-ajax.php", data={"action": "heartbeat"}),
        follow(editor, leave_ticket(frozen.site)),
        editor.get("/wp-admin/post-new.php"),
    ]
    for answer in answers:
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "30"), answer.url
        assert "what you sent was not saved" in answer.text
        assert "no-store" in answer.headers["cache-control"]
    told = [
        editor.post("/wp-json/wp/v2/posts", json={"title": "New"}),
        editor.delete("/wp-json/wp/v2/posts/4"),
        editor.get("/wp-json/wp/v2/posts/4?_method=DELETE"),
        editor.get("/?rest_route=/wp/v2/posts/4", headers={"X-HTTP-Method-Override": "DELETE"}),
        editor.post("/wp-admin/admin-ajax.php", headers={"Accept": "application/json"}),
    ]
    for answer in told:
        assert (answer.status_code, answer.json()["code"]) == (503, "aipress_read_only"), answer.url
    assert frozen.look("/rye-bread/").cache == "HIT"
    assert one(frozen.site, "SELECT COUNT(*) FROM wp_comments WHERE comment_content = 'Good'") == 0


async def test_a_thawed_site_writes_again_and_its_cron_has_waited(
    kept: Kept, editor: httpx.Client, databases: MariaDatabases
) -> None:
    site = kept.site
    site.wp("wp_clear_scheduled_hook('bake'); wp_schedule_single_event(time() - 5, 'bake');")
    planned = "SELECT option_value LIKE '%%bake%%' FROM wp_options WHERE option_name = 'cron'"
    token = leave_ticket(site)
    await databases.freeze(site.id)
    assert (ran_cron(site), one(site, planned)) == ("423", 1)
    with rig.visitor(kept.edge, site.host) as ann:
        assert follow(ann, token).status_code == 503
        await databases.thaw(site.id)
        assert follow(ann, token).status_code == 302, "the link was not used up"
    assert (ran_cron(site), one(site, planned)) == ("200", 0)
    assert editor.post("/wp-json/wp/v2/posts", json={"title": "New"}).status_code == 201


def ran_cron(site: Site) -> str:
    """What a run of it answers."""
    program = [f"/usr/bin/php{site.parts.php}", "--php-ini", f"{php.SETTINGS}/php.ini", "-r"]
    command = [*site.sandbox(), *program, RUN_CRON.replace("{core}", str(php.CORE))]
    done = subprocess.run(
        command, env=site.environment(), capture_output=True, text=True, timeout=30, check=False
    )
    return done.stderr.split()[-1][-3:]
