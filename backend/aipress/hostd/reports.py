"""What hostd tells about itself: the shapes of the answers to `status` and `inventory`, for both ends of the socket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class EnvironmentStatus:
    """One environment: state (asleep, starting, awake, stopping), pid of its PHP-FPM, milliseconds its last start took,
    how often it started, was stopped, and failed in a row, what the last failure was, bytes of memory now, and microseconds of
    processor time since hostd began."""

    state: str
    pid: int | None
    last_start_ms: float | None
    starts: int
    stops: int
    failures: int
    last_error: str
    memory_bytes: int
    cpu_us: int


@dataclass(frozen=True, slots=True)
class HostStatus:
    """The daemon: what protects environments from each other, said as it is, and its own memory (KiB)."""

    isolated: bool
    sandbox: str
    limited: str
    outbound: str
    rss_kb: int
    environments: dict[str, EnvironmentStatus]

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "HostStatus":
        each = {id: EnvironmentStatus(**one) for id, one in told["environments"].items()}
        return cls(**{**told, "environments": each})


@dataclass(frozen=True, slots=True)
class Usage:
    """What one environment uses: bytes on disk, bytes of memory now, and microseconds of processor time since hostd began."""

    disk_bytes: int
    memory_bytes: int
    cpu_us: int


@dataclass(frozen=True, slots=True)
class CronRun:
    """How a run of cron ended: PHP's HTTP status (200: all done; 423: an earlier one goes on; 0: broken off), and how long it took."""

    status: int
    duration_ms: float


@dataclass(frozen=True, slots=True)
class Message:
    """A message that waits: whose environment's, its name there, its size in bytes, and itself (base64; empty when it is too large)."""

    id: str
    name: str
    size: int
    content: str


@dataclass(frozen=True, slots=True)
class Holding:
    """What exists of one environment, and the revision of its owner's secrets it goes by."""

    files: bool
    socket: bool
    runtime: bool
    hosts: tuple[str, ...]
    processes: tuple[int, ...]
    supply: int


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything that exists: by environment, and what belongs to none (processes, links, directories on their way out)."""

    environments: dict[str, Holding]
    stray_processes: tuple[int, ...]
    stray_links: tuple[str, ...]
    trash: int

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> "Holdings":
        each = {
            id: Holding(**{**one, "hosts": tuple(one["hosts"]), "processes": tuple(one["processes"])})
            for id, one in told["environments"].items()
        }
        strays = {name: tuple(told[name]) for name in ("stray_processes", "stray_links")}
        return cls(each, trash=told["trash"], **strays)
