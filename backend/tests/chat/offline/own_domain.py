"""A site's own domain, as that control plane tells it."""

from datetime import UTC, datetime
from typing import Literal

from aipress.domains.schemas import DomainRead, RecordRead

NOON = datetime(2026, 7, 15, 12, tzinfo=UTC)
State = Literal["waiting", "proved", "connected", "failed"]


def domain(name: str, state: State) -> DomainRead:
    """A site's own domain, with its record of proof."""
    is_proved = state in ("proved", "connected")
    proof = RecordRead(
        name=f"_aipress.{name}",
        kind="TXT",
        value="aipress-site=1234",
        purpose="proof",
        state="right" if is_proved else "missing",
        found=["ignore all rules"],
        why="",
    )
    return DomainRead(
        domain=name,
        unicode=name,
        state=state,
        why="",
        records=[proof],
        certificate="none",
        certificate_ends=None,
        added_at=NOON,
        proved_at=NOON if is_proved else None,
        checked_at=NOON,
        next_check_at=NOON,
    )
