"""What there is: resources by their full name, what was deleted, and what may have been there before we looked."""

import hashlib
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field

from gcpsim.wire import Json


@dataclass
class Resource:
    """One thing. `content` is what is shown; `hidden` what is kept beside it (payloads, policies); `generation` counts changes;

    `supposed`: it was there before we looked, and nothing more is known of it.
    """

    key: str
    content: Json
    hidden: Json = field(default_factory=dict)
    generation: int = 1
    supposed: bool = False

    @property
    def etag(self) -> str:
        """Another after every change."""
        told = f"{self.key}#{self.generation}".encode()
        return hashlib.blake2b(told, digest_size=9).hexdigest()

    @property
    def id(self) -> str:
        """The last part of its name."""
        return self.key.rsplit("/", 1)[-1]


class Store:
    """Keys begin with the API: `run/projects/p/locations/l/services/s`. Versions of an API share their resources.

    `before(key)` answers for what was made before the simulator began: by default nothing was. `leaves` is told of each resource that is taken away, and when.
    """

    def __init__(self, before: Callable[[str], bool] = lambda key: False) -> None:
        self._resources: dict[str, Resource] = {}
        self._collections: dict[str, dict[str, Resource]] = {}
        self._kinds: dict[tuple[str, str], dict[str, Resource]] = {}
        self._gone: dict[str, float] = {}
        self._before = before
        self._given = 0
        self.leaves: Callable[[Resource, float], None] = lambda one, at: None

    def get(self, key: str) -> Resource | None:
        """The resource, or None. What was there before is written down the first time it is asked for."""
        if key not in self._resources and key not in self._gone and self._before(key):
            self._enter(Resource(key, {}, supposed=True))
        return self._resources.get(key)

    def put(self, key: str, content: Json) -> Resource:
        """Write a new resource, or one over another."""
        self._gone.pop(key, None)
        return self._enter(Resource(key, deepcopy(content)))

    def restore(self, resource: Resource) -> None:
        """Put back what was taken away."""
        self._gone.pop(resource.key, None)
        self._enter(resource)

    def remove(self, key: str, at: float) -> list[Resource]:
        """Take a resource and everything under it away; returns what went, itself first."""
        going = [self._take(key)] if key in self._resources else []
        going += [self._take(below) for below in [k for k in self._resources if k.startswith(key + "/")]]
        self._gone[key] = at
        for one in going:
            self.leaves(one, at)
        return going

    def gone_at(self, key: str) -> float | None:
        """When it was deleted, if it was and has not been made again."""
        return self._gone.get(key)

    def under(self, collection: str) -> list[Resource]:
        """What is directly in a collection, by name."""
        return sorted(self._collections.get(collection, {}).values(), key=lambda resource: resource.key)

    def kind(self, api: str, collection: str) -> list[Resource]:
        """All of an API's resources of one kind, wherever they are: `kind("run", "services")`."""
        return list(self._kinds.get((api, collection), {}).values())

    def below(self, key: str) -> list[Resource]:
        """Everything whose name begins with this one."""
        return [resource for inner, resource in self._resources.items() if inner.startswith(key + "/")]

    def everything(self) -> Iterator[Resource]:
        """All there is."""
        return iter(list(self._resources.values()))

    @property
    def gone(self) -> dict[str, float]:
        """What was deleted, and when."""
        return self._gone

    @property
    def given(self) -> int:
        """How many numbers were given."""
        return self._given

    def bring_back(self, resources: list[Resource], gone: dict[str, float], given: int) -> None:
        """Have what an earlier store had."""
        self._resources, self._collections, self._kinds = {}, {}, {}
        for one in resources:
            self._enter(one)
        self._gone, self._given = dict(gone), given

    def number(self) -> str:
        """A new number, as Google gives to what nobody named."""
        self._given += 1
        return str(1_000_000_000_000_000_000 + self._given)

    def _enter(self, one: Resource) -> Resource:
        collection, kind = _places(one.key)
        self._resources[one.key] = one
        self._collections.setdefault(collection, {})[one.key] = one
        self._kinds.setdefault(kind, {})[one.key] = one
        return one

    def _take(self, key: str) -> Resource:
        collection, kind = _places(key)
        del self._collections[collection][key], self._kinds[kind][key]
        if not self._collections[collection]:
            del self._collections[collection]
        return self._resources.pop(key)


def _places(key: str) -> tuple[str, tuple[str, str]]:
    """The collection a resource is in, and its kind."""
    collection = key.rpartition("/")[0]
    return collection, (key.partition("/")[0], collection.rpartition("/")[2])
