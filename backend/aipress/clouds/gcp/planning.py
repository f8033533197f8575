"""What an environment would be on Google Cloud, before anybody has an account there: everything made for it, and a month's price."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.gcp import prices, quotas
from aipress.clouds.gcp.environments import for_domains, wanted
from aipress.clouds.gcp.names import own_name, service_name
from aipress.clouds.gcp.places import Instance, Place
from aipress.clouds.gcp.resources import Resource
from aipress.clouds.gcp.sizes import size_for


@dataclass(frozen=True)
class Plan:
    """`besides`: what is made without a request of its own, by SQL and in the cache's list. `a_minute`: how many such environments a

    project could make in one.
    """

    environment: EnvironmentSpec
    host: str
    resources: tuple[Resource, ...]
    besides: tuple[tuple[str, str], ...]
    lines: tuple[prices.Line, ...]
    sheet: prices.Sheet
    a_minute: Fraction

    @property
    def monthly(self) -> Decimal:
        """All lines together."""
        return prices.total(self.lines)


def supposed_place(project: str, region: str, domain: str) -> Place:
    """A place with names as good as any for what nobody has made yet; nothing in it is free or costs more by its name."""
    here = f"projects/{project}"
    return Place(
        project=project,
        region=region,
        image=f"{region}-docker.pkg.dev/{project}/sites/wordpress@sha256:{'0' * 64}",
        network=f"{here}/global/networks/sites",
        subnetwork=f"{here}/regions/{region}/subnetworks/sites",
        instance=Instance("pool-1", "10.0.0.3"),
        cache="10.0.0.5:6379",
        domain=domain,
    )


def with_own_instance(environment: EnvironmentSpec, place: Place) -> Place:
    """The place with the instance an environment would have for itself, if it is to have one."""
    if environment.options.database != "own":
        return place
    reads = tuple(f"10.0.1.{number + 4}" for number in range(environment.options.replicas))
    return replace(place, instance=Instance(f"{own_name(environment.id)}-0000", "10.0.1.3", reads=reads))


def plan_of(
    environment: EnvironmentSpec, place: Place, load: prices.Load, own_domains: Sequence[str] = ()
) -> Plan:
    """With these domains of its own. Raises Unbuildable for what could not be made."""
    place = with_own_instance(environment, place)
    resources = (*wanted(environment, place).all, *for_domains(environment, place, own_domains))
    sheet = prices.read()
    name = own_name(environment.id)
    return Plan(
        environment=environment,
        host=f"{service_name(environment)}.{place.domain}",
        resources=resources,
        besides=(
            ("database and user", f"{name} on {place.instance.name}"),
            ("cache rule", f"{name} on {place.cache}"),
        ),
        lines=tuple(prices.monthly(resources, size_for(environment).connections, load, sheet)),
        sheet=sheet,
        a_minute=quotas.slowest(resources)[1],
    )
