"""The words hostd understands."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

ID = re.compile(r"[0-9a-f]{12}")


class Refusal(Exception):
    """hostd says no. `code` is for programs, the message for people."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Limits:
    """What an environment may use: PHP workers, memory in all (MiB), seconds without visitors until it sleeps (0: the
    daemon's own default), and 1 instance where it must never sleep."""

    children: int = 4
    memory_mb: int = 512
    idle_seconds: int = 0
    min_instances: int = 0


@dataclass(frozen=True, slots=True)
class MakeFiles:
    """Make the environment's directory. `version` is the WordPress it runs; empty: the newest installed."""

    id: str
    uid: int
    version: str = ""


@dataclass(frozen=True, slots=True)
class RemoveFiles:
    """Stop the environment and remove its directory."""

    id: str


@dataclass(frozen=True, slots=True)
class EnsureRuntime:
    """Listen for visitors and start PHP for them. `tenant` is whose it is; empty while nobody's. `soon`: somebody is about to
    come, so a new one starts at once."""

    id: str
    uid: int
    limits: Limits = field(default_factory=Limits)
    tenant: str = ""
    soon: bool = False


@dataclass(frozen=True, slots=True)
class SupplyRuntime:
    """Let it have these secrets of its owner's, each in this version; answers the revision in force. An older one than that
    changes nothing. PHP that runs is replaced: requests under way finish with what they had."""

    id: str
    revision: int
    versions: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class RemoveRuntime:
    """Stop the environment and listen no more."""

    id: str


@dataclass(frozen=True, slots=True)
class Warm:
    """Start PHP now; answered when it has taken its first request."""

    id: str


@dataclass(frozen=True, slots=True)
class Sleep:
    """Let running requests end, then stop PHP; the next visitor wakes it."""

    id: str


@dataclass(frozen=True, slots=True)
class RunCron:
    """Let WordPress at `host` do what is due, `seconds` at most; answered when it has. `request` is its id in logs. Verbs about
    the same environment don't wait for it."""

    id: str
    host: str
    request: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Publish:
    """Let visitors of `host` reach the environment."""

    id: str
    host: str


@dataclass(frozen=True, slots=True)
class Withdraw:
    """Let `host` lead nowhere; with an `id`, only if it leads there."""

    host: str
    id: str = ""


@dataclass(frozen=True, slots=True)
class Purge:
    """Forget the pages the edge keeps of it; with a `path`, only those at that path."""

    id: str
    path: str = ""


@dataclass(frozen=True, slots=True)
class TakeMail:
    """Throw away these messages of these environments, which are seen to, and hand over the next few that wait, of all."""

    done: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class ListFiles:
    """Every file of its own content, as lines that come through a descriptor. With `since` (ns), MD5 of those alone that were
    changed then or later. What is told of is on disk."""

    id: str
    since: int = 0


@dataclass(frozen=True, slots=True)
class ReadFile:
    """A file of its own content: a descriptor to read from, and how large it is."""

    id: str
    file: str


@dataclass(frozen=True, slots=True)
class DraftFile:
    """A descriptor to write a file's content to, which is no file of the environment's yet, and the draft's name."""

    id: str


@dataclass(frozen=True, slots=True)
class KeepFile:
    """Let a draft be the file of this path, in place of what was there."""

    id: str
    file: str
    draft: str


@dataclass(frozen=True, slots=True)
class ForgetFiles:
    """Remove these files of its own content, and folders that are empty then."""

    id: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Inventory:
    """Everything that exists, by environment."""


@dataclass(frozen=True, slots=True)
class Status:
    """How each environment is doing, and what protects it."""


@dataclass(frozen=True, slots=True)
class Measure:
    """What the environment uses: disk, memory now, and processor time since this hostd began."""

    id: str


Verb = (
    MakeFiles
    | RemoveFiles
    | EnsureRuntime
    | SupplyRuntime
    | RemoveRuntime
    | Warm
    | Sleep
    | RunCron
    | Publish
    | Withdraw
    | Purge
    | TakeMail
    | ListFiles
    | ReadFile
    | DraftFile
    | KeepFile
    | ForgetFiles
    | Inventory
    | Status
    | Measure
)
VERBS: dict[str, type[Verb]] = {
    re.sub(r"(?<!^)([A-Z])", r"_\1", kind.__name__).lower(): kind
    for kind in (
        MakeFiles,
        RemoveFiles,
        EnsureRuntime,
        SupplyRuntime,
        RemoveRuntime,
        Warm,
        Sleep,
        RunCron,
        Publish,
        Withdraw,
        Purge,
        TakeMail,
        ListFiles,
        ReadFile,
        DraftFile,
        KeepFile,
        ForgetFiles,
        Inventory,
        Status,
        Measure,
    )
}
