"""What became of a domain is told live, as a change of its site."""

from aipress.domains.models import Domain
from aipress.events import changes
from aipress.events.hub import Change


def tell_of_domains() -> None:
    """Once, at start."""
    changes.tell_also(Domain, _domain)


def _domain(row: changes.Said) -> Change:
    return Change("tenant", row["tenant_id"], row["tenant_id"], row["state"], frozenset())
