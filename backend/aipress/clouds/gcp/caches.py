"""An environment's user on a shared Valkey: a rule of its access control list, and how the list changes by it.

The list is one resource for all (`aclPolicies`), so it is read, changed and written back by one writer.
"""

import hashlib
from collections.abc import Sequence

from aipress.clouds.base import Cache, EnvironmentSpec
from aipress.clouds.gcp.labels import labels_of
from aipress.clouds.gcp.names import own_name
from aipress.clouds.gcp.resources import Json, Resource

API = "memorystore"
SWEEPER = "aipress"
CLOSED: Json = {"username": "default", "rule": "off"}
"""Stands in every list from its beginning: else whoever says no name comes in as who may do everything."""

RIGHTS = (
    "-@all +@read +@write +@connection +@transaction -@dangerous -@admin -@blocking -@pubsub -scan -randomkey -dbsize -swapdb "
    "-select -move -copy -eval -evalsha -function -script -client +client|setname +client|id"
)
"""What WordPress needs, and none of the commands that name other people's keys or the server's own."""


def cache_of(environment: EnvironmentSpec) -> Cache:
    """Its user, and what its keys begin with."""
    name = own_name(environment.id)
    return Cache(user=name, prefix=f"{name}:")


def rule(environment: EnvironmentSpec, password: str) -> Json:
    """Its own keys and channels and nothing else, for whoever knows the password, of which only the SHA-256 stands there."""
    labels_of(environment)
    name = own_name(environment.id)
    return {"username": name, "rule": f"on #{hashed(password)} ~{name}:* &{name}:* {RIGHTS}"}


def sweeping_rule(password: str) -> Json:
    """The platform's own user: it finds and deletes the keys of who is gone, and reads none."""
    return {
        "username": SWEEPER,
        "rule": f"on #{hashed(password)} ~* resetchannels -@all +@connection +scan +unlink +memory|usage",
    }


def hashed(password: str) -> str:
    """As access control lists of Redis and Valkey know a password."""
    return hashlib.sha256(password.encode()).hexdigest()


def with_rule(rules: Sequence[Json], new: Json) -> list[Json]:
    """The list with this rule in it once, by user: saying it twice is once."""
    others = [one for one in rules if one["username"] != new["username"]]
    return sorted([*others, new], key=lambda one: str(one["username"]))


def without(rules: Sequence[Json], user: str) -> list[Json]:
    """The list without this user."""
    return [one for one in rules if one["username"] != user]


def list_of(project: str, region: str, name: str) -> str:
    """The full name of the list that a Valkey of this name goes by."""
    return f"projects/{project}/locations/{region}/aclPolicies/{name}"


def policy(list_name: str, rules: Sequence[Json], etag: str = "") -> Resource:
    """The list as it should be now, if it is still what was read with this etag."""
    body: Json = {"rules": list(rules)} | ({"etag": etag} if etag else {})
    name = list_name.rsplit("/", 1)[-1]
    return Resource("cache rules", name, API, f"/v1/{list_name}", body, {"updateMask": "rules"}, "PATCH")
