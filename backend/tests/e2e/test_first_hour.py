"""What a new owner does in the first hour, over plain HTTP: create by chat, see, publish, upload, restart, remove."""

import json
import re
import time

import httpx
import pytest

from tests.e2e.owning import browser, png, publish, signed_in
from tests.e2e.platform import Platform, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(900)]


def test_up_again_is_quick_and_changes_nothing(platform: Platform) -> None:
    services = ("mariadb", "redis", "hostd", "shipper", "control", "assistant", "nginx")
    before = [platform.pid(service) for service in services]
    platform.up()
    started = time.monotonic()
    said = platform.up()
    assert time.monotonic() - started < 15  # the proof measures 5 s on a quiet machine
    assert [platform.pid(service) for service in services] == before
    assert re.search(r"http://localhost:\d+/login#token=\S+", said)


def test_a_sentence_becomes_a_site_that_publishes_and_takes_pictures(platform: Platform) -> None:
    said = platform.aipress("chat", "create a site called Sunrise Bakery").stdout
    assert f"http://sunrise-bakery.localhost:{platform.port}" in said
    page = platform.visit("sunrise-bakery")
    assert page.status_code == 200
    assert "<title>Sunrise Bakery</title>" in page.text
    with signed_in(platform, "sunrise-bakery") as owner:
        picture = png()
        post, image = publish(owner, picture)
    assert "Warm at seven." in platform.visit("sunrise-bakery", post).text
    seen = platform.visit("sunrise-bakery", image)
    assert (seen.status_code, seen.content) == (200, picture)
    platform.remove("sunrise-bakery")


def test_a_login_link_works_once(platform: Platform) -> None:
    platform.create("Once Only")
    link = httpx.URL(json.loads(platform.aipress("sites", "open", "once-only", "--json").stdout)["url"])
    with browser(platform, "once-only") as owner:
        assert owner.get(link.raw_path.decode()).status_code == 302
        assert owner.get("/wp-admin/").status_code == 200
    with browser(platform, "once-only") as thief:
        assert thief.get(link.raw_path.decode()).status_code == 403
        assert thief.get("/wp-admin/").status_code == 302
    platform.remove("once-only")


def test_every_site_answers_after_down_and_up(platform: Platform) -> None:
    names = [f"Again {number}" for number in range(3)]
    for name in names:
        platform.create(name)
    platform.down()
    platform.up()
    for name in names:
        slug = name.lower().replace(" ", "-")
        assert name in platform.visit(slug).text
        platform.remove(slug)


def test_sites_answer_and_wake_while_the_control_plane_is_stopped(platform: Platform) -> None:
    assert platform.create("Still Here")["state"] == "succeeded"
    with platform.without("control", "assistant"):
        assert platform.visit("still-here").status_code == 200
        _put_to_sleep(platform, "still-here")
        assert "<title>Still Here</title>" in platform.visit("still-here").text
    platform.remove("still-here")


def test_nothing_is_left_of_removed_sites(platform: Platform) -> None:
    platform.create("Short Lived")
    assert platform.remove("short-lived")["state"] == "succeeded"
    assert platform.visit("short-lived").status_code == 404
    assert platform.leaks() == []


def _put_to_sleep(platform: Platform, slug: str) -> None:
    """Ask hostd to let the site sleep, and see that it does."""
    import asyncio

    from aipress.hostd.client import Hostd

    environment = (platform.data / f"edge/sites/{slug}.localhost").readlink().name
    hostd = Hostd(platform.data / "run/hostd.sock")
    asyncio.run(hostd.sleep(environment))
    wait_for(
        lambda: asyncio.run(hostd.status()).environments[environment].state == "asleep",
        20,
        "the site to sleep",
    )
