"""Alerts are told live, like everything else that changes, to those alone who may see them."""

from aipress.events import changes, seeing
from aipress.events.hub import Change
from aipress.telemetry.alerts.models import Alert, visible_to


def tell_of_alerts() -> None:
    """Once, at start."""
    changes.tell_also(Alert, _alert)
    seeing.see_also("alert", visible_to, Alert.id)


def _alert(row: changes.Said) -> Change:
    return Change("alert", row["id"], row["tenant_id"], row["state"], frozenset())
