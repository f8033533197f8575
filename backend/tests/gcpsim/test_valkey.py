"""Memorystore with a real server behind it: who comes in, what they reach, and when."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from aipress.clouds.gcp import caches
from gcpsim.wire import Json
from tests.clouds.gcp.rig import ENVIRONMENT
from tests.gcpsim.servers import Google, need, own_folder, own_net, running, valkey

APIS = {
    "redis": ("/redis/v1/projects/p/locations/r", "clusters", "clusterId", "AUTH_MODE_TOKEN_AUTH"),
    "memorystore": ("/memorystore/v1/projects/p/locations/r", "instances", "instanceId", "TOKEN_AUTH"),
}
PASSWORD = "a-password_of-ours"
NEIGHBOUR = replace(ENVIRONMENT, id="ba9876543210", tenant="tnt_other")


def line(address: str, **more: object) -> redis.Redis:
    """Connected as anyone is, over the network, and not asking again when refused."""
    return redis.Redis(address, 6379, decode_responses=True, retry=Retry(NoBackoff(), 0), **more)


@pytest.fixture(scope="module")
def google() -> Iterator[Google]:
    need("redis-server")
    with own_net() as net, own_folder() as folder, running(folder, net, valkey) as made:
        yield made


@pytest.fixture(params=["redis", "memorystore"])
def cache(google: Google, request: pytest.FixtureRequest) -> Iterator["Cache"]:
    """A cache that goes by a policy in which nobody stands yet."""
    made = Cache(google, *APIS[request.param])
    google.done(
        "POST",
        f"{made.here}/aclPolicies",
        {"rules": [{"username": "default", "rule": "off"}]},
        aclPolicyId="users",
    )
    body = {"authorizationMode": made.mode, "aclPolicy": made.policy}
    begun = google.done("POST", f"{made.here}/{made.kind}", body, **{made.id: "c"})
    assert begun["response"]["@type"].endswith(("Cluster", "Instance"))
    yield made
    google.done("DELETE", made.path)
    google.done("DELETE", f"{made.here}/aclPolicies/users")


class Cache:
    """One cache, in the words of its API."""

    def __init__(self, google: Google, here: str, kind: str, id: str, mode: str) -> None:
        self.google, self.here, self.kind, self.id, self.mode = google, here, kind, id, mode
        self.path, self.policy = f"{here}/{kind}/c", "projects/p/locations/r/aclPolicies/users"

    def line(self, user: str | None = None, password: str | None = None) -> redis.Redis:
        """Connected as anyone is, over the network."""
        address = self.google.read(self.path)["discoveryEndpoints"][0]
        return line(address["address"], username=user, password=password)

    def write_rules(self, rules: list[Json]) -> Json:
        return self.google.done(
            "PATCH", f"{self.here}/aclPolicies/users", {"rules": rules}, updateMask="rules"
        )


def test_a_policys_user_comes_in_at_once_with_its_password_and_reaches_its_own_keys(cache: Cache) -> None:
    rules = [{"username": "default", "rule": "off"}, caches.rule(ENVIRONMENT, PASSWORD)]
    cache.write_rules([*rules, caches.rule(NEIGHBOUR, "theirs-alone")])
    own = caches.cache_of(ENVIRONMENT)
    with cache.line(own.user, PASSWORD) as way_in:
        way_in.set(f"{own.prefix}a", "1", ex=60)
        assert way_in.get(f"{own.prefix}a") == "1"
        for words in (("GET", f"{caches.cache_of(NEIGHBOUR).prefix}a"), ("FLUSHALL",), ("ACL", "LIST")):
            with pytest.raises(redis.exceptions.NoPermissionError):
                way_in.execute_command(*words)
        cache.write_rules([*rules, caches.rule(NEIGHBOUR, "another-now")])
        assert way_in.get(f"{own.prefix}a") == "1"  # whose rule stays, stays connected
    with cache.line(caches.cache_of(NEIGHBOUR).user, "theirs-alone") as way_in:
        pytest.raises(redis.exceptions.AuthenticationError, way_in.ping)
    cache.write_rules(rules[:1])
    with cache.line(own.user, PASSWORD) as way_in:
        pytest.raises(redis.exceptions.AuthenticationError, way_in.ping)
    with cache.line() as way_in:
        pytest.raises(redis.exceptions.AuthenticationError, way_in.ping)


def test_a_rule_no_server_understands_changes_nothing(cache: Cache) -> None:
    known = [{"username": "default", "rule": "off"}, {"username": "a", "rule": f"on >{PASSWORD} ~a:* +@all"}]
    cache.write_rules(known)
    wrong = [{"username": "a", "rule": "off"}, {"username": "b", "rule": "on +@no-such-category"}]
    path = f"{cache.here}/aclPolicies/users"
    assert cache.google.say("PATCH", path, {"rules": wrong}, updateMask="rules").status == 400
    assert cache.google.read(path)["rules"] == known
    with cache.line("a", PASSWORD) as way_in:
        assert way_in.set("a:1", "x")
    twice = [known[1], known[1]]
    assert cache.google.say("PATCH", path, {"rules": twice}, updateMask="rules").status == 400
    own = [{"username": "gcpsim", "rule": "off"}]
    assert cache.google.say("PATCH", path, {"rules": own}, updateMask="rules").status == 400
    assert PASSWORD not in str(cache.google.world.journal.entries)


def test_a_user_with_tokens_comes_in_with_each_until_it_goes(cache: Cache) -> None:
    google, user = cache.google, f"{cache.path}/tokenAuthUsers/w1"
    google.done("POST", f"{cache.path}:addTokenAuthUser", {"tokenAuthUser": "w1"})
    assert google.say("POST", f"{cache.path}:addTokenAuthUser", {"tokenAuthUser": "w1"}).status == 409
    for _ in range(2):
        google.done("POST", f"{user}:addAuthToken", {"authToken": {}})
    first, second = google.read(f"{user}/authTokens")["authTokens"]
    cache.write_rules([{"username": "w1", "rule": "on ~w1:* +@all"}])
    for token in (first, second):
        with cache.line("w1", token["token"]) as way_in:
            way_in.set("w1:a", "1")
            with pytest.raises(redis.exceptions.NoPermissionError):
                way_in.get("w2:a")
    api = cache.here.split("/")[1]
    google.done("DELETE", f"/{api}/v1/{first['name']}")
    with cache.line("w1", first["token"]) as way_in:
        pytest.raises(redis.exceptions.AuthenticationError, way_in.ping)
    assert google.say("DELETE", user).status == 400
    google.done("DELETE", user, force="true")
    with cache.line("w1", second["token"]) as way_in:
        pytest.raises(redis.exceptions.AuthenticationError, way_in.ping)
    assert google.say("GET", user).status == 404


def test_a_policy_tells_who_goes_by_it_and_stays_as_long(cache: Cache) -> None:
    cache.write_rules([{"username": "a", "rule": "off"}])
    policy = cache.google.read(f"{cache.here}/aclPolicies/users")
    told = policy.get("clusterAclPolicyAttachments") or policy["instanceAclPolicyAttachments"]
    assert [one.get("cluster", one.get("instance")) for one in told] == [cache.path.split("/v1/")[1]]
    info = cache.google.read(cache.path)["aclPolicyInfo"]
    assert info["appliedAclPolicyRevision"] == f"{cache.policy}/revisions/2"
    revisions = cache.google.read(f"{cache.here}/aclPolicies/users/revisions")["aclPolicyRevisions"]
    assert [one["snapshot"]["rules"][0]["username"] for one in revisions] == ["default", "a"]
    assert cache.google.say("DELETE", f"{cache.here}/aclPolicies/users").status == 400
    other = {"authorizationMode": cache.mode, "aclPolicy": "projects/p/locations/r/aclPolicies/none"}
    assert cache.google.say("POST", f"{cache.here}/{cache.kind}", other, **{cache.id: "d"}).status == 404


def test_without_a_policy_or_tokens_everybody_comes_in(google: Google) -> None:
    here = APIS["memorystore"][0]
    network = "projects/p/global/networks/n"
    body = {
        "mode": "CLUSTER_DISABLED",
        "pscAutoConnections": [{"projectId": "p", "network": network}],
        "engineConfigs": {"maxmemory-policy": "allkeys-lru"},
    }
    google.done("POST", f"{here}/instances", body, instanceId="open")
    shown = google.read(f"{here}/instances/open")
    way = shown["endpoints"][0]["connections"][0]["pscAutoConnection"]
    assert (shown["state"], way["network"]) == ("ACTIVE", network)
    with line(way["ipAddress"]) as way_in:
        assert way_in.config_get("maxmemory-policy") == {"maxmemory-policy": "allkeys-lru"}
        changed = {"engineConfigs": {"maxmemory-policy": "noeviction"}}
        google.done("PATCH", f"{here}/instances/open", changed, updateMask="engineConfigs")
        assert way_in.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}
        locked = {"authorizationMode": "TOKEN_AUTH"}
        google.done("PATCH", f"{here}/instances/open", locked, updateMask="authorizationMode")
    with line(way["ipAddress"]) as way_in:
        pytest.raises(redis.exceptions.AuthenticationError, way_in.ping)
    google.done("DELETE", f"{here}/instances/open")


def test_a_redis_instance_has_one_password_and_speaks_tls_when_asked_to(
    google: Google, tmp_path: Path
) -> None:
    instances = f"{APIS['redis'][0]}/instances"
    body = {"tier": "BASIC", "memorySizeGb": 1, "authEnabled": True}
    google.done("POST", instances, body, instanceId="one")
    shown = google.read(f"{instances}/one")
    auth = google.read(f"{instances}/one/authString")["authString"]
    with line(shown["host"], password=auth) as way_in:
        assert way_in.ping()
    with line(shown["host"]) as way_in:
        pytest.raises(redis.exceptions.AuthenticationError, way_in.ping)
    google.done("DELETE", f"{instances}/one")
    clusters = f"{APIS['redis'][0]}/clusters"
    tls = {"transitEncryptionMode": "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"}
    google.done("POST", clusters, tls, clusterId="tls")
    told = google.read(f"{clusters}/tls/certificateAuthority")["managedServerCa"]["caCerts"][0][
        "certificates"
    ][0]
    (tmp_path / "ca.pem").write_text(told)
    address = google.read(f"{clusters}/tls")["discoveryEndpoints"][0]["address"]
    with line(address, ssl=True, ssl_ca_certs=str(tmp_path / "ca.pem")) as way_in:
        assert way_in.ping()
    google.done("DELETE", f"{clusters}/tls")


def test_caches_come_back_empty_with_their_users_and_go(tmp_path: Path) -> None:
    need("redis-server")
    here, kind, _, mode = APIS["redis"]
    hashed = hashlib.sha256(PASSWORD.encode()).hexdigest()
    with own_net() as net, own_folder() as folder:
        with running(folder, net, valkey) as google:
            rules = {"rules": [{"username": "w1", "rule": f"on #{hashed} ~* +@all"}]}
            google.done("POST", f"{here}/aclPolicies", rules, aclPolicyId="users")
            body = {"authorizationMode": mode, "aclPolicy": "projects/p/locations/r/aclPolicies/users"}
            google.done("POST", f"{here}/{kind}", body, clusterId="c")
        with running(folder, net, valkey) as google:
            address = google.read(f"{here}/{kind}/c")["discoveryEndpoints"][0]["address"]
            assert address == f"127.{net + 1}.0.2"
            with line(address, username="w1", password=PASSWORD) as way_in:
                assert way_in.dbsize() == 0
            google.done("DELETE", f"{here}/{kind}/c")
            assert list((folder / "caches").iterdir()) == []
