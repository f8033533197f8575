"""What a site may be given as its own domain over HTTP, how it is found again, and how adding is taken back."""

from tests.api.world import World
from tests.domains.said import SHOP, added, checked, led, owner_of, prove
from tests.fakes.name_server import NameServer
from tests.tenants.lasting import together

pytestmark = together


async def test_adding_twice_is_adding_once_and_a_site_has_so_many(world: World) -> None:
    ada, _ = await owner_of(world)
    first = await added(world, ada)
    again = await world.ask("POST", "/tenants/bakery/domains", ada, {"domain": "www.BAKERY.example"})
    assert (again.status_code, again.json()) == (200, first)
    for number in range(19):
        await added(world, ada, f"d{number}.bakery.example")
    full = await world.ask("POST", "/tenants/bakery/domains", ada, {"domain": "one.more.example"})
    assert (full.status_code, "20 domains" in full.json()["detail"]) == (409, True)


async def test_adding_can_be_undone_and_that_again(world: World, zone: NameServer) -> None:
    ada, _ = await owner_of(world)
    answer = await world.ask("POST", "/tenants/bakery/domains", ada, {"domain": SHOP})
    receipt = answer.headers["aipress-operation"]
    prove(zone, answer.json())
    await checked(world, ada)
    shown = (await world.ask("GET", f"/operations/{receipt}", ada)).json()
    assert shown["undo"]["label"] == f"Disconnect {SHOP} again"
    undoing = (await world.ask("POST", f"/operations/{receipt}/undo", ada)).json()
    assert (undoing["kind"], led(world)) == ("remove_domain", None)
    back = (await world.ask("POST", f"/operations/{undoing['id']}/undo", ada)).json()
    assert back["kind"] == "add_domain"
    assert (await checked(world, ada))["state"] == "proved"  # the same value proves it


async def test_a_platform_s_own_name_is_refused_and_so_is_what_is_no_name(world: World) -> None:
    ada, _ = await owner_of(world)
    for said in (
        "shop.localhost",
        "other.fake.test",
        "fake.test",
        "*.bakery.example",
        "co.uk",
        "",
        "a" * 1001,
    ):
        answer = await world.ask("POST", "/tenants/bakery/domains", ada, {"domain": said})
        assert answer.status_code == 422, said
    assert (await world.ask("GET", "/tenants/bakery/domains", ada)).json()["items"] == []


async def test_a_domain_in_another_script_is_found_however_it_is_written(world: World) -> None:
    ada, _ = await owner_of(world)
    domain = await added(world, ada, "Bücher.example")
    assert (domain["domain"], domain["unicode"]) == ("xn--bcher-kva.example", "bücher.example")
    for said in ("b%C3%BCcher.example", "xn--bcher-kva.example", "B%C3%9CCHER.example."):
        assert (await world.ask("GET", f"/tenants/bakery/domains/{said}", ada)).json() == domain
    for nobodys in ("%00", "a%2F..%2Fb", "%F0%9F%92%A9", "x" * 300):
        assert (await world.ask("GET", f"/tenants/bakery/domains/{nobodys}", ada)).status_code == 404
