"""An environment's user on a shared Valkey: a rule of its access control list, and how the list changes by it.

The list is one resource for all (`aclPolicies`), so it is read, changed and written back by one writer.
"""

from collections.abc import Sequence

from aipress.clouds.base import Cache, EnvironmentSpec
from aipress.clouds.gcp.labels import labels_of
from aipress.clouds.gcp.names import own_name
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource

RIGHTS = (
    "-@all +@read +@write +@connection +@transaction -@dangerous -@admin -@blocking -@pubsub -scan -randomkey -dbsize -swapdb "
    "-select -move -copy -eval -evalsha -function -script -client +client|setname +client|id"
)
"""What WordPress needs, and none of the commands that name other people's keys or the server's own."""


def cache_of(environment: EnvironmentSpec) -> Cache:
    """Its user, and what its keys begin with."""
    name = own_name(environment.id)
    return Cache(user=name, prefix=f"{name}:")


def rule(environment: EnvironmentSpec) -> Json:
    """Its own keys and channels and nothing else."""
    labels_of(environment)
    name = own_name(environment.id)
    return {"username": name, "rule": f"on ~{name}:* &{name}:* {RIGHTS}"}


def with_rule(rules: Sequence[Json], new: Json) -> list[Json]:
    """The list with this rule in it once, by user: saying it twice is once."""
    others = [one for one in rules if one["username"] != new["username"]]
    return sorted([*others, new], key=lambda one: str(one["username"]))


def without_rule(rules: Sequence[Json], environment_id: str) -> list[Json]:
    """The list without this environment."""
    return [one for one in rules if one["username"] != own_name(environment_id)]


def policy(place: Place, name: str, rules: Sequence[Json]) -> Resource:
    """The list as it should be now."""
    path = f"/v1/{place.parent}/aclPolicies/{name}"
    return Resource(
        "cache rules", name, "redis", path, {"rules": list(rules)}, {"updateMask": "rules"}, "PATCH"
    )
