"""What docs/databases.md says of connections and prices is what is counted."""

from decimal import Decimal

import pytest

from aipress.clouds.gcp import pooling
from aipress.clouds.gcp.price_sheet import surcharge
from aipress.clouds.gcp.sizes import SIZES
from aipress.clouds.local.content import PLATFORM_FILES
from aipress.clouds.options import Options

PAGE = (PLATFORM_FILES.parent / "docs/databases.md").read_text()
CHOSEN = {
    "an instance of its own": Options(database="own"),
    "with one replica": Options(database="own", replicas=1),
    "of its own, pooled": Options(database="own", pooling=True),
}


def test_the_page_has_what_is_counted() -> None:
    assert "\n".join(pooling.table()) in PAGE
    assert f"({pooling.enough_connections():,} for this mix)" in PAGE
    assert f"at most {pooling.worth():.0f} USD a month" in PAGE


@pytest.mark.parametrize("label", CHOSEN)
def test_the_page_has_what_options_cost(label: str) -> None:
    told = " | ".join(f"{surcharge(tier, CHOSEN[label]):.2f}" for tier in SIZES)
    assert f"| {label} | {told} |" in PAGE


def test_connections_run_out_before_tables_only_where_sites_are_large() -> None:
    by_name = {one.name: one for one in pooling.held()}
    assert by_name["basic"].sites == by_name["basic"].by_tables
    assert by_name["standard"].sites == by_name["standard"].by_connections
    assert all(one.at_once < one.sites for one in by_name.values())
    assert by_name["basic"].cost == by_name["basic"].pooled_cost < Decimal(1)


@pytest.mark.parametrize(("mean", "most"), [(0.0, 0), (1.0, 9), (100.0, 151)])
def test_a_moment_in_a_million_is_poissons(mean: float, most: int) -> None:
    assert pooling.most_at_once(mean) == most
