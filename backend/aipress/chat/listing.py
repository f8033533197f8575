"""The person's sites as an answer: a table of the newest; where there are more, how they came to be, and the way to all of them."""

from collections.abc import Sequence
from datetime import datetime

from pydantic_ai.ui.vercel_ai.response_types import DataChunk

from aipress.chat.answers import LONGEST, MOST_POINTS, Chart, Column, Link, Series, Table, part
from aipress.kit import clock
from aipress.tenants.schemas import TenantRead

SHOWN = 10
SOURCE = "control plane"
COLUMNS = ("Site", "State", "Tier", "Address")
STATES = {
    "live": "Live",
    "provisioning": "Being set up",
    "failed": "Set-up failed",
    "removing": "Being removed",
}


def parts_of(sites: Sequence[TenantRead]) -> list[DataChunk]:
    """What is shown of them, newest first; nothing when there are none."""
    if not sites:
        return []
    shown = [part("sites", _table(sites))]
    if len(sites) > SHOWN:
        shown += [
            part("growth", _growth(sites)),
            part("all", Link(label=f"All {len(sites)} sites", path="/sites")),
        ]
    return shown


def _table(sites: Sequence[TenantRead]) -> Table:
    count = "1 site" if len(sites) == 1 else f"{len(sites)} sites"
    return Table(
        title=count if len(sites) <= SHOWN else f"The newest {SHOWN} of {count}",
        window="now",
        as_of=clock.now(),
        source=SOURCE,
        columns=[Column(header=header) for header in COLUMNS],
        rows=[_row(site) for site in sites[:SHOWN]],
    )


def _row(site: TenantRead) -> list[str | Link]:
    name = Link(label=site.name.strip()[:LONGEST] or site.slug, path=f"/sites/{site.slug}")
    return [name, STATES.get(site.state, site.state), site.tier, site.url.removeprefix("http://")]


def _growth(sites: Sequence[TenantRead]) -> Chart:
    """How many of them there were, each time there was one more."""
    made = sorted(site.created_at for site in sites)
    first, last = _day(made[0]), _day(made[-1])
    counts = {int(moment.timestamp()): count for count, moment in enumerate(made, 1)}
    return Chart(
        title="How your sites came to be",
        window=f"since {first}",
        as_of=clock.now(),
        source=SOURCE,
        unit="sites",
        summary=f"{len(sites)} sites: the first of {first}, the newest of {last}.",
        series=[Series(name="Sites", points=list(counts.items())[-MOST_POINTS:])],
    )


def _day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"
