"""What the facet of costs promises: use is somebody's or nobody's, counted once, and told for the days that are asked for."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.clouds.costs import CostLine, Window

QUERY = (Path(__file__).parents[2] / "aipress/billing/query.sql").read_text()
DAY = date(2026, 3, 4)
NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NEVER = datetime(2100, 1, 1, tzinfo=UTC)
MINUTES = timedelta(minutes=10)


async def lines_of(
    cloud: Cloud, first: date = DAY, last: date = DAY, since: datetime = NEVER
) -> list[CostLine]:
    return await cloud.costs.lines(QUERY, Window(first, last, since))


@pytest.fixture
async def there(cloud: Cloud, environment: EnvironmentSpec) -> EnvironmentSpec:
    """An environment with files and a database."""
    await cloud.databases.ensure(environment, await cloud.vault.ensure(environment))
    await cloud.buckets.ensure(environment)
    return environment


async def test_what_an_environment_used_is_its_tenants(cloud: Cloud, there: EnvironmentSpec) -> None:
    await cloud.costs.meter([there], NOON)
    await cloud.costs.meter([there], NOON + MINUTES)
    told = await lines_of(cloud)
    found = [line for line in told if not line.shared]
    assert found == told or cloud.name == "gcp"  # there what stands for all is on the bill too
    assert {(line.usage_date, line.invoice_month, line.tenant) for line in found} == {
        (DAY, "202603", there.tenant)
    }
    assert all(line.amount > 0 and line.lines >= 1 and line.currency == "USD" for line in found)
    assert sum(line.cost for line in found) > 0
    assert all(line.cost + line.credits >= 0 for line in found)


async def test_looking_twice_at_one_moment_counts_once(cloud: Cloud, there: EnvironmentSpec) -> None:
    await cloud.costs.meter([there], NOON)
    await cloud.costs.meter([there], NOON + MINUTES)
    first = await lines_of(cloud)
    await cloud.costs.meter([there], NOON + MINUTES)
    await cloud.costs.meter([there], NOON)
    again = await lines_of(cloud)
    assert [replace(line, exported_at=NOON) for line in again] == [
        replace(line, exported_at=NOON) for line in first
    ]


async def test_nothing_is_used_before_anybody_looked(cloud: Cloud, there: EnvironmentSpec) -> None:
    await cloud.costs.meter([there], NOON)
    assert sum((line.cost for line in await lines_of(cloud)), Decimal(0)) == 0


async def test_what_is_nobodys_yet_is_booked_to_nobody(cloud: Cloud, there: EnvironmentSpec) -> None:
    if not cloud.prepares:
        pytest.skip("here nothing is made for nobody: whatever was made says whose it is")
    pooled = replace(there, tenant="", slug="")
    await cloud.costs.meter([pooled], NOON)
    await cloud.costs.meter([pooled], NOON + MINUTES)
    found = await lines_of(cloud)
    assert {line.tenant for line in found} == {""}
    assert sum(line.cost for line in found) > 0


async def test_only_the_days_asked_for_are_told_and_those_with_news(
    cloud: Cloud, there: EnvironmentSpec
) -> None:
    await cloud.costs.meter([there], NOON)
    await cloud.costs.meter([there], NOON + MINUTES)
    tomorrow = DAY + timedelta(1)
    assert await lines_of(cloud, tomorrow, tomorrow) == []
    late = await lines_of(cloud, tomorrow, tomorrow, since=NOON)
    assert {line.usage_date for line in late} == {DAY}
    assert late == await lines_of(cloud)


async def test_shares_are_of_tenants_and_whole_numbers(cloud: Cloud, there: EnvironmentSpec) -> None:
    await cloud.costs.meter([there], NOON)
    await cloud.costs.meter([there], NOON + MINUTES)
    for parts in (await cloud.costs.shares(DAY)).values():
        assert all(tenant == there.tenant and part > 0 for tenant, part in parts.items())
