"""What lets Cloud Run's services run. Here nothing does: a service is a row. `machines.containers` is the one that starts them."""

from gcpsim.operations import GoesOn


class Runs:
    """Called in the world's turn, by what Cloud Run means; a key is a resource's full name in the store."""

    def rolls_out(self, service: str) -> GoesOn | None:
        """What begins to run a service's newest revision, and ends its operation; None: it counts as running at once."""
        return None

    def ends(self, service: str) -> GoesOn | None:
        """What ends everything of a service that is deleted; None: there is nothing to end."""
        return None

    def changed(self, service: str) -> None:
        """The service was changed, but its newest revision is the old one: other traffic, or other numbers of instances."""
