"""What can go wrong on purpose: a refusal before, a line that breaks after, an operation that fails."""

from dataclasses import dataclass, field
from fnmatch import fnmatch

from gcpsim.errors import Refused

KINDS = ("429", "503", "lost", "operation")


@dataclass
class Fault:
    """`kind` befalls methods whose id fits `methods` (a pattern such as `run.*.create`), after `skip` of them, `times` times."""

    kind: str
    methods: str = "*"
    times: int = 1
    skip: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"there is no fault '{self.kind}', only {', '.join(KINDS)}")


def parse_fault(text: str) -> Fault:
    """`KIND[:METHODS[:TIMES[:SKIP]]]`, as the command line gives it: `503:secretmanager.*:2`."""
    kind, methods, times, skip = (text.split(":") + ["", "", "", ""])[:4]
    return Fault(kind, methods or "*", int(times or 1), int(skip or 0))


@dataclass
class Faults:
    """The faults still to come, in order."""

    planned: list[Fault] = field(default_factory=list)

    def befalling(self, method_id: str) -> str:
        """The kind of fault this call meets, or ''; a fault that has happened often enough is over."""
        for fault in self.planned:
            if not fnmatch(method_id, fault.methods) or fault.times == 0:
                continue
            if fault.skip > 0:
                fault.skip -= 1
                continue
            fault.times -= 1
            return fault.kind
        return ""


def refuse_for(kind: str) -> None:
    """Raise what a fault says instead of an answer."""
    if kind == "429":
        raise Refused(429, "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'.")
    if kind == "503":
        raise Refused(503, "The service is currently unavailable.")
