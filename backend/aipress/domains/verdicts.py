"""What a look at a domain comes to: its state, in words why, and when to look again."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from aipress.clouds.domains import DomainState
from aipress.domains.looks import Look, leads_here
from aipress.domains.models import Domain, State

GRACE = timedelta(days=7)  # how long a domain stays whose proof is gone
PATIENCE = timedelta(days=30)  # how long a claim is looked at that nobody proves
SOON, SLOW = timedelta(minutes=1), timedelta(hours=6)
SLOWEST = {"waiting": SLOW, "proved": timedelta(hours=1), "connected": SLOW, "failed": SLOW}

Standing = Literal["ours", "unproved", "taken", "given up"]


@dataclass(frozen=True)
class Finding:
    """What was found at one look: whether the domain is its site's, each record, and how far the cloud is with it."""

    standing: Standing
    proof: Look
    looks: Sequence[Look] = ()
    reached: DomainState | None = None
    trouble: str = ""
    is_refused: bool = False


def pronounce(row: Domain, found: Finding, now: datetime) -> None:
    """Write on the row what was found, and when it is looked at next."""
    state, why = _verdict(row, found, now)
    row.checks = row.checks + 1 if state == row.state else 0
    row.state, row.why = state, _said(row, why)[:600]
    row.looks = [one.to_store() for one in (found.proof, *found.looks)]
    if found.reached is not None:
        row.certificate, row.certificate_ends = found.reached.certificate, found.reached.certificate_ends
    elif found.standing != "ours":
        row.certificate, row.certificate_ends = "none", None
    row.checked_at, row.next_check_at = now, _next(row, now)


def _verdict(row: Domain, found: Finding, now: datetime) -> tuple[State, str]:
    if found.standing == "taken":
        return "waiting", TAKEN
    if found.standing == "given up":
        return "waiting", GIVEN_UP
    if found.standing == "unproved":
        return ("failed", LATE) if _is_late(row, now) else ("waiting", f"{found.proof.why} {SET_IT}".strip())
    if found.reached is None:
        return ("failed" if found.is_refused else "proved"), found.trouble
    return _how_far(row.domain, found.reached, found.looks)


def _how_far(domain: str, reached: DomainState, looks: Sequence[Look]) -> tuple[State, str]:
    if reached.certificate == "failed":
        return "failed", reached.why
    if not leads_here(domain, looks):
        wrong = next((one.why for one in looks if one.name == domain), "")
        return (
            "proved",
            f"It is proved to be yours, and ready. Visitors come when it leads here. {wrong}".strip(),
        )
    return ("proved" if reached.certificate == "waiting" else "connected"), reached.why


def _said(row: Domain, why: str) -> str:
    """What is about to happen comes first."""
    if row.proof_lost_at is None or row.proved_at is None:
        return why
    until = row.proof_lost_at + GRACE
    return f"Its TXT record is gone. Unless that is set again, the domain is disconnected on {until:%B %d, %Y}. {why}"


def _is_late(row: Domain, now: datetime) -> bool:
    return now - row.made_at > PATIENCE


def _next(row: Domain, now: datetime) -> datetime | None:
    """Ever later, as long as nothing changes; never, where nobody seems to want it any more."""
    if row.proved_at is None and _is_late(row, now):
        return None
    if row.state == "connected":
        return now + SLOW
    return now + min(SOON * (1 << min(row.checks, 16)), SLOWEST[row.state])


SET_IT = "Set the TXT record at whoever keeps this domain's DNS; it is looked for again by itself."
TAKEN = (
    "Another site on this platform has proved this domain. It can be yours when that site lets go of it, or a week after "
    "that site's TXT record is gone from the DNS."
)
GIVEN_UP = (
    "Its TXT record was gone for a week, so the domain is disconnected. Set the record again to connect it."
)
LATE = "Nobody proved it within a month, so it isn't looked for any more. Set the TXT record, then have it checked."
