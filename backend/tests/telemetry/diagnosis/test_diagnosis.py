"""A diagnosis over HTTP: of one's own site, with its own lines, in a window that makes sense, whatever does not answer."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from aipress.clouds.logs import LogLine
from aipress.errors import CloudBusy
from aipress.kit import clock
from tests.api.world import Json, World
from tests.make import Headers
from tests.telemetry.diagnosis.faults import FAULTS
from tests.telemetry.diagnosis.scenes import HOUR, SITE, scene
from tests.tenants.lasting import together

pytestmark = together


async def planted(world: World, site: Json, cause: str) -> None:
    """The fault's hour, as this site's, just now."""
    made = scene(7)
    FAULTS[cause](made)  # type: ignore[index]
    later = clock.now() - HOUR.until
    (environment,) = site["environments"]
    world.cloud.logs.put(*(moved(line, site["id"], environment["id"], later) for line in made.lines))


def moved(line: LogLine, tenant: str, environment: str, later: timedelta) -> LogLine:
    return replace(line, time=line.time + later, tenant=tenant, environment=environment)


async def diagnosis(world: World, who: Headers, **asked: Any) -> Json:
    said = "&".join(f"{name}={quote(str(value))}" for name, value in asked.items())
    answer = await world.ask("GET", f"/tenants/bakery/diagnosis?{said}", who)
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


async def test_what_is_wrong_is_said_with_facts_that_can_be_looked_up(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Bakery")
    await planted(world, site, "plugin_fatal")
    found = await diagnosis(world, ada)
    first = found["findings"][0]
    assert (first["cause"], first["title"]) == ("plugin_fatal", found["summary"]["text"])
    assert first["proposal"] | {"text": ""} == {
        "text": "",
        "action": "OPEN_ADMIN",
        "arguments": {"tenant": "bakery"},
    }
    facts = {fact["id"]: fact for fact in found["facts"]}
    for claim in first["claims"]:
        assert set(claim["facts"]) <= facts.keys()
    fatal = facts[first["claims"][0]["facts"][0]]
    assert fatal["rows"]["query"]["source"] == "php"
    assert [fact["at"] for fact in found["facts"]] == sorted(fact["at"] for fact in found["facts"])


async def test_a_site_without_visitors_is_no_reason_to_worry(world: World) -> None:
    ada = await world.ada()
    await world.site(ada, "Bakery")
    found = await diagnosis(world, ada)
    assert (found["findings"], found["unseen"]) == ([], [])
    assert "nothing wrong" in found["summary"]["text"]


async def test_another_sites_lines_are_no_evidence(world: World) -> None:
    ada, bob = await world.ada(), await world.ada()
    await world.site(ada, "Bakery")
    await planted(world, await world.site(bob, "Butcher"), "plugin_fatal")
    found = await diagnosis(world, ada)
    assert found["findings"] == []
    assert "price-table" not in str(found)


async def test_what_does_not_answer_is_said_to_be_unseen_and_the_rest_is_judged(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Bakery")
    await planted(world, site, "plugin_fatal")

    world.cloud.inspection.away = CloudBusy("MariaDB is not answering just now.")
    found = await diagnosis(world, ada)
    assert found["unseen"] == ["connections", "host names", "machine", "neighbours"]
    assert found["findings"][0]["cause"] == "plugin_fatal"


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"environment": "staging"}, "environment"),
        ({"environment": SITE.id}, "environment"),
        ({"since": "1999-01-01T00:00:00Z"}, "since"),
        ({"since": "2026-01-01T00:00:00Z", "until": "2026-01-01T00:00:00Z"}, "since"),
        ({"since": "2026-01-01T00:00:00Z", "until": "2026-02-01T00:00:00Z"}, "since"),
        ({"until": "2199-01-01T00:00:00Z"}, "until"),
        ({"since": "yesterday"}, "since"),
        ({"day": "today"}, "day"),
    ],
)
async def test_a_window_that_makes_no_sense_is_refused(world: World, asked: Json, field: str) -> None:
    ada = await world.ada()
    await world.site(ada, "Bakery")
    said = "&".join(f"{name}={quote(value)}" for name, value in asked.items())
    answer = await world.ask("GET", f"/tenants/bakery/diagnosis?{said}", ada)
    assert answer.status_code == 422, answer.text
    assert field in answer.text


async def test_changes_are_evidence_and_what_only_looks_is_none(world: World) -> None:
    ada = await world.ada()
    site = await world.site(ada, "Bakery")
    await world.ask("PATCH", f"/tenants/{site['id']}", ada, {"name": "Other Bakery"})
    await world.ask("POST", f"/tenants/{site['id']}/login-links", ada)
    changes = [
        fact["values"]["what"] for fact in (await diagnosis(world, ada))["facts"] if fact["kind"] == "change"
    ]
    assert {"rename", "provision"} <= set(changes)
    assert "OPEN_ADMIN" not in changes
