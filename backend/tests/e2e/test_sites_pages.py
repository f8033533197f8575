"""The pages of sites in a real browser, played by two people: `frontend/e2e/sites.mjs`; pictures stay in `artifacts/sites/`."""

import re

import pytest

from tests.e2e.platform import Platform, wait_for
from tests.e2e.story import play

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]
OTHER = "bea@example.com"


def test_two_people_make_share_and_delete_a_site_on_its_pages(platform: Platform) -> None:
    platform.up()
    platform.clear()
    play(platform, "sites", fewest=66, SECOND_EMAIL=OTHER, SECOND_LINK=sign_in_link(platform, OTHER))


def sign_in_link(platform: Platform, email: str) -> str:
    """The link somebody is sent who asks for one."""
    with platform.operator(timeout=60) as client:
        asked = client.post("/api/auth/email-link", json={"email": email})
        assert asked.status_code == 202, asked.text

        def look() -> str:
            caught = client.get("/api/outbox").json()["items"]
            mine = [one["text"] for one in caught if one["to"] == email]
            found = re.search(r"http://localhost:\d+/login#token=\S+", mine[0]) if mine else None
            return found[0] if found else ""

        link: str = wait_for(look, 30, f"mail to {email}")
        return link
