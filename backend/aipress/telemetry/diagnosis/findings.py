"""A finding: a likely cause, what is claimed of it, and what to do. Every sentence is a template of ours, filled from the facts it cites."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal, get_args

from aipress.telemetry.diagnosis.evidence import Fact

Cause = Literal[
    "plugin_fatal",
    "slow_query",
    "missing_index",
    "bot_flood",
    "brute_force",
    "full_disk",
    "memory_limit",
    "cron_pile_up",
    "cache_never_hits",
    "expired_certificate",
    "dns_moved",
    "external_call",
    "connections_exhausted",
    "neighbour_load",
]
CAUSES: tuple[Cause, ...] = get_args(Cause)
Confidence = Literal["certain", "likely", "possible"]


@dataclass(frozen=True)
class Claim:
    """One sentence, and the facts it stands on."""

    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True)
class Proposal:
    """What to do: in words, and as an action of the registry where there is one for it."""

    text: str
    action: str = ""
    arguments: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """A likely cause. `weight` says how much of the trouble it explains, from 0 to 1; the heaviest comes first."""

    cause: Cause
    weight: float
    confidence: Confidence
    began_at: datetime
    claims: tuple[Claim, ...]
    proposal: Proposal

    def with_claim(self, claim: Claim, weight: float = 0.0) -> "Finding":
        """The same with one more claim, and so much heavier."""
        return replace(self, claims=(*self.claims, claim), weight=min(1.0, self.weight + weight))


def claim(template: str, *facts: Fact) -> Claim:
    """The sentence, its gaps filled from the facts: `{0[count]}` is that value of the first of them."""
    return Claim(template.format(*(fact.said() for fact in facts)), tuple(fact.id for fact in facts))
