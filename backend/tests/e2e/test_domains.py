"""A domain of one's own, from a record in a real DNS to a page through nginx, and away again; by the command line."""

import json
from typing import Any

import httpx
import pytest

from tests.e2e.platform import Platform
from tests.fakes.name_server import NameServer

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(900)]
DOMAIN = "www.corner.example"


@pytest.fixture
def zone(platform: Platform) -> NameServer:
    if platform.names is None:
        pytest.skip("a platform that was up already asks another name server")
    return platform.names


def domains(platform: Platform, *words: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(platform.aipress("sites", "domains", *words, "--json").stdout)
    return told


def page(platform: Platform, host: str) -> httpx.Response:
    """The front page, as a stranger gets it who asks for this host."""
    return httpx.get(f"http://127.0.0.1:{platform.port}/", headers={"Host": host}, timeout=60)


def test_a_proved_domain_answers_with_its_site_until_it_is_removed(
    platform: Platform, zone: NameServer
) -> None:
    platform.create("Corner Shop")
    added = domains(platform, "add", "corner-shop", "WWW.Corner.Example")
    proof, leading = added["records"]
    assert (added["domain"], leading["kind"], leading["value"]) == (
        DOMAIN,
        "CNAME",
        "corner-shop.localhost",
    )
    zone.put(DOMAIN, "CNAME", leading["value"])
    assert domains(platform, "check", "corner-shop", DOMAIN)["state"] == "waiting"
    assert page(platform, DOMAIN).status_code == 404
    zone.put(proof["name"], "TXT", proof["value"])
    connected = domains(platform, "check", "corner-shop", DOMAIN)
    assert (connected["state"], connected["certificate"]) == ("connected", "none")
    assert "plain HTTP" in connected["why"]
    for host in (DOMAIN, f"{DOMAIN}:{platform.port}"):
        seen = page(platform, host)
        assert (seen.status_code, "<title>Corner Shop</title>" in seen.text) == (200, True)
    assert "corner-shop.localhost" not in seen.text.partition("</head>")[0]
    assert page(platform, f"corner-shop.localhost:{platform.port}").status_code == 200
    told = platform.aipress("sites", "domains", "list", "corner-shop").stdout
    assert f"{DOMAIN} is connected." in told
    assert proof["value"] in told
    platform.aipress("sites", "domains", "remove", "corner-shop", DOMAIN)
    assert page(platform, DOMAIN).status_code == 404
    assert domains(platform, "list", "corner-shop")["items"] == []
    assert page(platform, f"corner-shop.localhost:{platform.port}").status_code == 200
    platform.remove("corner-shop")
    assert platform.leaks() == []
