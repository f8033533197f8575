"""What AIPress asks of a cloud: a shelf of small facets, each a Protocol with one contract suite in `tests/contracts`.

Every verb is safe to say twice: `ensure` on what exists, or `remove` on what is gone, changes nothing. Verbs raise
`CloudBusy` (ask again) or `CloudRefused` (a person has to look). Handles are names, never secrets: they are recorded.
`existing()` says for which environments, by id, a facet holds anything at all: from it leaks are found.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

SECRET_NAMES = (
    "DB_PASSWORD",
    "REDIS_PASSWORD",
    "AUTH_KEY",
    "SECURE_AUTH_KEY",
    "LOGGED_IN_KEY",
    "NONCE_KEY",
    "AUTH_SALT",
    "SECURE_AUTH_SALT",
    "LOGGED_IN_SALT",
    "NONCE_SALT",
)


@dataclass(frozen=True)
class EnvironmentSpec:
    """An environment as clouds know it. `number` is unique for ever; `tenant` is empty while it is pooled."""

    id: str
    number: int
    tenant: str
    slug: str
    kind: Literal["live", "staging"] = "live"
    tier: str = "basic"

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
    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...


class Databases(Protocol):
    async def ensure(self, environment: EnvironmentSpec, secrets: Secrets) -> Database:
        """A database with WordPress in it, and its own user."""

    async def introduce(self, database: Database, identity: Identity) -> None:
        """Tell the WordPress in it whose it is."""

    async def admit(self, database: Database, ticket: LoginTicket) -> None:
        """Let the holder of the ticket's token into wp-admin, once."""

    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...


class Buckets(Protocol):
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

    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...

    async def check_room(self) -> None:
        """Raises NoRoom when there is no place for one more environment."""

    async def report(self) -> RuntimeReport: ...


class Edge(Protocol):
    def address_of(self, environment: EnvironmentSpec) -> Address:
        """Where it answers, or will."""

    async def ensure(self, environment: EnvironmentSpec, service: Service) -> Address: ...
    async def probe(self, address: Address) -> None:
        """Fetch the front page as a stranger would. Raises CloudBusy unless it is a page of that site."""

    async def remove(self, environment_id: str) -> None: ...
    async def existing(self) -> set[str]: ...


@dataclass(frozen=True)
class Cloud:
    """One cloud."""

    name: str
    vault: Vault
    databases: Databases
    buckets: Buckets
    caches: Caches
    runtime: Runtime
    edge: Edge
