"""The admin pages in two real browsers: a person is let in, made an admin and a tenant again, suspended, signed out, forgotten.

Each holds at that person's next request, and the log tells it. The story is `frontend/e2e/admin.mjs`; its pictures stay in
`artifacts/admin/`.
"""

import pytest

from tests.e2e.platform import Platform
from tests.e2e.story import play

pytestmark = [pytest.mark.slow, pytest.mark.root, pytest.mark.timeout(600)]


def test_an_admin_lets_people_in_and_out_and_the_log_tells_it(platform: Platform) -> None:
    platform.clear()
    platform.create("Corner Shop")
    operator = (platform.data / "control/operator.token").read_text().strip()
    play(platform, "admin", fewest=90, AIPRESS_OPERATOR=operator)
    platform.remove("corner-shop")
