"""What Cloud CDN keeps, for how long and under which key: the rules alone."""

import pytest

from gcpsim.machines.cache import Cache, Kept
from gcpsim.machines.caching import Said, key, lifetime
from gcpsim.wire import Json

ORIGIN: Json = {"cacheMode": "USE_ORIGIN_HEADERS"}
STATIC: Json = {"cacheMode": "CACHE_ALL_STATIC"}
FORCED: Json = {"cacheMode": "FORCE_CACHE_ALL", "defaultTtl": 30}
NEGATIVE: Json = {**ORIGIN, "negativeCaching": True}


def said(status: int = 200, **headers: str) -> Said:
    return Said(status, {name.replace("_", "-"): (value,) for name, value in headers.items()})


@pytest.mark.parametrize(
    ("policy", "answer", "seconds"),
    [
        (ORIGIN, said(cache_control="public, max-age=60"), 60),
        (ORIGIN, said(cache_control="max-age=60, s-maxage=5"), 5),
        (ORIGIN, said(cache_control="max-age=0, must-revalidate"), 0),
        (ORIGIN, said(date="Sat, 28 Nov 2026 10:00:00 GMT", expires="Sat, 28 Nov 2026 10:02:00 GMT"), 120),
        (ORIGIN, said(date="Sat, 28 Nov 2026 10:00:00 GMT", expires="0"), 0),
        (ORIGIN, said(), 0),
        (ORIGIN, said(cache_control="no-store, max-age=60"), 0),
        (ORIGIN, said(cache_control="no-cache, max-age=60"), 0),
        (ORIGIN, said(cache_control="private, max-age=60"), 0),
        (ORIGIN, said(cache_control="max-age=60", set_cookie="a=1"), 0),
        (ORIGIN, said(cache_control="max-age=60", vary="Accept-Encoding, Origin"), 60),
        (ORIGIN, said(cache_control="max-age=60", vary="Cookie"), 0),
        (ORIGIN, said(cache_control="max-age=60", vary="*"), 0),
        (ORIGIN, said(500, cache_control="max-age=60"), 0),
        (ORIGIN, said(206, cache_control="max-age=60"), 0),
        (ORIGIN, said(404), 0),
        (NEGATIVE, said(404), 120),
        (NEGATIVE, said(404, cache_control="no-store"), 0),
        (NEGATIVE, said(404, cache_control="max-age=9"), 9),
        (STATIC, said(content_type="image/png"), 3600),
        (STATIC, said(content_type="text/html"), 0),
        (STATIC, said(cache_control="max-age=999999"), 86400),
        (FORCED, said(cache_control="private"), 30),
        (FORCED, said(set_cookie="a=1"), 0),
    ],
)
def test_an_answer_is_kept_as_long_as_origin_and_policy_say(
    policy: Json, answer: Said, seconds: float
) -> None:
    assert lifetime(policy, answer, {}) == seconds


def test_what_was_asked_with_a_password_is_kept_only_where_the_origin_says_so() -> None:
    secret = {"authorization": "Basic x"}
    assert lifetime(ORIGIN, said(cache_control="max-age=60"), secret) == 0
    assert lifetime(ORIGIN, said(cache_control="public, max-age=60"), secret) == 60
    assert lifetime(ORIGIN, said(cache_control="max-age=60"), {"cache-control": "no-store"}) == 0


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (None, "https://a.test/x?b=1&a=2"),
        ({}, "/x"),
        ({"includeHost": True}, "a.test/x"),
        (
            {"includeHost": True, "includeProtocol": True, "includeQueryString": True},
            "https://a.test/x?b=1&a=2",
        ),
        ({"includeQueryString": True, "queryStringWhitelist": ["a"]}, "/x?a=2"),
        ({"includeQueryString": True, "queryStringBlacklist": ["a"]}, "/x?b=1"),
    ],
)
def test_a_key_has_what_the_policy_includes_and_no_more(told: Json | None, expected: str) -> None:
    policy: Json = {} if told is None else {"cacheKeyPolicy": told}
    assert key(policy, ("https", "a.test", "/x?b=1&a=2"), {"accept": "*/*"}) == expected


def test_a_header_that_the_policy_names_is_part_of_the_key() -> None:
    policy: Json = {"cacheKeyPolicy": {"includeHost": True, "includeHttpHeaders": ["X-Proof", "X-Host"]}}
    asked = ("https", "a.test", "/x")
    keys = {key(policy, asked, told) for told in ({}, {"x-proof": "1"}, {"x-proof": "2"}, {"x-host": "1"})}
    assert len(keys) == 4
    assert key(policy, asked, {"x-other": "1"}) == key(policy, asked, {})


def kept(cache: Cache, answer: Said, *, stale: float = 0, mark: int = 0, **asked: str) -> None:
    one = Kept(answer, b"page", "map", "a.test", "/x", 0.0, 60.0, stale)
    cache.keep(("backend", "/x"), asked, one, mark)


def test_answers_that_differ_by_a_header_are_kept_apart() -> None:
    cache = Cache(lambda: 0.0)
    kept(cache, said(vary="Accept-Encoding"), **{"accept-encoding": "gzip"})
    assert cache.find("backend", "/x", {"accept-encoding": "gzip"})
    assert not cache.find("backend", "/x", {"accept-encoding": "br"})


def test_a_stale_page_is_served_for_as_long_as_the_policy_lets_it() -> None:
    now = [0.0]
    cache = Cache(lambda: now[0])
    kept(cache, said(), stale=10)
    fresh = cache.find("backend", "/x", {})
    assert fresh
    assert cache.is_fresh(fresh)
    now[0] = 65.0
    stale = cache.find("backend", "/x", {})
    assert stale
    assert not cache.is_fresh(stale)
    now[0] = 70.0
    assert not cache.find("backend", "/x", {})


def test_what_was_asked_for_before_a_purge_is_not_kept_after_it() -> None:
    cache = Cache(lambda: 0.0)
    before = cache.mark()
    cache.invalidate("map", {"host": "a.test", "path": "/*"}, 0.0)
    kept(cache, said(), mark=before)
    assert not cache.find("backend", "/x", {})
    kept(cache, said(), mark=cache.mark())
    assert cache.find("backend", "/x", {})
