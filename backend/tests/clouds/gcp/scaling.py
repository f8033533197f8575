"""docs/scale.md as the code counts it; `python -m tests.clouds.gcp.scaling` in `backend/` writes it anew (a million sites: seconds)."""

from collections.abc import Callable, Sequence
from pathlib import Path

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import environments, planning, prices, purges, quotas, routing, scale, shards
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.gcp.scale import Needed
from aipress.clouds.gcp.sizes import SIZES

PAGE = Path(__file__).parents[4] / "docs/scale.md"
SITES = (1_000, 10_000, 100_000, 1_000_000)
BEGIN, END = "<!-- counted: python -m tests.clouds.gcp.scaling -->", "<!-- end of what is counted -->"

ROWS: dict[str, Callable[[Needed], str]] = {
    "projects, each with a region of its own": lambda one: f"{one.projects:,}",
    "Cloud Run services": lambda one: f"{one.sites:,}",
    "service accounts; buckets": lambda one: f"{one.sites:,}",
    "secrets": lambda one: f"{one.secrets:,}",
    "shared Cloud SQL instances": lambda one: f"{one.sql_instances:,}",
    "shared Valkey instances, load balancers, URL maps": lambda one: f"{one.projects:,}",
    "services of the fullest region": lambda one: f"{one.fullest_services:,}",
    "tables of the fullest SQL instance": lambda one: f"{one.fullest_tables:,}",
    "connections of the fullest SQL instance": lambda one: f"{one.fullest_connections:,}",
    "addresses a subnetwork needs": lambda one: f"{one.addresses_of_a_subnetwork:,} ({one.subnetwork})",
    "minutes to make all, in all projects at once": lambda one: f"{one.minutes_to_make:,}",
    "minutes until every page of all is purged": lambda one: f"{one.minutes_to_purge:,}",
    "a month of all sites by themselves (USD)": lambda one: f"{one.sites_cost:,.0f}",
    "a month of all SQL instances (USD)": lambda one: f"{one.sql_cost:,.0f}",
    "a month, by site (USD)": lambda one: prices.in_cents(one.cost / one.sites),
}


def counted(found: Sequence[Needed]) -> str:
    """The part of the page that is counted."""
    head = [
        "| sites | " + " | ".join(f"{one.sites:,}" for one in found) + " |",
        "|---|" + "---|" * len(found),
    ]
    rows = [f"| {name} | " + " | ".join(shown(one) for one in found) + " |" for name, shown in ROWS.items()]
    raised = [f"- {one}" for one in scale.to_raise(found[-1])]
    return "\n".join(
        [BEGIN, *head, *rows, "", "To be raised before, for the last column:", "", *raised, *_limits(), END]
    )


def row(name: str, one: Needed) -> str:
    """What a row says of one number of sites."""
    return ROWS[name](one)


def _limits() -> list[str]:
    held = [
        ("services in a project's region", shards.FULL_SERVICES, shards.MOST_SERVICES),
        ("tables in an instance", shards.FULL_TABLES, shards.MOST_TABLES),
        (
            "connections in an instance",
            shards.SqlInstance("").usable_connections,
            shards.SqlInstance("").max_connections,
        ),
        ("bytes of a URL map", routing.LARGEST_MAP_BYTES, routing.LARGEST_MAP_BYTES),
        ("purges of a project in a minute", purges.A_MINUTE, purges.A_MINUTE),
    ]
    rows = [f"| {what} | {ours:,} | {theirs:,} |" for what, ours, theirs in held]
    rates = [
        f"| writes a minute, {_of(one)} | {one.per_minute:,} | {one.per_minute:,} |" for one in quotas.RATES
    ]
    return ["", "| limit | where we stop | where Google does |", "|---|---|---|", *rows, *rates]


def _of(rate: quotas.Rate) -> str:
    return f"{rate.api}{f' ({rate.kind})' if rate.kind else ''}{'' if rate.source else ', to be looked up'}"


def mix() -> str:
    """The supposed mix, in words."""
    return ", ".join(f"{scale.MIX.count(tier) * 100 // len(scale.MIX)} % {tier}" for tier in SIZES)


def url_map(domains: int) -> Json:
    """A shard's URL map with so many own domains, one for each site, as the writer would have made it."""
    from tests.clouds.gcp.rig import PLACE, URL_MAP

    grown = URL_MAP
    for number in range(domains):
        grown = routing.with_domain(grown, numbered(number), f"www.a-site-{number:06}.example", PLACE)
    return grown


def numbered(number: int) -> EnvironmentSpec:
    """A site among many."""
    return EnvironmentSpec(f"{number:012x}", number, f"tnt_{number:06}", f"site-{number:06}")


def made_for_one() -> tuple[Resource, ...]:
    """Everything that is asked for when one site is made."""
    return environments.wanted(numbered(1), planning.supposed_place("p", "r", "example.com")).all


def write() -> None:
    told = PAGE.read_text()
    before, after = told.partition(BEGIN)[0], told.partition(END)[2]
    PAGE.write_text(before + counted([scale.needed(sites) for sites in SITES]) + after)


if __name__ == "__main__":
    write()
