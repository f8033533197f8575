"""What stands behind Memorystore's rows. Here nothing does: an instance is a row. `machines.valkey` has a server for each."""

from gcpsim.operations import GoesOn
from gcpsim.store import Resource


class Caches:
    """Called in the world's turn, by what Memorystore means. `instance` is a key of the store: of an instance or a cluster."""

    port = 6379

    def address(self, instance: str) -> str:
        """Where it answers."""
        return "10.0.0.4"

    def certificate(self, instance: str) -> str:
        """What its server proves itself with (PEM), or '' where it speaks no TLS."""
        return ""

    def begins(self, made: Resource, users: dict[str, str]) -> GoesOn | None:
        """What starts a new one's server with these users, each with a rule as ACL SETUSER has it."""
        return None

    def changes(self, changed: Resource) -> GoesOn | None:
        """What lets its server go by other settings."""
        return None

    def ends(self, instance: str) -> GoesOn | None:
        """What stops it for good."""
        return None

    def set_users(self, instance: str, users: dict[str, str]) -> None:
        """These users and no others, at once; Refused, and nothing changed, where the server does not understand a rule."""
