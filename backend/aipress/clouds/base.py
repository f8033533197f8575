"""What AIPress asks of a cloud: a shelf of small facets, each a Protocol with one contract suite in `tests/contracts`.

Every verb is safe to say twice: `ensure` on what exists, or `remove` on what is gone, changes nothing. Verbs raise
`CloudBusy` (ask again) or `CloudRefused` (a person has to look). Handles are names, never secrets: they are recorded.
`existing()` says for which environments, by id, a facet holds anything at all: from it leaks are found.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from aipress.clouds.carrying import CarriedDatabases
from aipress.clouds.costs import Costs
from aipress.clouds.cron import Cron
from aipress.clouds.domains import Domains
from aipress.clouds.files import KeepsFiles
from aipress.clouds.inspection import Inspection
from aipress.clouds.logs import Logs
from aipress.clouds.mail import Mail
from aipress.clouds.metrics import Metrics
from aipress.clouds.notes import Notes
from aipress.clouds.options import DEFAULTS, Choices, Options

SECRET_NAMES = (
    "DB_PASSWORD", "REDIS_PASSWORD",
    "AUTH_KEY", "SECURE_AUTH_KEY", "LOGGED_IN_KEY", "NONCE_KEY",
    "AUTH_SALT", "SECURE_AUTH_SALT", "LOGGED_IN_SALT", "NONCE_SALT",
)  # fmt: skip


@dataclass(frozen=True)
class EnvironmentSpec:
    """An environment as clouds know it. `number` is unique for ever; `tenant` is empty while it is pooled; `cloud` names its cloud."""

    id: str
    number: int
    tenant: str
    slug: str
    kind: Literal["live", "staging"] = "live"
    tier: str = "basic"
    cloud: str = ""
    options: Options = DEFAULTS

    @property
    def labels(self) -> dict[str, str]:
        return {"aipress-tenant-id": self.tenant, "aipress-environment-id": self.id}


@dataclass(frozen=True)
class Identity:
    """Whose site it is: what WordPress is told about itself and its first administrator."""

    title: str
    url: str
    owner_email: str
    owner_name: str


@dataclass(frozen=True)
class LoginTicket:
    """A single-use way into wp-admin. Only the SHA-256 (hex) of the token is stored."""

    token_hash: str
    email: str
    name: str
    expires_at: datetime


@dataclass(frozen=True)
class Secrets:
    scope: str
    names: tuple[str, ...]


@dataclass(frozen=True)
class Supply:
    """Which of its owner's secrets an environment is to have, by version. `revision` grows with every change of it."""

    revision: int = 0
    versions: Mapping[str, int] = field(default_factory=dict)

    @property
    def items(self) -> set[tuple[str, int]]:
        return set(self.versions.items())


@dataclass(frozen=True)
class Database:
    name: str
    user: str


@dataclass(frozen=True)
class Bucket:
    name: str


@dataclass(frozen=True)
class Cache:
    user: str
    prefix: str


@dataclass(frozen=True)
class Service:
    name: str


@dataclass(frozen=True)
class Address:
    host: str
    url: str


@dataclass(frozen=True)
class RuntimeReport:
    """How environments run here, said as it is: what separates them, what limits them, whether they reach the internet,
    how many are awake and asleep, and the memory (KiB) it takes to watch over them."""

    isolated: bool
    sandbox: str
    limits: str
    outbound: str
    awake: int
    asleep: int
    memory_kb: int


class Vault(Protocol):
    async def ensure(self, environment: EnvironmentSpec) -> Secrets: ...

    async def keep(self, environment_id: str, name: str, version: int, value: str) -> None:
        """Seal a secret of the site's owner under this version; other versions stay. Durable when this returns.

        Raises CloudRefused for an environment that has no secrets of the platform's (`ensure`).
        """

    async def kept(self, environment_id: str) -> set[tuple[str, int]]:
        """Which of the owner's secrets are sealed, each as (name, version)."""

    async def value(self, environment_id: str, name: str, version: int) -> str:
        """One of the owner's secrets, for carrying it to another cloud's vault alone. Raises CloudRefused for one that isn't kept."""

    async def retain(self, environment_id: str, wanted: AbstractSet[tuple[str, int]]) -> None:
        """Shred every secret of the owner's but these; those that aren't there don't come to be."""

    async def remove(self, environment_id: str) -> None:
        """Shred all of it, the owner's secrets too."""

    async def existing(self) -> set[str]: ...


class Databases(CarriedDatabases, Protocol):
    def most_connections(self, tier: str, options: Options = DEFAULTS) -> int:
        """That an environment of this tier with these options may hold at once."""

    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Database:
        """A database with WordPress in it, and its own user."""

    async def introduce(self, database: Database, identity: Identity) -> None:
        """Tell the WordPress in it whose it is."""

    async def admit(self, database: Database, ticket: LoginTicket) -> None:
        """Let the holder of the ticket's token into wp-admin, once."""

    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...


class Buckets(KeepsFiles, Protocol):
    async def ensure(self, environment: EnvironmentSpec) -> Bucket: ...
    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...


class Caches(Protocol):
    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Cache: ...
    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...


class Runtime(Protocol):
    async def ensure(self, environment: EnvironmentSpec, bucket: Bucket) -> Service:
        """A WordPress that starts for its visitors; a new one at once, since somebody is about to come."""

    async def warm(self, service: Service) -> None:
        """Start it now, before anybody comes."""

    async def supply(self, environment_id: str, supply: Supply) -> int:
        """Let it have exactly these secrets of its owner's, which the vault keeps, and say which revision is in force.

        An older revision than that changes nothing. A WordPress that runs is replaced: new requests have the new values when
        this returns, and those that run finish with the old ones.
        """

    async def supplied(self) -> dict[str, int]:
        """The revision each environment goes by; 0 or absent where it never got any."""

    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...

    async def check_room(self) -> None:
        """Raises NoRoom when there is no place for one more environment."""

    async def report(self) -> RuntimeReport: ...


class Edge(Protocol):
    async def address_of(self, environment: EnvironmentSpec) -> Address:
        """Where it answers, or will; where it is not placed yet, where it would be if it were placed first."""

    async def ensure(self, environment: EnvironmentSpec, service: Service) -> Address: ...
    async def probe(self, address: Address) -> None:
        """Fetch the front page as a stranger would. Raises CloudBusy unless it is a page of that site."""

    async def purge(self, environment_id: str, path: str = "") -> None:
        """Forget the pages that are kept of it, or those at one path: printable ASCII, with or without a slash at its end.

        Whoever comes after this has returned gets a page that is made anew. Raises CloudRefused where nothing is there.
        """

    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...


class Holder(Protocol):
    """What every facet can say that holds something of environments."""

    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...


@dataclass(frozen=True)
class Cloud:
    """One cloud. `prepares`: whether environments may stand around for nobody; not where whatever stands is billed to somebody."""

    name: str
    vault: Vault
    databases: Databases
    buckets: Buckets
    caches: Caches
    runtime: Runtime
    edge: Edge
    costs: Costs
    logs: Logs
    metrics: Metrics
    cron: Cron
    notes: Notes
    inspection: Inspection
    mail: Mail
    domains: Domains
    choices: Choices
    prepares: bool = True

    def facets_down(self) -> "Sequence[Holder]":
        """Every facet that may hold something of an environment, in the order it is taken down: traffic first, keys last."""
        return (
            self.domains, self.edge, self.runtime, self.caches, self.buckets, self.mail, self.logs, self.databases, self.metrics,
            self.vault,
        )  # fmt: skip
