"""A site under an own domain: WordPress answers there as it does at its platform address, and each host's pages are its own."""

import re
from collections.abc import Iterator

import httpx
import pytest

from tests.clouds.local import rig
from tests.clouds.local.environment import Site
from tests.clouds.local.tickets import follow, leave_ticket

pytestmark = rig.needs_root
DOMAIN = "www.bakery.example"


@pytest.fixture(scope="module")
def domain(site: Site) -> Iterator[str]:
    """Another link to the site, as the facet of own domains has hostd make it."""
    link = site.link.with_name(DOMAIN)
    link.symlink_to(f"../../environments/{site.id}")
    yield f"http://{DOMAIN}:{site.parts.edge.port}"
    link.unlink(missing_ok=True)


@pytest.fixture
def visitor(site: Site, domain: str) -> Iterator[httpx.Client]:
    with rig.visitor(site.parts.edge, DOMAIN) as client:
        yield client


def addresses_in(page: httpx.Response) -> set[str]:
    return set(re.findall(r"https?://[^/\s\"'<>\\?]+", page.text.replace("\\/", "/")))


def test_every_link_of_a_page_stays_at_the_host_it_was_asked_at(
    site: Site, domain: str, visitor: httpx.Client, guest: httpx.Client
) -> None:
    for _ in range(2):  # made, then kept
        there, here = visitor.get("/"), guest.get("/")
        assert (there.status_code, here.status_code) == (200, 200)
        head = there.text.partition("</head>")[0]
        assert domain in head
        assert site.url not in head
        assert domain not in here.text
    feed = visitor.get("/feed/")
    assert feed.status_code == 200
    assert site.url not in addresses_in(feed)


def test_nobody_is_sent_on_and_what_is_sent_on_stays_there(domain: str, visitor: httpx.Client) -> None:
    assert visitor.get("/?p=1").headers.get("location", domain).startswith(domain)
    assert visitor.get("/wp-json/").json()["url"] == domain
    form = visitor.get("/wp-login.php")
    assert f'action="{domain}/wp-login.php"' in form.text


def test_its_owner_is_signed_in_at_the_host_they_came_to(
    site: Site, domain: str, visitor: httpx.Client
) -> None:
    follow(visitor, leave_ticket(site))
    page = visitor.get("/wp-admin/")
    assert page.status_code == 200
    assert f"{domain}/wp-admin/" in page.text


def test_the_address_in_the_database_stays(site: Site, visitor: httpx.Client) -> None:
    visitor.get("/?fresh=1")
    with site.sql(site.database) as sql:
        sql.execute("SELECT option_value FROM wp_options WHERE option_name IN ('home', 'siteurl')")
        assert {value for (value,) in sql.fetchall()} == {site.url}


def test_a_host_that_leads_nowhere_is_answered_by_no_site(site: Site) -> None:
    with rig.visitor(site.parts.edge, "other.bakery.example") as stranger:
        assert stranger.get("/").status_code == 404


def test_no_visitor_chooses_the_port_of_the_site_s_own_address(site: Site, guest: httpx.Client) -> None:
    """A link in a mail, such as one for a new password, is made of it."""
    seen = guest.get("/wp-login.php?action=lostpassword", headers={"Host": f"{site.host}:6666"})
    assert seen.status_code == 200
    assert ":6666" not in seen.text
