"""A site that is moved from this machine to the simulator and back, while somebody visits it all the time."""

import itertools
import json
import os
import re
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests import figures
from tests.e2e.owning import nonce, png, publish, signed_in
from tests.e2e.platform import Platform, wait_for

NOTES = itertools.count(1)
PLUGIN = """<?php
/* Plugin Name: Tiny */
add_action('init', function () {
    if (isset($_GET['tiny_keep'])) {
        update_option('tiny_kept', ['home' => home_url('/kept/'), 'wide' => 'Grüße 🍞']);
    }
    if (isset($_GET['tiny_write'])) {
        echo add_option('tiny_note_' . (int) $_GET['tiny_write'], 'x', '', false) ? 'kept' : 'refused';
        exit;
    }
    if (isset($_GET['tiny_tell'])) {
        global $wpdb;
        header('Content-Type: application/json');
        echo wp_json_encode([
            'kept' => get_option('tiny_kept'),
            'secret' => defined('SONG') ? SONG : '',
            'home' => home_url('/'),
            'notes' => $wpdb->get_col("SELECT SUBSTRING(option_name, 11) FROM $wpdb->options WHERE option_name LIKE 'tiny\\_note\\_%'"),
        ]);
        exit;
    }
});
"""


@dataclass
class Belongings:
    """What the site of this slug has, as visitors see it."""

    slug: str
    post: str
    image: str
    picture: bytes
    comment: str


@dataclass
class Visitor:
    """Comes again and again to the site's address, and writes a note each time; `kept` are those that it was told are kept."""

    platform: Platform
    slug: str
    paths: tuple[str, ...]
    answers: list[tuple[float, str, int]] = field(default_factory=list)
    kept: set[str] = field(default_factory=set)
    refused: set[str] = field(default_factory=set)
    over: threading.Event = field(default_factory=threading.Event)

    def visit(self) -> None:
        while not self.over.is_set():
            note = str(next(NOTES))
            for path in (*self.paths, f"/?tiny_write={note}"):
                try:
                    answer = self.platform.visit(self.slug, path)
                except httpx.HTTPError as error:
                    self.answers.append((time.monotonic(), f"{path} {error!r}", 0))
                    continue
                self.answers.append((time.monotonic(), path, answer.status_code))
            (self.kept if answer.text == "kept" else self.refused).add(note)
            self.over.wait(0.1)


@contextmanager
def visited(platform: Platform, had: Belongings) -> Iterator[Visitor]:
    """All the time until this ends."""
    visitor = Visitor(platform, had.slug, ("/", had.post, had.image))
    thread = threading.Thread(target=visitor.visit)
    thread.start()
    try:
        yield visitor
    finally:
        visitor.over.set()
        thread.join(60)


def furnish(platform: Platform, name: str = "Moving House") -> Belongings:
    """A site on this machine with a post, a picture, a comment, a plugin with an option of its own, and a secret."""
    made = platform.create(name, cloud="local")
    assert made["state"] == "succeeded", made["error"]
    slug = made["tenant"]["slug"]
    picture = png()
    content = platform.data / "environments" / environment(platform, slug) / "content"
    plugin = content / "plugins/tiny/tiny.php"
    plugin.parent.mkdir()
    plugin.write_text(PLUGIN)
    owner_of = content.stat()
    for place in (plugin.parent, plugin):
        os.chown(place, owner_of.st_uid, owner_of.st_gid)
    with signed_in(platform, slug) as owner:
        post, image = publish(owner, picture)
        headers = {"X-WP-Nonce": nonce(owner)}
        switched = owner.post("/wp-json/wp/v2/plugins/tiny/tiny", json={"status": "active"}, headers=headers)
        assert switched.status_code == 200, switched.text
        said = {"post": post_id(owner, post), "content": "Lovely crust."}
        commented = owner.post("/wp-json/wp/v2/comments", json=said, headers=headers)
        assert commented.status_code == 201, commented.text
    platform.visit(slug, "/?tiny_keep=1")
    with platform.operator(timeout=60) as client:
        answer = client.put(f"/api/tenants/{slug}/secrets/SONG", json={"value": "la la"})
        assert answer.status_code in (200, 201), answer.text
    return Belongings(slug, post, image, picture, "Lovely crust.")


def move(platform: Platform, to: str, had: Belongings) -> dict[str, Any]:
    """By the command line, with a visitor who only ever sees pages; the operation's result."""
    with visited(platform, had) as visitor:
        wait_for(lambda: len(visitor.answers) > 3, 30, "a visitor")
        done = json.loads(platform.aipress("sites", "move", had.slug, "--to", to, "--yes", "--json").stdout)
        seen = len(visitor.answers)
        wait_for(lambda: len(visitor.answers) > seen + 3, 30, "a visitor after it")
    check_visitor(platform, had, visitor)
    result: dict[str, Any] = done["result"]
    seconds = float(result["read_only_seconds"])
    measured = {f"moved_to_{to}_read_only_seconds": seconds, f"moved_to_{to}_visits": len(visitor.answers)}
    figures.keep("google", **measured)
    assert result["read_only_seconds"] < 60
    assert re.fullmatch(r"[0-9a-f]{64}", result["digest"])
    assert not result["left_out"]
    return result


def check_visitor(platform: Platform, had: Belongings, visitor: Visitor) -> None:
    """Saw pages only, and nothing is lost that it was told is kept."""
    wrong = [answer for answer in visitor.answers if answer[2] != 200]
    assert not wrong, wrong
    assert not lost(platform, had, visitor)


def lost(platform: Platform, had: Belongings, visitor: Visitor) -> set[str]:
    """The notes this visitor was told are kept, and that are not there."""
    return visitor.kept - set(told(platform, had.slug)["notes"])


def check_all_there(platform: Platform, had: Belongings, cloud: str) -> None:
    """What visitors see, what PHP sees, and that its owner can sign in and write."""
    shown = json.loads(platform.aipress("sites", "show", had.slug, "--json").stdout)
    assert (shown["cloud"], shown["state"], shown["moving_to"]) == (cloud, "live", None)
    page = platform.visit(had.slug, had.post).text
    assert "Warm at seven." in page
    assert had.comment in page
    picture = platform.visit(had.slug, had.image)
    assert (picture.status_code, picture.content) == (200, had.picture)

    def has_the_secret() -> Any:
        found = told(platform, had.slug)
        return found if found["secret"] else None

    found = wait_for(has_the_secret, 60, "a PHP that has the secret", pause=0.5)
    home = shown["url"].rstrip("/")
    assert found["kept"] == {"home": f"{home}/kept/", "wide": "Grüße 🍞"}
    assert (found["secret"], found["home"]) == ("la la", f"{home}/")
    with signed_in(platform, had.slug) as owner:
        headers = {"X-WP-Nonce": nonce(owner)}
        said = {"title": f"Written on {cloud}", "content": "Yes.", "status": "publish"}
        assert owner.post("/wp-json/wp/v2/posts", json=said, headers=headers).status_code == 201


def told(platform: Platform, slug: str) -> Any:
    """What the site's own plugin says of it."""
    return platform.visit(slug, "/?tiny_tell=1").raise_for_status().json()


def environment(platform: Platform, slug: str) -> str:
    return str(json.loads(platform.aipress("sites", "show", slug, "--json").stdout)["environments"][0]["id"])


def post_id(owner: httpx.Client, path: str) -> int:
    found = owner.get("/wp-json/wp/v2/posts").raise_for_status().json()
    return int(next(one["id"] for one in found if httpx.URL(one["link"]).path == path))


def nothing_is_left_on_this_machine(platform: Platform) -> bool:
    """No folder, no database and no address of any site."""
    folders = [
        one for one in os.listdir(platform.data / "environments") if re.fullmatch(r"[0-9a-f]{12}", one)
    ]
    databases = [
        one for one in os.listdir(platform.data / "mariadb/data") if re.fullmatch(r"w[0-9a-f]{12}", one)
    ]
    return folders == [] and databases == []
