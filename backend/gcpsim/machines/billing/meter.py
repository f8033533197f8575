"""Who used what in a part of an hour: things by their lifetime and their own labels, Cloud Run by what its instances ran.

Of a Cloud Run service Google's bill knows the labels of its revision alone, which are its template's.
"""

from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction

from gcpsim.machines.billing.sizes import gib, instance_size, vcpus
from gcpsim.store import Resource
from gcpsim.wire import Json
from gcpsim.world import World

HOUR = 3600
GIB = 2**30
RUN = "run.googleapis.com/"
NODES = {
    "SHARED_CORE_NANO": "valkey_nano",
    "STANDARD_SMALL": "valkey_small",
    "HIGHMEM_MEDIUM": "valkey_medium",
    "HIGHMEM_XLARGE": "valkey_xlarge",
}


@dataclass(frozen=True)
class Window:
    """From one second since 1970 to another, within one hour."""

    start: float
    end: float

    @property
    def month(self) -> int:
        """Hours in its month."""
        day = datetime.fromtimestamp(self.start, UTC)
        return 24 * monthrange(day.year, day.month)[1]


@dataclass(frozen=True)
class Lived:
    """A thing that is there, or was there until some moment."""

    resource: Resource
    until: float | None = None

    def hours(self, window: Window, since: float = 0.0) -> Fraction:
        """How long it was there of a window."""
        begin = max(window.start, since or born(self.resource))
        end = window.end if self.until is None else min(window.end, self.until)
        return Fraction(max(0.0, end - begin)) / HOUR


@dataclass(frozen=True)
class Used:
    """An amount, in the unit of its price, of something that has a project, a place, labels and a name."""

    price: str
    amount: Fraction
    key: str
    labels: dict[str, str]
    place: str


Things = Mapping[str, Lived]


def used_in(world: World, things: Iterable[Lived], window: Window) -> Iterator[Used]:
    """All that is paid for in a window."""
    lived = list(things)
    by_key = {one.resource.key: one for one in lived}
    for one in lived:
        meter = METERS.get(kind_of(one.resource.key))
        if meter is not None:
            yield from meter(world, one, window, by_key)
    yield from _of_runs(world, lived, window)


def kind_of(key: str) -> str:
    """What a thing is: its API and its collection, `run/services`; of a bucket `storage/b`."""
    parts = key.split("/")
    return f"{parts[0]}/{parts[-2]}" if len(parts) > 2 else ""


def born(resource: Resource) -> float:
    """When a thing was made, in seconds; 0 where it does not say."""
    for name in ("createTime", "timeCreated"):
        if told := resource.content.get(name):
            return datetime.fromisoformat(str(told)).timestamp()
    return 0.0


def _bucket(world: World, one: Lived, window: Window, things: Things) -> Iterator[Used]:
    """All bytes in it, and those deleted ones that it still keeps."""
    bucket = one.resource
    objects = [inner.content for inner in world.store.under(f"{bucket.key}/o")]
    objects += [
        kept.content
        for until, kept in world.remembered.values()
        if kept.key.startswith(f"{bucket.key}/o/") and until >= window.end
    ]
    size = sum(int(told.get("size", 0)) for told in objects)
    amount = Fraction(size, GIB) * one.hours(window) / window.month
    place = str(bucket.content.get("location", "US")).lower()
    yield Used("files", amount, bucket.key, _labels(bucket), place)


def _secret(world: World, one: Lived, window: Window, things: Things) -> Iterator[Used]:
    """Every version that was not destroyed, by the labels of its secret."""
    version = one.resource
    until = one.until
    if told := version.content.get("destroyTime"):
        until = datetime.fromisoformat(str(told)).timestamp()
    key = version.key.rsplit("/", 2)[0]
    secret = things[key].resource if key in things else None
    amount = Lived(version, until).hours(window) / window.month
    yield Used("secret", amount, key, _labels(secret), _region(key))


def _sql(world: World, one: Lived, window: Window, things: Things) -> Iterator[Used]:
    """Processors, memory and disk, twice where it is highly available; stopped, the disk alone."""
    instance = one.resource
    settings: Json = instance.content.get("settings", {})
    hours = one.hours(window) * (2 if settings.get("availabilityType") == "REGIONAL" else 1)
    size = instance_size(str(settings.get("tier", "")))
    labels = dict(settings.get("userLabels", {}))
    place = str(instance.content.get("region", "us-central1"))
    if settings.get("activationPolicy") != "NEVER":
        edition = "sql_plus" if settings.get("edition") == "ENTERPRISE_PLUS" else "sql"
        yield Used(f"{edition}_cpu", size.vcpus * hours, instance.key, labels, place)
        yield Used(f"{edition}_memory", size.gib * hours, instance.key, labels, place)
    disk = Fraction(int(settings.get("dataDiskSizeGb", 10)))
    yield Used("sql_disk", disk * hours / window.month, instance.key, labels, place)


def _valkey(world: World, one: Lived, window: Window, things: Things) -> Iterator[Used]:
    """Each node: a shard's, and its replicas'."""
    instance = one.resource
    nodes = int(instance.content.get("shardCount", 1)) * (1 + int(instance.content.get("replicaCount", 0)))
    price = NODES.get(str(instance.content.get("nodeType", "")), "valkey_small")
    yield Used(price, nodes * one.hours(window), instance.key, _labels(instance), _region(instance.key))


def _certificate(world: World, one: Lived, window: Window, things: Things) -> Iterator[Used]:
    certificate = one.resource
    amount = one.hours(window) / window.month
    yield Used("certificate", amount, certificate.key, _labels(certificate), _region(certificate.key))


METERS: dict[str, Callable[[World, Lived, Window, Things], Iterator[Used]]] = {
    "storage/b": _bucket,
    "secretmanager/versions": _secret,
    "sqladmin/instances": _sql,
    "memorystore/instances": _valkey,
    "certificatemanager/certificates": _certificate,
}


def _of_runs(world: World, things: Iterable[Lived], window: Window) -> Iterator[Used]:
    """What the instances of each revision were paid for, and those that are kept awake when nobody asks."""
    billed, asked = _sums(world, window)
    for one in things:
        if kind_of(one.resource.key) != "run/revisions":
            continue
        revision = one.resource
        key, labels, place = revision.key.rsplit("/", 2)[0], _labels(revision), revision.key.split("/")[4]
        seconds, requests = billed.get(revision.key, Fraction(0)), asked.get(revision.key, Fraction(0))
        awake = max(Fraction(0), _least(world, revision) * one.hours(window) * HOUR - seconds)
        cpu, memory = vcpus(revision.content), gib(revision.content)
        for price, amount in (
            ("cpu", seconds * cpu),
            ("memory", seconds * memory),
            ("requests", requests / 1_000_000),
            ("idle_cpu", awake * cpu),
            ("idle_memory", awake * memory),
        ):
            yield Used(price, amount, key, labels, place)


def _sums(world: World, window: Window) -> tuple[dict[str, Fraction], dict[str, Fraction]]:
    """Seconds paid for and requests, by revision, as Cloud Monitoring has them."""
    billed: defaultdict[str, Fraction] = defaultdict(Fraction)
    asked: defaultdict[str, Fraction] = defaultdict(Fraction)
    wanted = {f"{RUN}container/billable_instance_time": billed, f"{RUN}request_count": asked}
    for kind, resource, total in world.series.sums(wanted, window.start, window.end):
        named = resource["labels"]
        place = f"run/projects/{named['project_id']}/locations/{named['location']}"
        key = f"{place}/services/{named['service_name']}/revisions/{named['revision_name']}"
        wanted[kind][key] += Fraction(str(total))
    return billed, asked


def _least(world: World, revision: Resource) -> int:
    """How many instances are kept awake of a revision: of the newest that is ready, what its service says."""
    service = world.store.get(revision.key.rsplit("/", 2)[0])
    if service is None or f"run/{service.content.get('latestReadyRevision')}" != revision.key:
        return 0
    own = service.content.get("scaling", {}).get("minInstanceCount")
    return int(own or revision.content.get("scaling", {}).get("minInstanceCount") or 0)


def _labels(resource: Resource | None) -> dict[str, str]:
    return dict(resource.content.get("labels", {})) if resource else {}


def _region(key: str) -> str:
    parts = key.split("/")
    return parts[parts.index("locations") + 1] if "locations" in parts else "global"
