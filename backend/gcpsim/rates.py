"""How many writes of a kind a project may ask for in a minute, by the simulator's clock; off unless a world says otherwise."""

import re
from dataclasses import dataclass

from gcpsim.errors import Refused
from gcpsim.world import Call

WRITES = r"(create|insert|patch|update|delete|addVersion|setIamPolicy|enable|disable|destroy)$"


@dataclass(frozen=True)
class Rate:
    """`what` is how Google calls it in its refusal; `methods` are those that count."""

    what: str
    methods: re.Pattern[str]
    per_minute: int


RATES = (
    Rate(
        "Write requests of secretmanager.googleapis.com",
        re.compile(rf"secretmanager\.projects\..*{WRITES}"),
        600,
    ),
    Rate(
        "Bucket creations and deletions of storage.googleapis.com",
        re.compile(r"storage\.buckets\.(insert|delete)$"),
        30,
    ),
    Rate(
        "Write requests of run.googleapis.com",
        re.compile(rf"run\.projects\.locations\.services\.{WRITES}"),
        180,
    ),
    Rate(
        "Write requests of iam.googleapis.com", re.compile(rf"iam\.projects\.serviceAccounts\.{WRITES}"), 600
    ),
    Rate(
        "Write requests of certificatemanager.googleapis.com",
        re.compile(rf"certificatemanager\..*{WRITES}"),
        300,
    ),
)
MINUTE = 60.0


def count(call: Call) -> None:
    """Refused 429 where this call would be one too many of its project's last minute; otherwise it counts."""
    if not call.world.limits_rates:
        return
    project, now = call.query.get("project") or call.segment("projects"), call.world.clock.now()
    for rate in RATES:
        if rate.methods.match(call.method.id):
            asked = call.world.asked.setdefault(f"{project} {rate.what}", [])
            asked[:] = [at for at in asked if at > now - MINUTE]
            if len(asked) >= rate.per_minute:
                raise Refused(
                    429, f"Quota exceeded: {rate.what}, {rate.per_minute} per minute in project {project}."
                )
            asked.append(now)
