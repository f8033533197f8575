"""No query text, from a person or a model, reaches another tenant's lines: by the API and by the assistant's tool, on logs in a list
and on the files of this machine."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random
from urllib.parse import urlencode

import pytest
from pydantic import ValidationError

from aipress import clouds
from aipress.chat.callers import Caller
from aipress.chat.control_plane import ControlPlane
from aipress.chat.reader import Strange
from aipress.chat.site_logs import get_logs
from aipress.clouds.local.logs.facet import TenantsLogs
from aipress.clouds.local.logs.logbook import Logbook
from aipress.clouds.local.logs.place import Lines
from aipress.clouds.local.logs.writing import Entry, Writer
from aipress.clouds.logs import LogLine
from aipress.errors import NotFound
from aipress.plans.arguments import WhichLogs
from tests import make
from tests.api.world import World
from tests.fakes.logs import line
from tests.make import Headers
from tests.tenants.lasting import together

pytestmark = together

HOSTILE = (
    "' OR 1=1 --", "%' OR tenant LIKE '%", "%", "_", "*", ".*", '"', "\\", "\\'", "hers' UNION SELECT *", "${tenant}", "?",
    "theirs", "$1", ":tenant", "]]>", "\u202ehers", "tenant", "){", "CASE", "%25", "é", "'; DROP TABLE logs; --",
)  # fmt: skip


NAMES = "q source level environment request_id cursor since until limit tenant tenant_id".split()


def thought_of(theirs: str, how_many: int) -> Iterator[dict[str, str]]:
    """Queries that somebody with bad intentions might try, the same each time."""
    chance = Random(5)  # noqa: S311
    texts = (*HOSTILE, theirs, "live", "php", "error", "r1", "500")
    for _ in range(how_many):
        names = chance.sample(NAMES, chance.randint(1, 4))
        yield {name: "".join(chance.choices(texts, k=chance.choice((1, 1, 2, 3)))) for name in names}


async def test_whatever_is_asked_every_line_is_the_sites_own(world: World) -> None:
    """Each query is asked of a site with lines of its own, beside another's that hold the same words; each way of asking, too."""
    mine, theirs = await two_sites(world, world.cloud.logs.put)
    await ask_with_bad_intentions(world, mine, theirs, how_many=80)


async def test_whatever_is_asked_of_real_logs_every_line_is_the_sites_own(
    world: World, tmp_path: Path
) -> None:
    """The same on the files of this machine, by the API and by the assistant's tool."""
    with shipped(tmp_path) as (logs, put):
        clouds.use(replace(world.cloud.as_cloud(), logs=logs))
        mine, theirs = await two_sites(world, put)
        await ask_with_bad_intentions(world, mine, theirs, how_many=25)
        caller = Caller(ControlPlane(world.client, mine.agent))
        found = 0
        for text in (*HOSTILE[:8], theirs.id, theirs.slug, "theirs"):
            told = await get_logs(caller, WhichLogs(tenant=mine.slug, q=text), "")
            shown = [one.text for part in told.metadata if isinstance(part, Strange) for one in part.lines]
            found += len(shown)
            assert all(one.startswith("mine") for one in shown), text
            assert told.return_value["found"] == len(shown)
        assert found > len(HOSTILE[:8])
        with pytest.raises(NotFound):
            await get_logs(caller, WhichLogs(tenant=theirs.slug), "")
        with pytest.raises(ValidationError):
            WhichLogs(tenant=f"{mine.slug}/../{theirs.slug}")


@dataclass(frozen=True)
class Site:
    """A site, its owner, and the assistant in their name."""

    id: str
    slug: str
    owner: Headers
    agent: Headers


async def two_sites(world: World, put: Callable[..., None]) -> tuple[Site, Site]:
    """Two people's, each with lines of every hostile text in its log."""
    sites = []
    for name in ("My shop", "Their shop"):
        person = await make.user(world.rows)
        owner = make.as_person(world.settings, person)
        made = await world.site(owner, name)
        sites.append(Site(made["id"], made["slug"], owner, make.as_agent(world.settings, person)))
    mine, theirs = sites
    for site, mark in ((mine, "mine"), (theirs, "theirs")):
        said = (*HOSTILE, mine.id, theirs.id, theirs.slug)
        put(*(line(site.id, f"{mark} {text}", request_id="r1", environment="0a1b2c3d4e5f") for text in said))
    return mine, theirs


async def ask_with_bad_intentions(world: World, mine: Site, theirs: Site, how_many: int) -> None:
    queries = list(thought_of(theirs.id, how_many))
    found = answered = 0
    for asked in [*queries, *({"q": text, "limit": "500"} for text in (*HOSTILE, theirs.id, "theirs", ""))]:
        for path in ("", "/counts"):
            answer = await world.ask("GET", f"/tenants/{mine.id}/logs{path}?{urlencode(asked)}", mine.owner)
            assert answer.status_code in (200, 422), (asked, answer.text)
            answered += answer.status_code == 200
            if answer.status_code == 200 and not path:
                lines = answer.json()["items"]
                found += len(lines)
                assert all(one["message"].startswith("mine") for one in lines), asked
    assert found > len(HOSTILE)
    assert answered >= len(HOSTILE)


@contextmanager
def shipped(place: Path) -> Iterator[tuple[TenantsLogs, Callable[..., None]]]:
    """Logs as this machine keeps them, and what its shipper does."""
    (place / "lines").mkdir()
    logbook = Logbook(place / "logbook.sqlite3")
    writer = Writer(Lines(place / "lines"), logbook, 1_000_000)
    names = ("id", "tenant", "environment", "source", "level", "message", "request_id", "fields")

    def put(*lines: LogLine) -> None:
        writer.write([Entry(*(getattr(one, name) for name in names)) for one in lines], (), {})

    yield TenantsLogs(place / "lines", 1_000_000), put
    logbook.close()
