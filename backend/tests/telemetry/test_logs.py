"""Logs over HTTP: found, paged, counted and shown to those alone whose they are, whatever anybody writes into a query."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest

from aipress.kit import clock
from tests import make
from tests.api.world import Json, World
from tests.fakes.logs import line
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together


async def read(world: World, who: Headers, path: str = "", **asked: object) -> Json:
    answer = await world.ask("GET", f"/tenants/bakery/logs{path}?{urlencode(asked, doseq=True)}", who)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def said(world: World, who: Headers, **asked: object) -> list[str]:
    return [one["message"] for one in (await read(world, who, **asked))["items"]]


async def refusal(world: World, who: Headers, path: str = "", **asked: object) -> str:
    answer = await world.ask("GET", f"/tenants/bakery/logs{path}?{urlencode(asked, doseq=True)}", who)
    assert answer.status_code == 422, answer.text
    return str(answer.json()["errors"][0]["field"])


async def bakery(world: World) -> tuple[Headers, str]:
    """Ada's site, and its id."""
    ada = await world.ada()
    return ada, (await world.site(ada, "Bakery"))["id"]


async def test_a_line_is_shown_with_all_that_is_known_of_it(world: World) -> None:
    ada, site = await bakery(world)
    written = line(
        site,
        "GET /menu/ 200",
        source="access",
        level="info",
        request_id="a1b2",
        fields={"status": 200, "cache": "HIT"},
    )
    world.cloud.logs.put(written)
    page = await read(world, ada)
    assert page["next_cursor"] is None
    assert page["items"] == [
        {
            "id": written.id,
            "time": written.time.isoformat().replace("+00:00", "Z"),
            "environment": "env",
            "source": "access",
            "level": "info",
            "message": "GET /menu/ 200",
            "request_id": "a1b2",
            "fields": {"status": 200, "cache": "HIT"},
        }
    ]


async def test_lines_are_found_by_source_level_text_and_request(world: World) -> None:
    ada, site = await bakery(world)
    world.cloud.logs.put(
        line(site, "GET /", source="access", level="info", request_id="r1"),
        line(site, "Fatal error: 100%_sure", source="php", level="critical", request_id="r1"),
        line(site, "wp_version_check ran", source="cron", level="debug"),
        line(site, "slow SELECT", source="slow", level="warning"),
    )
    assert await said(world, ada, source="php") == ["Fatal error: 100%_sure"]
    assert await said(world, ada, source="php,slow") == await said(world, ada, source=["slow", "php"])
    assert await said(world, ada, level="warning") == ["slow SELECT", "Fatal error: 100%_sure"]
    assert await said(world, ada, request_id="r1") == ["Fatal error: 100%_sure", "GET /"]
    assert await said(world, ada, q="fatal ERROR: 100%_") == ["Fatal error: 100%_sure"]
    assert await said(world, ada, q="10%") == []
    assert await said(world, ada, source="mail") == []


async def test_without_a_window_it_is_the_last_hour_and_for_a_request_the_last_week(world: World) -> None:
    ada, site = await bakery(world)
    earlier, now = clock.now() - timedelta(hours=30), clock.now()
    world.cloud.logs.put(line(site, "earlier", earlier, request_id="r1"), line(site, "now"))
    assert await said(world, ada) == ["now"]
    assert await said(world, ada, since=(now - timedelta(days=2)).isoformat()) == ["now", "earlier"]
    assert await said(world, ada, until=(earlier + timedelta(minutes=1)).isoformat()) == ["earlier"]
    assert await said(world, ada, request_id="r1") == ["earlier"]
    page = await read(world, ada, since="2026-01-01T02:00:00+02:00", until="2026-01-02T00:00:00Z")
    assert (page["since"], page["until"]) == ("2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z")


async def test_pages_hold_every_line_once_newest_first(world: World) -> None:
    ada, site = await bakery(world)
    world.cloud.logs.put(*(line(site, f"line {number}") for number in range(7)))
    found: list[str] = []
    cursor, pages = "", 0
    while cursor is not None:
        page = await read(world, ada, limit=3, cursor=cursor)
        found += [one["message"] for one in page["items"]]
        cursor, pages = page["next_cursor"], pages + 1
        world.cloud.logs.put(line(site, "meanwhile"))
    assert (found, pages) == ([f"line {number}" for number in reversed(range(7))], 3)


async def test_an_environment_is_meant_by_its_kind_or_id(world: World) -> None:
    ada, site = await bakery(world)
    (live,) = (await world.ask("GET", "/tenants/bakery", ada)).json()["environments"]
    world.cloud.logs.put(line(site, "live", environment=live["id"]), line(site, "another", environment="e2"))
    assert await said(world, ada) == ["another", "live"]
    assert (
        await said(world, ada, environment="live")
        == await said(world, ada, environment=live["id"])
        == ["live"]
    )
    assert await refusal(world, ada, environment="staging") == "environment"
    assert await refusal(world, ada, environment="e2") == "environment"


@pytest.mark.parametrize(
    "asked",
    [
        {"source": "apache"},
        {"source": "php,apache"},
        {"source": ","},
        {"level": "loud"},
        {"q": "a\0b"},
        {"q": "a" * 201},
        {"since": "yesterday"},
        {"since": "2026-11-28T09:00:00"},
        {"since": "1999-01-01T00:00:00Z"},
        {"until": "0001-01-01T00:00:00+23:59"},
        {"since": "2026-02-02T00:00:00Z", "until": "2026-01-01T00:00:00Z"},
        {"limit": 0},
        {"limit": 501},
        {"cursor": "' OR 1=1 --"},
        {"request_id": "../../etc"},
        {"tenant_id": "another"},
    ],
    ids=str,
)
async def test_what_makes_no_sense_is_refused_by_name(world: World, asked: dict[str, object]) -> None:
    ada, _ = await bakery(world)
    assert (await refusal(world, ada, **asked)).split(".")[0] in asked


async def test_lines_are_counted_by_time_and_level(world: World) -> None:
    ada, site = await bakery(world)
    until = clock.now().replace(minute=30, second=0, microsecond=0) - timedelta(hours=1)
    for minutes, level in ((5, "error"), (5, "error"), (5, "info"), (50, "error"), (500, "error")):
        world.cloud.logs.put(line(site, "x", until - timedelta(minutes=minutes), level=level))
    counts = await read(world, ada, "/counts", until=until.isoformat())
    assert counts["step_seconds"] == 60
    told = [(one["time"], one["level"], one["count"]) for one in counts["items"]]
    moment = lambda minutes: (until - timedelta(minutes=minutes)).isoformat().replace("+00:00", "Z")
    assert told == [(moment(50), "error", 1), (moment(5), "info", 1), (moment(5), "error", 2)]
    day = await read(world, ada, "/counts", since=(until - timedelta(days=1)).isoformat(), level="error")
    assert (day["step_seconds"], sum(one["count"] for one in day["items"])) == (900, 4)


async def test_what_logs_take_and_may_is_said(world: World) -> None:
    ada, site = await bakery(world)
    world.cloud.logs.put(line(site, "12345"), line("ten_other", "123"))
    world.cloud.logs.refused[site] = 3
    assert await read(world, ada, "/usage") == {
        "stored_bytes": 105,
        "quota_bytes": 1_000_000,
        "refused_lines": 3,
    }


async def test_who_may_not_see_the_site_may_not_see_that_it_writes(world: World) -> None:
    _, site = await bakery(world)
    world.cloud.logs.put(line(site, "hers"))
    for path in ("logs", "logs/counts", "logs/usage", "logs/stream"):
        assert (await world.ask("GET", f"/tenants/bakery/{path}", await world.ada())).status_code == 404
    member = make.as_person(world.settings, await make.member(world.rows, site))
    assert await said(world, member) == ["hers"]


async def test_a_line_that_a_cloud_finds_by_mistake_goes_no_further(world: World) -> None:
    ada, site = await bakery(world)
    honest = world.cloud.logs.find

    async def mistaken(query: object) -> list[object]:
        return [*await honest(query), line("ten_other", "another's")]  # type: ignore[arg-type]

    world.cloud.logs.find = mistaken  # type: ignore[assignment,method-assign]
    world.cloud.logs.put(line(site, "hers"))
    assert await said(world, ada) == ["hers"]
