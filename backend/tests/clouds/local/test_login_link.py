"""A login link brings its person in once: tickets are taken from the database by whoever deletes them first."""

from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from aipress.clouds.local.edge_config import Edge
from tests.clouds.local import rig
from tests.clouds.local.environment import Site
from tests.clouds.local.tickets import follow, leave_ticket, one

pytestmark = rig.needs_root


def test_it_signs_its_person_in_once_and_never_again(site: Site, guest: httpx.Client) -> None:
    token = leave_ticket(site)
    came = follow(guest, token)
    assert (came.status_code, came.headers["location"]) == (302, f"{site.url}/wp-admin/")
    assert came.headers["referrer-policy"] == "no-referrer"
    admin = guest.get("/wp-admin/")
    assert admin.status_code == 200
    assert 'Howdy, <span class="display-name">Ann Baker' in admin.text
    cookies = [c for c in came.headers.get_list("set-cookie") if c.startswith("wordpress_logged_in")]
    assert cookies
    assert "expires=" not in cookies[0].lower()
    guest.cookies.clear()
    again = follow(guest, token)
    assert again.status_code == 403
    assert "used already" in again.text
    assert "set-cookie" not in again.headers or "logged_in" not in again.headers["set-cookie"]


def test_of_many_who_bring_it_at_once_one_comes_in(edge: Edge, site: Site) -> None:
    def bring(token: str) -> int:
        with rig.visitor(edge, site.host) as somebody:
            return follow(somebody, token).status_code

    with ThreadPoolExecutor(4) as crowd:
        for _ in range(5):
            assert sorted(crowd.map(bring, [leave_ticket(site)] * 4)) == [302, 403, 403, 403]


def test_an_expired_one_is_refused_and_forgotten(site: Site, guest: httpx.Client) -> None:
    assert follow(guest, leave_ticket(site, seconds=-1)).status_code == 403
    leave_ticket(site, seconds=-5)
    follow(guest, leave_ticket(site))
    assert one(site, "SELECT COUNT(*) FROM wp_options WHERE option_name LIKE 'aipress\\_login\\_%%'") == 0


@pytest.mark.parametrize("token", ["", "wrong", "%", "' OR 1=1 -- ", "a" * 3000])
def test_a_token_that_is_none_is_refused(site: Site, guest: httpx.Client, token: str) -> None:
    ticket = leave_ticket(site)
    assert follow(guest, token).status_code == 403
    assert follow(guest, ticket).status_code == 302


def test_a_list_in_place_of_a_token_is_refused(guest: httpx.Client) -> None:
    assert guest.get("/wp-login.php?aipress_login[]=x").status_code == 403


def test_a_new_person_gets_an_administrator_of_their_own(site: Site, guest: httpx.Client) -> None:
    assert follow(guest, leave_ticket(site, "bob@localhost", "Bob")).status_code == 302
    assert guest.get("/wp-admin/users.php").status_code == 200
    assert one(site, "SELECT display_name FROM wp_users WHERE user_email = 'bob@localhost'") == "Bob"
    guest.cookies.clear()
    follow(guest, leave_ticket(site, "bob@localhost", "Bob"))
    assert one(site, "SELECT COUNT(*) FROM wp_users WHERE user_email = 'bob@localhost'") == 1


def test_whoever_registered_under_that_address_before_is_locked_out(site: Site, guest: httpx.Client) -> None:
    site.wp(
        "wp_insert_user(['user_login' => 'squatter', 'user_pass' => 'known-to-mallory',"
        " 'user_email' => 'eve@example.com', 'role' => 'subscriber']);"
    )
    mallory = {"log": "squatter", "pwd": "known-to-mallory"}
    assert guest.post("/wp-login.php", data=mallory).status_code == 302
    follow(guest, leave_ticket(site, "eve@example.com", "Eve"))
    assert "administrator" in site.wp("echo json_encode(get_user_by('login', 'squatter')->roles);")
    guest.cookies.clear()
    assert guest.post("/wp-login.php", data=mallory).status_code == 200


def test_the_token_is_in_no_log_and_in_no_row(edge: Edge, site: Site, guest: httpx.Client) -> None:
    token = leave_ticket(site)
    follow(guest, token)
    follow(guest, token)
    assert token not in site.log.read_text()
    assert token not in (edge.logs / "access.log").read_text()
    assert (
        one(
            site,
            "SELECT COUNT(*) FROM wp_options WHERE CONCAT(option_name, option_value) LIKE %s",
            f"%{token}%",
        )
        == 0
    )
