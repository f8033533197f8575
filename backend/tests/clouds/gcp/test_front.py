"""What stands in front of sites: hosts, domains, caches and the firewall, and the pitfalls in what we send of them."""

import copy
import hashlib
from dataclasses import replace

import pytest

from aipress.clouds.gcp import armor, domains, routing
from aipress.clouds.gcp.names import service_name
from aipress.clouds.gcp.resources import Unbuildable, at
from tests.clouds.gcp.rig import DOMAIN, ENVIRONMENT, ID, PLACE, URL_MAP

OTHER = replace(ENVIRONMENT, id="ba9876543210", tenant="tnt_other", slug="other")


def test_pitfall_09_the_host_is_in_the_caches_key() -> None:
    assert at(routing.backend(PLACE).body, "cdnPolicy.cacheKeyPolicy.includeHost") is True
    assert at(routing.backend(PLACE, f"w{ID}").body, "cdnPolicy.cacheKeyPolicy.includeHost") is True


def test_pitfall_11_the_firewall_says_how_sensitive_it_is() -> None:
    rules = [
        one["match"]["expr"]["expression"]
        for one in armor.policy(PLACE).body["rules"]
        if "expr" in one["match"]
    ]  # type: ignore[attr-defined]
    known = [rule for rule in rules if "evaluatePreconfiguredWaf" in rule]
    assert len(known) == len(armor.ATTACKS)
    assert all("{'sensitivity': 1}" in rule for rule in known)
    assert all("/wp-admin/" in rule for rule in known)


def test_pitfall_12_a_map_without_its_fingerprint_is_not_written() -> None:
    changed = routing.with_domain(URL_MAP, ENVIRONMENT, DOMAIN, PLACE)
    assert changed["fingerprint"] == URL_MAP["fingerprint"]
    with pytest.raises(Unbuildable, match="read it again"):
        routing.written({name: value for name, value in changed.items() if name != "fingerprint"}, PLACE)


def test_a_domain_comes_and_goes_and_leaves_the_map_as_it_was() -> None:
    before = copy.deepcopy(URL_MAP)
    once = routing.with_domain(URL_MAP, ENVIRONMENT, DOMAIN, PLACE)
    assert routing.with_domain(once, ENVIRONMENT, DOMAIN.upper() + ".", PLACE) == once
    both = routing.with_domain(
        routing.with_domain(once, ENVIRONMENT, "a.example", PLACE), OTHER, "b.example", PLACE
    )
    hosts = {rule["pathMatcher"]: rule["hosts"] for rule in both["hostRules"]}  # type: ignore[attr-defined]
    assert hosts == {
        "sites": [f"*.{PLACE.domain}"],
        f"w{ID}": ["a.example", DOMAIN],
        f"w{OTHER.id}": ["b.example"],
    }
    left = both
    for id, domain in ((ID, DOMAIN), (OTHER.id, "b.example"), (ID, "a.example"), (ID, "a.example")):
        left = routing.without_domain(left, id, domain)
    assert left == before == URL_MAP


def test_pitfall_14_a_domain_of_another_site_is_not_taken_over() -> None:
    held = routing.with_domain(URL_MAP, ENVIRONMENT, DOMAIN, PLACE)
    with pytest.raises(Unbuildable, match="another site"):
        routing.with_domain(held, OTHER, DOMAIN, PLACE)
    assert routing.without_domain(held, OTHER.id, DOMAIN) == held


@pytest.mark.parametrize(
    "domain",
    [
        "",
        "localhost",
        "*.a.example",
        "a..example",
        "-a.example",
        "a.example/x",
        "a b.example",
        "ä.example",
        "a.123",
        "x" * 64 + ".example",
    ],
)
def test_what_is_no_domain_is_refused(domain: str) -> None:
    with pytest.raises(Unbuildable, match="is no domain"):
        domains.certificate(ENVIRONMENT, domain, PLACE)


def test_pitfall_13_every_platform_host_has_one_label_below_the_wildcard() -> None:
    for number in range(200):
        slug = hashlib.sha256(str(number).encode()).hexdigest()[: number % 48 + 1]
        for kind in ("live", "staging"):
            assert "." not in service_name(replace(ENVIRONMENT, slug=slug, kind=kind))
    assert at(routing.group(PLACE).body, "cloudRun.urlMask") == f"<service>.{PLACE.domain}"


def test_a_map_that_would_be_too_large_is_refused() -> None:
    full = {**URL_MAP, "hostRules": [{"hosts": ["x" * 200 + ".example"] * 5000, "pathMatcher": "sites"}]}
    with pytest.raises(Unbuildable, match="are the most"):
        routing.with_domain(full, ENVIRONMENT, DOMAIN, PLACE)
