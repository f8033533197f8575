"""What stands between visitors and containers: who is let in, what is kept, and what is written down of it."""

import httpx
import pytest

from gcpsim.wire import Json
from tests.gcpsim.running import COMPUTE, SERVICES, Place, eventually, service

KEEPS = {
    "cacheMode": "USE_ORIGIN_HEADERS",
    "cacheKeyPolicy": {"includeHost": True, "includeProtocol": True, "includeQueryString": True},
}
MIXES = {"cacheMode": "USE_ORIGIN_HEADERS", "cacheKeyPolicy": {"includeQueryString": True}}
FOR_A_MINUTE = {"h-cache-control": "public, max-age=60", "h-cache-tag": "page"}


@pytest.fixture(scope="module")
def sites(place: Place) -> Place:
    """Two services behind a cache that keeps hosts apart, one that does not, and none."""
    place.open_door("keeping.test", KEEPS)
    place.open_door("mixing.test", MIXES)
    for name in ("one", "two"):
        place.deploy(name, service())
    return place


def at(place: Place, host: str, path: str = "/", **query: str) -> httpx.Response:
    with place.visitor(host) as visitor:
        return visitor.get(path, params=query)


def purge(place: Place, **wish: object) -> None:
    place.made(f"{COMPUTE}/global/urlMaps/edge/invalidateCache", dict(wish))


def test_a_page_is_kept_as_long_as_its_origin_says_and_not_longer(sites: Place) -> None:
    first, again = (at(sites, "one.keeping.test", **FOR_A_MINUTE) for _ in range(2))
    assert first.json()["at"] == again.json()["at"]
    assert ("age" in first.headers, again.headers["age"], again.headers["via"]) == (False, "0", "1.1 google")
    sites.world.clock.pass_time(59)
    assert at(sites, "one.keeping.test", **FOR_A_MINUTE).headers["age"] == "59"
    sites.world.clock.pass_time(2)
    assert at(sites, "one.keeping.test", **FOR_A_MINUTE).json()["at"] != first.json()["at"]


@pytest.mark.parametrize(
    "more",
    [
        {"h-set-cookie": "a=1"},
        {"h-cache-control": "private, max-age=60"},
        {"h-vary": "Cookie"},
        {"status": "500"},
    ],
)
def test_what_is_somebodys_own_is_not_kept(sites: Place, more: dict[str, str]) -> None:
    asked = {**FOR_A_MINUTE, **more}
    assert (
        at(sites, "one.keeping.test", "/own", **asked).json()["at"]
        != at(sites, "one.keeping.test", "/own", **asked).json()["at"]
    )


def test_a_stale_page_is_served_once_more_while_a_new_one_is_fetched(sites: Place) -> None:
    sites.open_door("stale.test", {**KEEPS, "serveWhileStale": 3600})
    first = at(sites, "one.stale.test", **FOR_A_MINUTE).json()["at"]
    sites.world.clock.pass_time(100)
    stale = at(sites, "one.stale.test", **FOR_A_MINUTE)
    assert (stale.json()["at"], stale.headers["age"]) == (first, "100")
    eventually(lambda: at(sites, "one.stale.test", **FOR_A_MINUTE).json()["at"] != first)


def test_who_has_a_kept_page_already_is_told_so(sites: Place) -> None:
    asked = {**FOR_A_MINUTE, "h-etag": '"v1"'}
    whole = at(sites, "one.keeping.test", "/tagged", **asked)
    with sites.visitor("one.keeping.test") as visitor:
        same = visitor.get("/tagged", params=asked, headers={"If-None-Match": '"v0", W/"v1"'})
        other = visitor.get("/tagged", params=asked, headers={"If-None-Match": '"v0"'})
        head = visitor.head("/tagged", params=asked)
    assert (same.status_code, same.content, same.headers["etag"]) == (304, b"", '"v1"')
    assert (other.status_code, other.content) == (200, whole.content)
    assert (head.headers["content-length"], head.content) == (str(len(whole.content)), b"")


def test_pitfall_09_without_the_host_in_the_key_one_site_shows_anothers_page(sites: Place) -> None:
    apart = [at(sites, f"{name}.keeping.test", "/same", **FOR_A_MINUTE).json() for name in ("one", "two")]
    assert [one["variables"]["K_SERVICE"] for one in apart] == ["one", "two"]
    mixed = [at(sites, f"{name}.mixing.test", "/same", **FOR_A_MINUTE).json() for name in ("one", "two")]
    assert [one["variables"]["K_SERVICE"] for one in mixed] == ["one", "one"]


@pytest.mark.parametrize(
    ("wish", "forgotten"),
    [
        ({"host": "one.keeping.test", "path": "/*"}, True),
        ({"host": "one.keeping.test", "path": "/shop"}, True),
        ({"host": "one.keeping.test", "path": "/shops/*"}, False),
        ({"host": "two.keeping.test", "path": "/*"}, False),
        ({"path": "/*", "cacheTags": ["page"]}, True),
        ({"path": "/*", "cacheTags": ["other"]}, False),
    ],
)
def test_a_purge_forgets_what_it_means(sites: Place, wish: dict[str, object], forgotten: bool) -> None:
    first = at(sites, "one.keeping.test", "/shop", **FOR_A_MINUTE).json()["at"]
    purge(sites, **wish)
    assert (at(sites, "one.keeping.test", "/shop", **FOR_A_MINUTE).json()["at"] != first) is forgotten


def test_a_purge_takes_the_time_it_takes(sites: Place) -> None:
    first = at(sites, "one.keeping.test", "/later", **FOR_A_MINUTE).json()["at"]
    sites.world.latency = 10
    purge(sites, host="one.keeping.test", path="/*")
    sites.world.latency = 0
    assert at(sites, "one.keeping.test", "/later", **FOR_A_MINUTE).json()["at"] == first
    sites.world.clock.pass_time(10)
    assert at(sites, "one.keeping.test", "/later", **FOR_A_MINUTE).json()["at"] != first


def test_a_container_is_told_who_asks_as_google_tells_it(sites: Place) -> None:
    with sites.visitor("one.example.test") as visitor:
        said = {
            "X-Forwarded-For": "203.0.113.9",
            "X-Forwarded-Proto": "gopher",
            "X-Cloud-Trace-Context": f"{'a' * 32}/7;o=1",
        }
        told = dict(visitor.get("/", headers=said).json()["headers"])
    assert told["x-forwarded-for"] == "203.0.113.9,127.0.0.1,192.0.2.1"
    assert (told["x-forwarded-proto"], told["via"], told["host"]) == (
        "http",
        "1.1 google",
        "one.example.test",
    )
    assert told["x-cloud-trace-context"] == f"{'a' * 32}/7;o=1"


def test_who_comes_past_the_load_balancer_finds_nobody(sites: Place) -> None:
    assert at(sites, "one-simulated-europe-west1.a.run.app").status_code == 404
    changed = {**service(), "ingress": "INGRESS_TRAFFIC_ALL"}
    sites.done(sites.say("PATCH", f"{SERVICES}/one", changed, updateMask="ingress"))
    direct = at(sites, "one-simulated-europe-west1.a.run.app").json()
    assert dict(direct["headers"])["x-forwarded-for"] == "127.0.0.1"
    sites.done(
        sites.say("PATCH", f"{SERVICES}/one", {"invokerIamDisabled": False}, updateMask="invokerIamDisabled")
    )
    assert at(sites, "one.example.test").status_code == 403
    everybody = {"bindings": [{"role": "roles/run.invoker", "members": ["allUsers"]}]}
    sites.made(f"{SERVICES}/one:setIamPolicy", {"policy": everybody})
    assert at(sites, "one.example.test").status_code == 200
    sites.done(
        sites.say(
            "PATCH", f"{SERVICES}/one", {"ingress": "INGRESS_TRAFFIC_INTERNAL_ONLY"}, updateMask="ingress"
        )
    )
    assert at(sites, "one.example.test").status_code == 404
    sites.done(sites.say("PATCH", f"{SERVICES}/one", {**service()}, updateMask="ingress,invokerIamDisabled"))


def test_what_a_container_prints_and_what_is_asked_of_it_is_in_the_log(sites: Place) -> None:
    trace = "b" * 32
    with sites.visitor("two.example.test") as visitor:
        line = f'{{"severity":"ERROR","message":"too hot","source":"oven","logging.googleapis.com/trace":"projects/p/traces/{trace}"}}'
        visitor.get("/print", params={"text": line})
        visitor.get("/print", params={"text": "plain words", "to": "stderr"})
        visitor.get(
            "/tea",
            params={"status": "418"},
            headers={"X-Cloud-Trace-Context": f"{trace}/9", "User-Agent": "kettle"},
        )
    ours = 'resource.type="cloud_run_revision" AND resource.labels.service_name="two" AND labels.tenant="t-1" AND '
    (hot,) = eventually(
        lambda: sites.entries(
            ours + 'severity>=ERROR AND jsonPayload.message:"hot" AND jsonPayload.source="oven"'
        )
    )
    assert (hot["logName"], hot["trace"]) == (
        "projects/p/logs/run.googleapis.com%2Fstdout",
        f"projects/p/traces/{trace}",
    )
    assert hot["jsonPayload"] == {"message": "too hot", "source": "oven"}
    (plain,) = eventually(lambda: sites.entries(ours + 'textPayload="plain words"'))
    assert plain["logName"].endswith("%2Fstderr")
    asked = eventually(
        lambda: sites.entries(ours + f'trace="projects/p/traces/{trace}" AND logName:"requests"')
    )
    assert [
        (one["severity"], one["httpRequest"]["status"], one["httpRequest"]["userAgent"]) for one in asked
    ] == [("WARNING", 418, "kettle")]
    assert asked[0]["httpRequest"]["requestUrl"] == "http://two.example.test/tea?status=418"
    (front,) = eventually(
        lambda: sites.entries(f'resource.type="http_load_balancer" AND trace="projects/p/traces/{trace}"')
    )
    assert (front["jsonPayload"]["statusDetails"], front["httpRequest"]["cacheHit"]) == (
        "response_sent_by_backend",
        False,
    )


def test_figures_say_what_happened(sites: Place) -> None:
    sites.let_all_sleep()
    sites.world.clock.pass_time(7200)
    with sites.visitor("two.example.test") as visitor:
        for status in ("200", "200", "200", "503"):
            visitor.get("/", params={"status": status, "seconds": "0.05"})
    of_two = ' AND resource.labels.service_name="two"'

    def one(
        type: str, reducer: str = "REDUCE_SUM", aligner: str = "ALIGN_DELTA", condition: str = ""
    ) -> Json:
        series = sites.figure(type, aligner, reducer, of_two + condition)
        return dict(series[0]["points"][0]["value"]) if series else {}

    eventually(lambda: one("request_count") == {"doubleValue": 4.0})
    failed = ' AND metric.labels.response_code_class="5xx"'
    eventually(lambda: one("request_count", condition=failed) == {"doubleValue": 1.0})
    assert 30 < float(one("request_latencies", "REDUCE_PERCENTILE_50")["doubleValue"]) < 5000
    assert one("container/startup_latencies")["distributionValue"]["count"] == "1"
    assert one("container/network/sent_bytes_count")["doubleValue"] > 1000
    eventually(lambda: one("container/instance_count", aligner="ALIGN_MAX") == {"doubleValue": 1.0})

    def paid() -> bool:
        billed = float(one("container/billable_instance_time").get("doubleValue", 0))
        return billed > 0.2 and one("container/cpu/allocation_time") == {"doubleValue": billed}

    eventually(paid)
