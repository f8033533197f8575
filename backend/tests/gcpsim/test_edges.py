"""Names, certificates and load balancers: what refers to what, what stays while it is in use, what changes together."""

from typing import Any

from tests.gcpsim.conftest import Google

ZONES = "/dns/dns/v1/projects/p/managedZones"
A = {"name": "shop.example.com.", "type": "A", "ttl": 300, "rrdatas": ["192.0.2.1"]}
EDGE = "/certificatemanager/v1/projects/p/locations/global"
HERE = "projects/p/locations/global"
GLOBAL = "/compute/compute/v1/projects/p/global"
LINK = "https://www.googleapis.com/compute/v1/projects/p/global"


def zone(google: Google) -> str:
    google.made(ZONES, {"name": "main", "dnsName": "example.com.", "description": ""})
    return f"{ZONES}/main"


def test_records_change_together_or_not_at_all(google: Google) -> None:
    main = zone(google)
    change = google.made(f"{main}/changes", {"additions": [A]})
    assert change["status"] == "pending"
    assert google.say("GET", f"{main}/changes/{change['id']}").json()["status"] == "done"
    other = {**A, "name": "new.example.com."}
    assert google.say("POST", f"{main}/changes", {"additions": [other, A]}).status_code == 409
    assert (
        google.say(
            "POST", f"{main}/changes", {"additions": [other], "deletions": [{**A, "ttl": 60}]}
        ).status_code
        == 412
    )
    assert google.say("GET", f"{main}/rrsets", name=other["name"]).json().get("rrsets", []) == []
    google.made(f"{main}/changes", {"deletions": [A], "additions": [{**A, "rrdatas": ["192.0.2.2"]}]})
    assert google.say("GET", f"{main}/rrsets", name=A["name"], type="A").json()["rrsets"][0]["rrdatas"] == [
        "192.0.2.2"
    ]


def test_a_record_is_deleted_as_google_shows_it(google: Google) -> None:
    main = zone(google)
    policy = {"geo": {"items": [{"location": "europe-west1", "rrdatas": ["192.0.2.1", "192.0.2.2"]}]}}
    google.made(
        f"{main}/changes",
        {"additions": [{"name": A["name"], "type": "A", "ttl": 300, "routingPolicy": policy}]},
    )
    shown = google.say("GET", f"{main}/rrsets", name=str(A["name"])).json()["rrsets"][0]
    shown["routingPolicy"]["kind"] = "dns#rRSetRoutingPolicy"
    shown["routingPolicy"]["geo"]["items"][0]["rrdatas"].reverse()
    google.made(f"{main}/changes", {"deletions": [shown]})
    google.say("DELETE", main).raise_for_status()


def test_a_record_belongs_to_its_zone_and_a_zone_goes_empty(google: Google) -> None:
    main = zone(google)
    for wrong in ("shop.example.org.", "shop.example.com"):
        assert google.say("POST", f"{main}/changes", {"additions": [{**A, "name": wrong}]}).status_code == 400
    google.made(f"{main}/rrsets", A)
    google.say("PATCH", f"{main}/rrsets/{A['name']}/A", {"ttl": 60}).raise_for_status()
    assert google.say("GET", f"{main}/rrsets/{A['name']}/A").json()["ttl"] == 60
    assert google.say("DELETE", main).json()["error"]["errors"][0]["reason"] == "containerNotEmpty"
    google.say("DELETE", f"{main}/rrsets/{A['name']}/A").raise_for_status()
    google.say("DELETE", main).raise_for_status()
    assert google.say("GET", f"{main}/rrsets").status_code == 404


def test_nothing_of_a_certificate_goes_while_it_is_in_use(google: Google) -> None:
    google.made(f"{EDGE}/dnsAuthorizations", {"domain": "example.com"}, dnsAuthorizationId="a")
    record = google.say("GET", f"{EDGE}/dnsAuthorizations/a").json()["dnsResourceRecord"]
    assert (record["name"], record["type"]) == ("_acme-challenge.example.com.", "CNAME")
    managed = {
        "domains": ["example.com", "*.example.com"],
        "dnsAuthorizations": [f"{HERE}/dnsAuthorizations/a"],
    }
    google.made(f"{EDGE}/certificates", {"managed": managed}, certificateId="c")
    google.made(f"{EDGE}/certificateMaps", {}, certificateMapId="m")
    entry = {"hostname": "example.com", "certificates": [f"{HERE}/certificates/c"]}
    google.made(f"{EDGE}/certificateMaps/m/certificateMapEntries", entry, certificateMapEntryId="e")
    order = [
        "certificateMaps/m/certificateMapEntries/e",
        "certificateMaps/m",
        "certificates/c",
        "dnsAuthorizations/a",
    ]
    for still in order[1:]:
        assert google.say("DELETE", f"{EDGE}/{still}").status_code == 400, still
    for one in order:
        google.say("DELETE", f"{EDGE}/{one}").raise_for_status()


def test_a_certificate_waits_for_its_record(google: Google) -> None:
    google.made(f"{EDGE}/dnsAuthorizations", {"domain": "example.com"}, dnsAuthorizationId="a")
    record = google.say("GET", f"{EDGE}/dnsAuthorizations/a").json()["dnsResourceRecord"]
    managed = {"domains": ["example.com"], "dnsAuthorizations": [f"{HERE}/dnsAuthorizations/a"]}
    google.made(f"{EDGE}/certificates", {"managed": managed}, certificateId="c")
    waiting = google.say("GET", f"{EDGE}/certificates/c").json()["managed"]
    assert (waiting["state"], waiting["authorizationAttemptInfo"][0]["state"]) == ("PROVISIONING", "FAILED")
    shown = {"name": record["name"], "type": "CNAME", "ttl": 60, "rrdatas": [record["data"]]}
    google.made(f"{zone(google)}/changes", {"additions": [shown]})
    assert google.say("GET", f"{EDGE}/certificates").json()["certificates"][0]["managed"]["state"] == "ACTIVE"


def test_a_record_elsewhere_proves_as_well(google: Google) -> None:
    google.made(f"{EDGE}/dnsAuthorizations", {"domain": "example.org"}, dnsAuthorizationId="a")
    record = google.say("GET", f"{EDGE}/dnsAuthorizations/a").json()["dnsResourceRecord"]
    google.world.elsewhere[(record["name"], "CNAME")] = [record["data"]]
    managed = {"domains": ["example.org"], "dnsAuthorizations": [f"{HERE}/dnsAuthorizations/a"]}
    google.made(f"{EDGE}/certificates", {"managed": managed}, certificateId="c")
    assert google.say("GET", f"{EDGE}/certificates/c").json()["managed"]["state"] == "ACTIVE"


def ordered(google: Google, domain: str) -> dict[str, Any]:
    """A certificate `c` for a domain, and the record it waits for."""
    body = {"domain": domain, "type": "PER_PROJECT_RECORD"}
    google.made(f"{EDGE}/dnsAuthorizations", body, dnsAuthorizationId="a")
    managed = {"domains": [domain], "dnsAuthorizations": [f"{HERE}/dnsAuthorizations/a"]}
    google.made(f"{EDGE}/certificates", {"managed": managed}, certificateId="c")
    record: dict[str, Any] = google.say("GET", f"{EDGE}/dnsAuthorizations/a").json()["dnsResourceRecord"]
    return record


def managed(google: Google) -> dict[str, Any]:
    found: dict[str, Any] = google.say("GET", f"{EDGE}/certificates/c").json()["managed"]
    return found


def test_a_certificate_takes_its_time_after_the_proof(google: Google) -> None:
    google.world.issuing.takes = 600.0
    record = ordered(google, "example.org")
    assert record["name"].startswith("_acme-challenge_")
    google.world.clock.pass_time(3600)
    google.world.elsewhere[record["name"], "CNAME"] = [record["data"]]
    assert managed(google)["state"] == "PROVISIONING"
    google.world.clock.pass_time(599)
    assert managed(google)["state"] == "PROVISIONING"
    assert managed(google)["authorizationAttemptInfo"] == [{"domain": "example.org", "state": "AUTHORIZED"}]
    google.world.clock.pass_time(1)
    assert managed(google)["state"] == "ACTIVE"


def test_what_is_proved_too_late_has_failed_for_good(google: Google) -> None:
    record = ordered(google, "example.org")
    google.world.elsewhere[record["name"], "CNAME"] = ["somebody.example."]
    attempt = managed(google)["authorizationAttemptInfo"][0]
    assert attempt["troubleshooting"]["cname"]["resolvedData"] == ["somebody.example."]
    google.world.clock.pass_time(google.world.issuing.patience)
    assert managed(google)["state"] == "FAILED"
    google.world.elsewhere[record["name"], "CNAME"] = [record["data"]]
    assert managed(google)["state"] == "FAILED"


def test_a_caa_record_above_a_domain_forbids_its_certificate_and_a_nearer_one_allows_it(
    google: Google,
) -> None:
    google.world.elsewhere["example.org.", "CAA"] = ['0 issue "letsencrypt.org"']
    record = ordered(google, "www.example.org")
    google.world.elsewhere[record["name"], "CNAME"] = [record["data"]]
    assert managed(google)["authorizationAttemptInfo"][0]["failureReason"] == "CAA"
    google.world.elsewhere["www.example.org.", "CAA"] = ['0 issue "pki.goog"']
    assert managed(google)["state"] == "ACTIVE"


def test_a_lenient_simulator_asks_no_dns(google: Google) -> None:
    google.world.issuing.is_lenient = True
    ordered(google, "example.org")
    assert managed(google)["state"] == "ACTIVE"


def test_a_map_has_one_entry_for_a_host(google: Google) -> None:
    ordered(google, "example.org")
    google.made(f"{EDGE}/certificateMaps", {}, certificateMapId="m")
    entry = {"hostname": "example.org", "certificates": [f"{HERE}/certificates/c"]}
    entries = f"{EDGE}/certificateMaps/m/certificateMapEntries"
    google.made(entries, entry, certificateMapEntryId="e")
    assert google.say("POST", entries, entry, certificateMapEntryId="f").status_code == 409
    google.made(entries, {**entry, "hostname": "shop.example.org"}, certificateMapEntryId="f")


def test_a_url_map_leads_only_to_what_is_there_and_each_host_once(google: Google) -> None:
    google.made(f"{GLOBAL}/backendServices", {"name": "b"})
    matcher = {"name": "b", "defaultService": f"{LINK}/backendServices/b"}
    rule = {"hosts": ["shop.example"], "pathMatcher": "b"}
    good = {"name": "m", "hostRules": [rule], "pathMatchers": [matcher]}
    for wrong in (
        {**good, "hostRules": [rule, rule]},
        {**good, "pathMatchers": []},
        {**good, "pathMatchers": [{**matcher, "defaultService": f"{LINK}/backendServices/none"}]},
        {**good, "description": "x" * 1024 * 1024},
    ):
        assert google.say("POST", f"{GLOBAL}/urlMaps", wrong).status_code == 400
    google.made(f"{GLOBAL}/urlMaps", good)
    assert google.say("DELETE", f"{GLOBAL}/backendServices/b").status_code == 400


def test_a_star_covers_one_label_and_is_proved_by_dns(google: Google) -> None:
    for domain in ("*.example.com", "*.*.example.com", "shop.*.com"):
        assert (
            google.say(
                "POST", f"{EDGE}/certificates", {"managed": {"domains": [domain]}}, certificateId="c"
            ).status_code
            == 400
        )
    unknown = {"domains": ["example.com"], "dnsAuthorizations": [f"{HERE}/dnsAuthorizations/none"]}
    assert (
        google.say("POST", f"{EDGE}/certificates", {"managed": unknown}, certificateId="c").status_code == 400
    )
    many = {"hostname": "example.com", "certificates": [f"{HERE}/certificates/{n}" for n in range(5)]}
    google.made(f"{EDGE}/certificateMaps", {}, certificateMapId="m")
    assert (
        google.say(
            "POST", f"{EDGE}/certificateMaps/m/certificateMapEntries", many, certificateMapEntryId="e"
        ).status_code
        == 400
    )


def test_an_url_map_refers_to_what_is_there_and_keeps_it(google: Google) -> None:
    body = {"name": "edge", "defaultService": f"{LINK}/backendServices/sites"}
    assert google.say("POST", f"{GLOBAL}/urlMaps", body).status_code == 400
    google.made(f"{GLOBAL}/backendServices", {"name": "sites", "loadBalancingScheme": "EXTERNAL_MANAGED"})
    google.made(f"{GLOBAL}/urlMaps", body)
    refused = google.say("DELETE", f"{GLOBAL}/backendServices/sites")
    assert refused.json()["error"]["errors"][0]["reason"] == "resourceInUseByAnotherResource"
    google.say("DELETE", f"{GLOBAL}/urlMaps/edge").raise_for_status()
    google.say("DELETE", f"{GLOBAL}/backendServices/sites").raise_for_status()


def test_two_writers_of_an_url_map_can_not_both_win(google: Google) -> None:
    google.made(f"{GLOBAL}/urlMaps", {"name": "edge"})
    seen = google.say("GET", f"{GLOBAL}/urlMaps/edge").json()["fingerprint"]
    first = {"fingerprint": seen, "hostRules": [{"hosts": ["a.example"], "pathMatcher": "a"}]}
    google.say("PATCH", f"{GLOBAL}/urlMaps/edge", first).raise_for_status()
    late = google.say("PATCH", f"{GLOBAL}/urlMaps/edge", {**first, "hostRules": []})
    assert (late.status_code, late.json()["error"]["errors"][0]["reason"]) == (412, "conditionNotMet")
    assert google.say("GET", f"{GLOBAL}/urlMaps/edge").json()["hostRules"] == first["hostRules"]


def test_a_purge_wants_a_map_and_a_path(google: Google) -> None:
    google.made(f"{GLOBAL}/urlMaps", {"name": "edge"})
    google.made(f"{GLOBAL}/urlMaps/edge/invalidateCache", {"host": "shop.example", "path": "/*"})
    assert google.say("POST", f"{GLOBAL}/urlMaps/edge/invalidateCache", {"path": "news"}).status_code == 400
    assert google.say("POST", f"{GLOBAL}/urlMaps/none/invalidateCache", {"path": "/*"}).status_code == 404


def test_so_many_purges_fit_into_a_minute(google: Google) -> None:
    google.made(f"{GLOBAL}/urlMaps", {"name": "edge"})
    google.world.purges = [google.world.clock.now()] * 499
    purge = {"host": "shop.example", "path": "/*"}
    google.made(f"{GLOBAL}/urlMaps/edge/invalidateCache", purge)
    assert google.say("POST", f"{GLOBAL}/urlMaps/edge/invalidateCache", purge).status_code == 429
    google.world.clock.pass_time(61)
    google.made(f"{GLOBAL}/urlMaps/edge/invalidateCache", purge)


def test_a_policy_is_attached_by_name(google: Google) -> None:
    google.made(f"{GLOBAL}/firewallPolicies", {"name": "rules"})
    rules = f"{GLOBAL}/firewallPolicies/rules"
    assert google.say("GET", f"{rules}/getAssociation", name="net").status_code == 404
    google.made(f"{rules}/addAssociation", {"name": "net", "attachmentTarget": "x"})
    assert google.say("GET", f"{rules}/getAssociation", name="net").json()["attachmentTarget"] == "x"
    google.say("POST", f"{rules}/removeAssociation", None, name="net").raise_for_status()
    assert google.say("GET", f"{rules}/getAssociation", name="net").status_code == 404


def test_rules_of_a_policy_have_each_their_priority(google: Google) -> None:
    google.made(f"{GLOBAL}/securityPolicies", {"name": "waf"})
    waf = f"{GLOBAL}/securityPolicies/waf"
    rule = {"priority": 1000, "action": "deny(403)", "match": {"expr": {"expression": "true"}}}
    google.made(f"{waf}/addRule", rule)
    assert google.say("POST", f"{waf}/addRule", rule).status_code == 400
    assert google.say("GET", f"{waf}/getRule", priority="1000").json()["action"] == "deny(403)"
    assert google.say("GET", f"{waf}/getRule", priority="9").status_code == 400
    assert google.say("GET", f"{waf}/getRule", priority="2147483647").status_code == 200
    google.say("POST", f"{waf}/removeRule", None, priority="1000").raise_for_status()
    assert google.say("GET", f"{waf}/getRule", priority="1000").status_code == 400


def test_a_name_in_compute_is_a_label_of_a_host(google: Google) -> None:
    for wrong in ("Edge", "edge_1", "-edge", "e" * 64):
        assert google.say("POST", f"{GLOBAL}/urlMaps", {"name": wrong}).status_code == 400
