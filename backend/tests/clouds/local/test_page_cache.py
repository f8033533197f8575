"""The edge's page cache with a real WordPress behind it: what is kept, who never gets a kept page, and that none is anybody's."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from aipress.clouds.local.edge_config import Edge
from tests.clouds.local import rig
from tests.clouds.local.environment import Site
from tests.clouds.local.keeping import Kept, prepare
from tests.clouds.local.tickets import follow, leave_ticket

pytestmark = rig.needs_root


class TestKeeping:
    @pytest.mark.parametrize(
        ("path", "status"),
        [
            ("/", 200),
            ("/rye-bread/", 200),
            ("/blog/", 200),
            ("/feed/", 200),
            ("/wp-sitemap.xml", 200),
            ("/?p=4&x=1", 301),
            ("/rye-bread", 301),
            ("/no-such-page/", 404),
        ],
    )
    def test_the_second_visitor_gets_what_the_first_one_got(self, kept: Kept, path: str, status: int) -> None:
        kept.purge()
        first, second = kept.look(path), kept.look(path)
        assert (first.cache, first.status) == ("MISS", status)
        assert (second.cache, second.status, second.text) == ("HIT", status, first.text)
        assert second.headers["cache-control"] == "max-age=0, must-revalidate"
        assert "x-aipress-tags" not in second.headers

    def test_who_has_the_page_already_is_told_so(self, kept: Kept) -> None:
        kept.keep("/rye-bread/")
        tag = kept.look("/rye-bread/").headers["etag"]
        assert kept.look("/rye-bread/", if_none_match=tag).status == 304

    def test_a_kept_page_is_compressed_once_and_unpacked_for_who_can_not(self, kept: Kept) -> None:
        kept.keep("/rye-bread/")
        packed, plain = (kept.look("/rye-bread/", accept_encoding=how) for how in ("gzip", "identity"))
        assert (packed.headers["content-encoding"], packed.cache) == ("gzip", "HIT")
        assert int(packed.headers["content-length"]) < len(plain.text.encode()) / 2
        assert ("content-encoding" in plain.headers, plain.cache) == (False, "HIT")
        assert packed.text == plain.text
        assert {"Accept-Encoding"} == {packed.headers["vary"], plain.headers["vary"]}

    def test_what_marketing_adds_is_one_page_and_the_order_of_the_rest_another(self, kept: Kept) -> None:
        kept.keep("/rye-bread/", "/rye-bread/?a=1&b=2")
        for query in ("utm_source=x", "?utm_source=x&fbclid=y", "gclid=1&", "&utm_id"):
            assert kept.look(f"/rye-bread/?{query}".replace("??", "?")).cache == "HIT", query
        for query in ("utm_source=x&a=1&b=2", "a=1&utm_medium=y&b=2", "a=1&gclid=1&fbclid=2&b=2&utm_term=z"):
            assert kept.look(f"/rye-bread/?{query}").cache == "HIT", query
        for query in ("b=2&a=1", "a=1", "my_utm_source=x", "utm_source[]=x", "a=1&b=2&c"):
            assert kept.look(f"/rye-bread/?{query}").cache == "MISS", query

    def test_a_question_as_long_as_nginx_takes_it_is_answered(self, kept: Kept) -> None:
        assert kept.look("/?" + "utm_source=x&y=1&" * 800).status in (200, 301)

    def test_asking_for_the_head_alone_keeps_the_whole_page(self, kept: Kept) -> None:
        kept.purge()
        assert kept.look("/rye-bread/", "HEAD").cache == "MISS"
        page = kept.look("/rye-bread/")
        assert (page.cache, "Dark and good" in page.text) == ("HIT", True)

    @pytest.mark.parametrize(
        "cookie", ["_ga=GA1.2.3; _gid=4", "_fbp=fb.1.2", "wp-settings-time-1=5", "cmplz_marketing=allow"]
    )
    def test_a_cookie_that_says_nothing_changes_nothing(self, kept: Kept, cookie: str) -> None:
        kept.keep("/rye-bread/")
        assert kept.look("/rye-bread/", cookie=cookie).cache == "HIT"

    def test_a_kept_page_is_shown_while_php_sleeps(self, asleep: Site) -> None:
        with asleep.php():
            kept = prepare(asleep)
            kept.keep("/", "/rye-bread/")
        (asleep.place / "run/real.sock").unlink()
        assert [kept.look(path).cache for path in ("/", "/rye-bread/")] == ["HIT", "HIT"]
        assert kept.look("/blog/").status == 503

    def test_without_a_place_for_pages_a_site_is_served_all_the_same(self, kept: Kept) -> None:
        now = kept.site.place / "pages/now"
        target = now.readlink()
        now.unlink()
        assert (kept.look("/").cache, kept.look("/").status) == ("BYPASS", 200)
        now.symlink_to(target)


class TestSomebody:
    @pytest.mark.parametrize(
        "headers",
        [
            {"cookie": "wordpress_logged_in_abc=ann"},
            {"cookie": "wordpress_sec_abc=ann"},
            {"cookie": "comment_author_abc=Ann"},
            {"cookie": "wp-postpass_abc=x"},
            {"cookie": "woocommerce_items_in_cart=1"},
            {"cookie": "wp_woocommerce_session_abc=1"},
            {"cookie": "something_nobody_knows=1"},
            {"cookie": "_ga=1; something_nobody_knows=1"},
            {"cookie": "_ga=1; _gattaca; x=1"},
            {"authorization": "Basic YW5uOng="},
            {"x_wp_nonce": "8f3a9c"},
            {"x_requested_with": "XMLHttpRequest"},
            {"content_type": "application/x-www-form-urlencoded"},
            {"origin": "https://elsewhere.example"},
            {"x_http_method_override": "DELETE"},
            {"accept": "application/activity+json"},
        ],
        ids=str,
    )
    def test_who_may_be_somebody_gets_no_kept_page_and_leaves_none(
        self, kept: Kept, headers: dict[str, str]
    ) -> None:
        kept.keep("/rye-bread/")
        assert kept.look("/rye-bread/", **headers).cache == "BYPASS"
        kept.purge()
        kept.look("/?reflect=1", **headers)
        plain = kept.look("/?reflect=1")
        assert plain.cache == "MISS"
        assert not [value for value in headers.values() if value in plain.text]

    @pytest.mark.parametrize(
        "path",
        [
            "/?s=bread",
            "/?%73=bread",
            "/?preview=true&p=4",
            "/?customize_changeset_uuid=1",
            "/wp-json/",
            "/wp-json/wp/v2/posts",
            "/?rest_route=/wp/v2/posts",
            "/?aipress_health=1",
            "/wp-login.php",
            "/index.php",
            "/?unapproved=1&moderation-hash=1",
        ],
    )
    def test_what_is_no_page_for_everybody_is_not_kept(self, kept: Kept, path: str) -> None:
        assert [kept.look(path).cache for _ in range(2)] in (["BYPASS"] * 2, ["MISS"] * 2)

    @pytest.mark.parametrize(
        "kind",
        ["flushed", "cleaned", "cookie", "private", "no-store", "constant", "failing", "forbidden", "accel"],
    )
    def test_an_answer_that_says_it_is_for_one_visitor_is_not_kept(self, kept: Kept, kind: str) -> None:
        assert [kept.look(f"/?reflect={kind}").cache for _ in range(2)] == ["MISS", "MISS"]

    def test_a_form_sent_is_never_answered_by_the_cache(self, kept: Kept) -> None:
        kept.keep("/rye-bread/")
        assert kept.look("/rye-bread/", "POST").cache == "BYPASS"
        assert kept.look("/rye-bread/", content_length="0").cache == "BYPASS"

    def test_the_owner_signed_in_sees_their_bar_and_strangers_never_do(
        self, kept: Kept, guest: httpx.Client
    ) -> None:
        kept.purge()
        follow(guest, leave_ticket(kept.site))
        kept.settle()
        page = guest.get("/rye-bread/")
        assert (page.headers["x-cache"], "wpadminbar" in page.text) == ("BYPASS", True)
        assert "wpadminbar" not in kept.look("/rye-bread/").text
        assert "wpadminbar" in guest.get("/rye-bread/").text
        assert (kept.look("/rye-bread/").cache, "wpadminbar" in kept.look("/rye-bread/").text) == (
            "HIT",
            False,
        )

    def test_two_sites_never_share_a_page(self, kept: Kept, asleep: Site) -> None:
        kept.keep("/rye-bread/")
        with asleep.php():
            other = prepare(asleep)
            assert other.look("/rye-bread/").cache == "MISS"
            kept.purge()
            assert other.look("/rye-bread/").cache == "HIT"
            other.keep("/")
            # The same name, led to another environment: not a page of the one before.
            moved = kept.site.link
            was = moved.readlink()
            kept.keep("/")
            moved.unlink()
            moved.symlink_to(f"../../environments/{asleep.id}")
            assert kept.look("/").cache == "MISS"
            moved.unlink()
            moved.symlink_to(was)


# What a visitor may say that no page's key names, each with a mark to find again in what the next visitor gets.
PROBES: dict[str, tuple[str, dict[str, str]]] = {
    "X-Forwarded-Host": ("/?reflect=a1", {"x_forwarded_host": "evil-mark"}),
    "X-Forwarded-Proto": ("/?reflect=a2", {"x_forwarded_proto": "evil-mark"}),
    "X-Forwarded-Port": ("/?reflect=a3", {"x_forwarded_port": "evil-mark"}),
    "X-Forwarded-For": ("/?reflect=a4", {"x_forwarded_for": "evil-mark"}),
    "Forwarded": ("/?reflect=a5", {"forwarded": "host=evil-mark"}),
    "X-Host": ("/?reflect=a6", {"x_host": "evil-mark"}),
    "X-Original-URL": ("/?reflect=a7", {"x_original_url": "/evil-mark"}),
    "X-Rewrite-URL": ("/?reflect=a8", {"x_rewrite_url": "/evil-mark"}),
    "User-Agent": ("/?reflect=a9", {"user_agent": "evil-mark"}),
    "Referer": ("/?reflect=b1", {"referer": "http://evil-mark/"}),
    "Accept-Language": ("/?reflect=b2", {"accept_language": "evil-mark"}),
    "Accept": ("/?reflect=b3", {"accept": "text/evil-mark"}),
    "a cookie": ("/?reflect=b4", {"cookie": "_ga=evil-mark"}),
    "Origin": ("/?reflect=b5", {"origin": "http://evil-mark"}),
    "X-HTTP-Method-Override": ("/?reflect=b6", {"x_http_method_override": "evil-mark"}),
    "marketing": ("/?reflect=b8&utm_content=evil-mark", {}),
    "the port": ("/?reflect=b9", {"host": "{host}:6666"}),
    "a fragment of a query": ("/?reflect=c1&fbclid=evil-mark%26", {}),
}
WEAKER = {
    "fastcgi_pass_request_headers off;": "",
    'set $asked_by "Mozilla/5.0 (compatible; AIPress page cache)";': "set $asked_by $http_user_agent;",
    "set $asked_uri $page_path$page_question$page_query;": "set $asked_uri $request_uri;",
    "set $asked_query $page_query;": "set $asked_query $args;",
    "$site$visible_port $page_path": "$site $page_path",
    "if ($is_anew) {": 'if ($args = "never") {',
    '"" if_not_empty;': '"$http_nothing" if_not_empty;',
}


def poisoned(kept: Kept, probe: str) -> bool:
    """Whether the next visitor gets what this one said, or is sent away because of it."""
    path, headers = PROBES[probe]
    kept.look(path, **{name: value.format(host=kept.site.host) for name, value in headers.items()})
    seen = kept.look(path.split("&")[0])
    return "evil-mark" in seen.text or ":6666" in seen.text or seen.status != 200


@pytest.fixture(scope="module")
def weak(kept: Kept) -> Iterator[Kept]:
    """The same site behind an edge that was told less carefully what to pass on."""
    data = Path("/tmp") / f"weak-{kept.site.id}"
    (data / "edge").mkdir(parents=True)
    data.chmod(0o755)
    (data / "edge/sites").symlink_to(kept.edge.sites)
    edge = Edge(data, rig.free_port(), kept.edge.frontend, addresses=("127.0.0.1",))
    with rig.nginx(edge, weaken):
        yield Kept(kept.site, edge)
    shutil.rmtree(data)


def weaken(text: str) -> str:
    for strong, weaker in WEAKER.items():
        assert strong in text, strong
        text = text.replace(strong, weaker)
    names = ("FORWARDED", "X_FORWARDED_FOR", "X_FORWARDED_HOST", "X_FORWARDED_PROTO", "X_FORWARDED_PORT")
    return "\n".join(line for line in text.splitlines() if not any(f"HTTP_{name} " in line for name in names))


class TestPoisoning:
    @pytest.mark.parametrize("probe", PROBES)
    def test_what_one_visitor_says_is_in_nobody_elses_page(self, kept: Kept, weak: Kept, probe: str) -> None:
        kept.purge()
        assert poisoned(weak, probe), "this probe proves nothing: it fails on a weak edge too"
        kept.purge()
        assert not poisoned(kept, probe)
