"""A site behind the page cache, looked at by strangers, and purged as hostd does it when the test says so."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

import httpx

from aipress.clouds.local.content import PLATFORM_FILES
from aipress.clouds.local.edge_config import Edge
from aipress.hostd import changes, pages
from aipress.hostd.host import Host
from tests.clouds.local import rig
from tests.clouds.local.environment import Site


@dataclass(frozen=True)
class Seen:
    """One answer: what the cache said of it, its status, text and headers."""

    cache: str
    status: int
    text: str
    headers: httpx.Headers


@dataclass(frozen=True)
class Kept:
    """A site as strangers see it through an edge."""

    site: Site
    edge: Edge

    @property
    def host(self) -> Host:
        """hostd's view of the data directory, as far as pages go."""
        groups = {"control_gid": 0, "web_gid": rig.WEB, "logs_gid": 0}
        accounts = {"control_uid": 0, "web_uid": rig.WEB}
        data = self.site.parts.data.resolve()
        return Host(
            data=data, uids=range(0), php="", has_bubblewrap=True, idle_seconds=0, **groups, **accounts
        )

    @property
    def changed(self) -> Path:
        return self.site.place / "purge/changed"

    def look(self, path: str, method: str = "GET", **headers: str) -> Seen:
        """One visit of somebody new."""
        said = {name.replace("_", "-"): value for name, value in headers.items()}
        said.setdefault("host", f"{self.site.host}:{self.site.parts.edge.port}")
        with rig.visitor(self.edge, self.site.host) as client:
            answer = client.request(method, path, headers=said)
        return Seen(answer.headers.get("x-cache", ""), answer.status_code, answer.text, answer.headers)

    def settle(self) -> None:
        """Let time pass: what was changed is purged."""
        if self.changed.exists():
            os.utime(self.changed, (1, 1))
            changes.take_up(self.host, [self.site.id])
        assert not self.changed.exists()

    def keep(self, *paths: str) -> None:
        """Have these pages kept."""
        for path in paths:
            assert "HIT" in (self.look(path).cache, self.look(path).cache), path

    def purge(self, path: str = "") -> None:
        pages.purge(self.host, self.site.id, path)

    def how_many(self) -> int:
        return sum(1 for _ in pages.kept(self.host, self.site.id))


def prepare(site: Site) -> Kept:
    """The site with one post, a plugin that shows what it was told, and its first visit behind it."""
    plugin = site.content / "plugins/reflecting.php"
    shutil.copyfile(PLATFORM_FILES / "tests/reflecting-plugin.php", plugin)
    plugin.chmod(0o644)
    site.wp(
        "require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('reflecting.php');"
        "wp_insert_post(array('post_title'=>'Rye bread','post_status'=>'publish','post_content'=>'Dark and good'));"
    )
    kept = Kept(site, site.parts.edge)
    kept.look("/")  # a theme makes its styles at the first visit
    kept.settle()
    return kept


def write(editor: httpx.Client, path: str, **fields: object) -> int:
    """Make or change something over REST, as the block editor does; its number."""
    answer = editor.post(f"/wp-json/wp/v2/{path}", json=fields)
    assert answer.status_code in (200, 201), answer.text
    return int(answer.json()["id"])
