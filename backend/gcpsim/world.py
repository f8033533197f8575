"""Everything a call can touch, and the call itself."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from gcpsim.caches import Caches
from gcpsim.clock import Clock
from gcpsim.discovery.methods import Match, Method
from gcpsim.errors import Refused
from gcpsim.faults import Faults
from gcpsim.files import Files
from gcpsim.issuing import Issuing
from gcpsim.journal import Journal
from gcpsim.logbook import Logbook
from gcpsim.operations import Operation, Operations
from gcpsim.runs import Edge, Runs
from gcpsim.series import Series
from gcpsim.sql import Sql
from gcpsim.store import Resource, Store
from gcpsim.warehouse import Warehouse
from gcpsim.wire import Answer, Json, Request

if TYPE_CHECKING:
    from gcpsim.rules import Rules


def no_statements(instance: str, body: Json) -> Json:
    """Every statement succeeds and says nothing: there is no database behind."""
    return {"results": [{"message": "OK"}], "status": {}}


def no_bill(asked: Json) -> Json:
    """Nobody writes bills here."""
    raise Refused(404, "The simulator writes no bills: start it with --machines.")


def nothing() -> None:
    """Do nothing."""


@dataclass
class Upload:
    """What has come so far of something that comes in pieces."""

    told: Json
    query: dict[str, str]
    mime: str
    content: bytearray = field(default_factory=bytearray)


@dataclass
class World:
    """One simulated Google Cloud. `latency` is how many of the clock's seconds an operation takes; `statements` runs the SQL that

    comes by the API, given an instance's key; `warehouse` has BigQuery's rows; `elsewhere`:
    DNS records that are not in Cloud DNS, by name and type; `purges`: when;
    `uploads` are under way; `files` has the bytes of objects; `bill` writes what all costs; `remembered`
    holds what was deleted, when, and can be brought back.
    `turn` is held by whoever answers a call; what goes on beside the calls (`Call.goes_on`) takes it before it looks or writes here.
    `caller`: who asks, as policies name it; nobody in particular may do everything. `iam_delay`: seconds until a grant is heard of.
    `limits`: quotas that are others than Google's defaults; `limits_rates`: whether those of a minute hold, and what was `asked` in it.
    `runs` is what lets Cloud Run's services run, `edge` the load balancer's cache, `sql` has servers for Cloud SQL's instances, `caches` for Memorystore's. `logbook` has
    the entries of Cloud Logging, `series` what Cloud Run counts for Cloud Monitoring. `keep` is called after what may have changed something.
    `issuing` says how certificates come to be. `folder` is where all that is kept, '' where nothing is.
    """

    store: Store = field(default_factory=Store)
    clock: Clock = field(default_factory=Clock)
    faults: Faults = field(default_factory=Faults)
    journal: Journal = field(default_factory=Journal)
    operations: Operations = field(default_factory=Operations)
    latency: float = 0.0
    statements: Callable[[str, Json], Json] = no_statements
    warehouse: Warehouse = field(default_factory=Warehouse)
    elsewhere: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    purges: list[float] = field(default_factory=list)
    uploads: dict[str, Upload] = field(default_factory=dict)
    bill: Callable[[Json], Json] = no_bill
    files: Files = field(default_factory=Files)
    remembered: dict[str, tuple[float, Resource]] = field(default_factory=dict)
    turn: threading.RLock = field(default_factory=threading.RLock)
    runs: Runs = field(default_factory=Runs)
    edge: Edge = field(default_factory=Edge)
    series: Series = field(default_factory=Series)
    logbook: Logbook = field(default_factory=Logbook)
    keep: Callable[[], None] = nothing
    folder: str = ""
    caller: str = ""
    iam_delay: float = 0.0
    limits: dict[str, int] = field(default_factory=dict)
    limits_rates: bool = False
    asked: dict[str, list[float]] = field(default_factory=dict)
    sql: Sql = field(default_factory=Sql)
    caches: Caches = field(default_factory=Caches)
    issuing: Issuing = field(default_factory=Issuing)

    def resolve(self, name: str, kind: str) -> list[str]:
        """What the DNS says of a name that ends with a dot: of the simulator's own zones, or elsewhere."""
        records = (one.content for one in self.store.everything() if "/rrsets/" in one.key)
        found = [one for one in records if (one.get("name"), one.get("type")) == (name, kind)]
        values = [str(value) for record in found for value in record.get("rrdatas", [])]
        return values + self.elsewhere.get((name, kind), [])


@dataclass
class Call:
    """One request that found its method. `key` is the full name its path means: of an item, or of a collection."""

    request: Request
    found: Match
    world: World
    query: dict[str, str]
    body: Json
    key: str
    rules: "Rules"
    fault: str = ""
    answer: Answer | None = None
    """Set by what answers with other than JSON, or another status than usual."""
    goes_on: Callable[[Operation], object] | None = None
    """Set by what takes real time: begins it beside the calls, and calls the operation's `succeed` or `fail` in the world's `turn`."""

    @property
    def method(self) -> Method:
        """What was called."""
        return self.found.method

    @property
    def api(self) -> str:
        """Whose method it is."""
        return self.method.document.api

    @property
    def store(self) -> Store:
        """What there is."""
        return self.world.store

    @property
    def name(self) -> str:
        """The key as Google spells it, without the API."""
        return self.key.split("/", 1)[1]

    def segment(self, after: str) -> str:
        """The path's part that follows one: `call.segment('projects')`."""
        parts = self.key.split("/")
        return parts[parts.index(after) + 1] if after in parts[:-1] else ""
