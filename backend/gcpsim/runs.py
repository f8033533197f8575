"""What lets Cloud Run's services run, and what keeps their answers. Here nothing does: `machines.containers` and `machines.cache` do."""

from gcpsim.operations import GoesOn
from gcpsim.wire import Json


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


class Edge:
    """The load balancer's cache."""

    def invalidate(self, url_map: str, wish: Json, at: float) -> None:
        """Forget what a map's wish means (`host`, `path`, `cacheTags`), at a time of the world's clock."""
