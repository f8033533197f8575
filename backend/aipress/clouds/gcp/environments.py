"""Everything that is made for one environment, in the order it is made: what others need comes first."""

from collections.abc import Sequence
from dataclasses import dataclass

from aipress.clouds.base import Bucket, EnvironmentSpec, Supply
from aipress.clouds.gcp import (
    accounts,
    buckets,
    caches,
    databases,
    domains,
    media,
    routing,
    secrets,
    services,
    sql_instances,
)
from aipress.clouds.gcp.names import admin_secret, bucket_name, own_name
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Resource


@dataclass(frozen=True)
class Wanted:
    """`before`: what the service needs. SQL and cache rules hold secrets or others' lines, and are built where they are said."""

    before: tuple[Resource, ...]
    service: Resource

    @property
    def all(self) -> tuple[Resource, ...]:
        """In order."""
        return (*self.before, self.service)


def wanted(environment: EnvironmentSpec, place: Place, supply: Supply | None = None) -> Wanted:
    """Account, secrets, bucket, grants, service; every secret of the platform's in its first version."""
    supply = supply or Supply()
    kept = secrets.secrets_of(environment, place, tuple(supply.versions))
    own = sql_instances.wanted(environment, place)
    administrators = [secrets.secret(environment, place, admin_secret(place.instance.name))] if own else []
    parts = services.Parts(
        environment,
        Bucket(bucket_name(environment.id, place.project)),
        databases.database_of(environment),
        caches.cache_of(environment),
        dict.fromkeys(services.PLATFORM_SECRETS, 1),
        supply,
    )
    before = (
        accounts.account(environment, place),
        *kept,
        buckets.bucket(environment, place),
        *(accounts.reads_secret(environment, place, one.name) for one in kept),
        accounts.writes_bucket(environment, place),
        *([accounts.signs_itself(environment, place)] if media.is_signed(environment) else []),
        *administrators,
        *own,
    )
    return Wanted(before, services.service(parts, place))


def for_domains(environment: EnvironmentSpec, place: Place, names: Sequence[str]) -> tuple[Resource, ...]:
    """What own domains take, by the load balancer alone: proof, certificate and entry for each, and one way for all of them.

    The URL map gets a host for each as well, which is a change of what all sites share.
    """
    each = [
        resource
        for name in names
        for resource in (
            domains.authorization(environment, name, place),
            domains.certificate(environment, name, place),
            domains.map_entry(environment, name, place, routing.SHARED),
        )
    ]
    way = (routing.domain_group(environment, place), routing.backend(place, own_name(environment.id)))
    return (*each, *(way if names else ()))
