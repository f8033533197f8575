"""What stands behind Cloud SQL's rows. Here nothing does: an instance is a row. `machines.mariadb` has a server for each."""

from pathlib import Path

from gcpsim.operations import GoesOn
from gcpsim.store import Resource
from gcpsim.wire import Json


class Sql:
    """Called in the world's turn, by what Cloud SQL means. `instance` is a key of the store; Refused where the server refuses.

    A method that may take long gives what goes on beside the calls, or None where there is nothing to do.
    """

    def address(self, instance: str) -> str:
        """Where an instance answers, private and public alike."""
        return "10.0.0.3"

    def socket(self, instance: str) -> Path | None:
        """The socket its server listens at; None where there is none."""
        return None

    def certificate(self, instance: str) -> Json | None:
        """What its server proves itself with (`serverCaCert`)."""
        return None

    def begins(self, made: Resource, root_password: str) -> GoesOn | None:
        """What starts a new instance's server."""
        return None

    def changes(self, changed: Resource) -> GoesOn | None:
        """What lets its server go by other flags, or stand still."""
        return None

    def restarts(self, instance: str) -> GoesOn | None:
        """What ends all connections and starts it anew."""
        return None

    def promotes(self, replica: Resource) -> GoesOn | None:
        """What lets a replica follow nobody any more, and take writes."""
        return None

    def ends(self, instance: str) -> GoesOn | None:
        """What stops it for good, with all its data."""
        return None

    def databases(self, instance: str) -> dict[str, Json] | None:
        """Its databases by name, with `charset` and `collation`; None where only rows know of any."""
        return None

    def make_database(self, instance: str, database: Json) -> None:
        """A database as the API describes it."""

    def change_database(self, instance: str, database: Json) -> None:
        """Another character set or collation for what is made in it from now on."""

    def drop_database(self, instance: str, name: str) -> None:
        """With all that is in it."""

    def users(self, instance: str) -> list[tuple[str, str]] | None:
        """Its users, each with its host; None where only rows know of any."""
        return None

    def make_user(self, instance: str, user: Json) -> None:
        """A user as the API describes it: one that may do everything, unless it is given roles of its own."""

    def change_user(self, instance: str, user: Json) -> None:
        """Another password, if there is one."""

    def drop_user(self, instance: str, name: str, host: str) -> None:
        """Nobody any more."""

    def exports(self, instance: str, context: Json) -> GoesOn | None:
        """What writes databases to an object."""
        return None

    def imports(self, instance: str, context: Json) -> GoesOn | None:
        """What runs the SQL that an object holds."""
        return None
