"""What the facet of own domains promises: a domain leads to one environment until it is withdrawn, and `of` tells the truth."""

import secrets
from dataclasses import replace

import pytest

from aipress.clouds.base import Cloud, EnvironmentSpec
from aipress.errors import CloudRefused


@pytest.fixture
async def there(cloud: Cloud, environment: EnvironmentSpec) -> EnvironmentSpec:
    """An environment that stands, so that something can lead to it."""
    await cloud.vault.ensure(environment)
    bucket = await cloud.buckets.ensure(environment)
    await cloud.edge.ensure(environment, await cloud.runtime.ensure(environment, bucket))
    return environment


@pytest.fixture
def domain() -> str:
    return f"www.d{secrets.token_hex(5)}.example"


async def test_ensuring_twice_is_ensuring_once(cloud: Cloud, there: EnvironmentSpec, domain: str) -> None:
    first = await cloud.domains.ensure(there, domain)
    assert await cloud.domains.ensure(there, domain) == first
    assert (first.domain, await cloud.domains.state(there.id, domain)) == (domain, first)
    assert await cloud.domains.of(there.id) == {domain}
    assert there.id in await cloud.domains.existing()


async def test_what_leads_here_is_named_before_anything_is_made(
    cloud: Cloud, there: EnvironmentSpec, domain: str
) -> None:
    leading = await cloud.domains.records(there, domain)
    assert leading
    assert {one.name for one in leading} == {domain}
    assert {one.kind for one in leading} <= {"A", "AAAA", "CNAME"}
    assert await cloud.domains.state(there.id, domain) is None
    assert there.id not in await cloud.domains.existing()
    assert set(leading) <= set((await cloud.domains.ensure(there, domain)).records)


async def test_a_state_says_why_unless_the_certificate_is_there(
    cloud: Cloud, there: EnvironmentSpec, domain: str
) -> None:
    state = await cloud.domains.ensure(there, domain)
    assert (state.certificate == "active") == (state.certificate_ends is not None)
    assert state.certificate == "active" or state.why


async def test_withdrawing_what_is_gone_or_never_was_changes_nothing(
    cloud: Cloud, there: EnvironmentSpec, domain: str
) -> None:
    await cloud.domains.withdraw(there.id, domain)
    await cloud.domains.ensure(there, domain)
    await cloud.domains.ensure(there, f"shop.{domain}")
    await cloud.domains.withdraw(there.id, domain)
    await cloud.domains.withdraw(there.id, domain)
    assert await cloud.domains.state(there.id, domain) is None
    assert await cloud.domains.of(there.id) == {f"shop.{domain}"}


async def test_a_domain_that_leads_elsewhere_is_neither_taken_nor_withdrawn(
    cloud: Cloud, there: EnvironmentSpec, domain: str
) -> None:
    """Two environments at once: whoever asks second is refused, and cannot take down the first one's."""
    state = await cloud.domains.ensure(there, domain)
    other = replace(there, id=secrets.token_hex(6), number=there.number + 1, slug=f"o{there.slug}")
    with pytest.raises(CloudRefused):
        await cloud.domains.ensure(other, domain)
    await cloud.domains.withdraw(other.id, domain)
    assert await cloud.domains.state(there.id, domain) == state
    assert await cloud.domains.state(other.id, domain) is None


async def test_domains_go_all_at_once_and_the_address_stays(
    cloud: Cloud, there: EnvironmentSpec, domain: str
) -> None:
    for name in (domain, f"shop.{domain}"):
        await cloud.domains.ensure(there, name)
    await cloud.domains.remove(there.id)
    await cloud.domains.remove(there.id)
    assert (await cloud.domains.of(there.id), there.id in await cloud.domains.existing()) == (set(), False)
    assert there.id in await cloud.edge.existing()


async def test_an_address_goes_and_domains_stay(cloud: Cloud, there: EnvironmentSpec, domain: str) -> None:
    await cloud.domains.ensure(there, domain)
    assert there.id in await cloud.edge.existing()
    await cloud.edge.remove(there.id)
    assert there.id not in await cloud.edge.existing()
    assert await cloud.domains.of(there.id) == {domain}


async def test_the_platforms_own_address_is_no_domain(cloud: Cloud, there: EnvironmentSpec) -> None:
    host = (await cloud.edge.address_of(there)).host
    assert await cloud.domains.of(there.id) == set()
    assert await cloud.domains.state(there.id, host) is None
    await cloud.domains.withdraw(there.id, host)
    assert there.id in await cloud.edge.existing()
