"""A site's mail over HTTP: for its owner and admins, never for an agent or whom the site is shared with."""

from tests import make
from tests.api.world import World
from tests.fakes.mail import caught
from tests.tenants.lasting import together

pytestmark = together


async def set_up(world: World) -> tuple[make.Headers, str]:
    """A site with three messages: its owner, and its path."""
    ada = await world.ada()
    site = await world.site(ada, "Bakery")
    environment = site["environments"][0]["id"]
    for number in range(3):
        kept, content = caught(f"177262560000{number}-a1B2c3D4e5F6", f"Number {number}")
        await world.cloud.mail.keep(environment, kept, content)
    return ada, f"/tenants/{site['slug']}/mail"


async def test_mail_is_listed_newest_first_page_by_page(world: World) -> None:
    ada, path = await set_up(world)
    first = await world.ask("GET", f"{path}?limit=2", ada)
    assert first.headers["cache-control"] == "no-store"
    assert [one["subject"] for one in first.json()["items"]] == ["Number 2", "Number 1"]
    assert first.json()["items"][0]["recipients"] == ["ada@example.org"]
    after = await world.ask("GET", f"{path}?limit=2&cursor={first.json()['next_cursor']}", ada)
    assert [one["subject"] for one in after.json()["items"]] == ["Number 0"]
    assert after.json()["next_cursor"] is None


async def test_a_message_is_read_with_its_parts(world: World) -> None:
    ada, path = await set_up(world)
    environment = next(iter(world.cloud.mail.boxes))
    kept, _ = caught("1772625600009-a1B2c3D4e5F6")
    content = (
        b"From: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n"
        b"--x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n"
        b"--y\r\nContent-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: 8bit\r\n\r\nB\xfccher\r\n"
        b"--y\r\nContent-Type: text/html; charset=nonsense\r\n\r\n<script>x</script>\r\n--y--\r\n"
        b"--x\r\nContent-Type: application/pdf\r\nContent-Disposition: attachment; filename=bill.pdf\r\n\r\npdf\r\n--x--\r\n"
    )
    await world.cloud.mail.keep(environment, kept, content)
    found = (await world.ask("GET", f"{path}/{kept.id}", ada)).json()
    assert found["text"].strip() == "Bücher"
    assert found["html"].strip() == "<script>x</script>"
    assert found["attachments"] == ["bill.pdf"]


async def test_what_is_not_there_is_not_found(world: World) -> None:
    ada, path = await set_up(world)
    assert (await world.ask("GET", f"{path}/1772625600009-zzzzzzzzzzzz", ada)).status_code == 404
    assert (await world.ask("GET", f"{path}/..%2f..%2fetc", ada)).status_code in (404, 422)
    assert (await world.ask("GET", f"{path}?environment=staging", ada)).status_code == 404


async def test_mail_is_shown_to_those_in_charge_and_to_no_agent(world: World) -> None:
    ada, path = await set_up(world)
    site = (await world.ask("GET", path.removesuffix("/mail"), ada)).json()
    member = make.as_person(world.settings, await make.member(world.rows, site["id"]))
    stranger = await world.ada()
    for way in ("", "/1772625600000-a1B2c3D4e5F6"):
        assert (await world.ask("GET", path + way, member)).status_code == 403
        assert (await world.ask("GET", path + way, stranger)).status_code == 404
        assert (await world.ask("GET", path + way, await world.grace())).status_code == 200
