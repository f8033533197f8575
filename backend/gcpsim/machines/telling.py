"""What runs tells: entries of Cloud Logging and points of Cloud Monitoring, written as Google writes them."""

from gcpsim.machines.entries import of_line, placed
from gcpsim.machines.instances import Instance
from gcpsim.machines.printed import Printed
from gcpsim.machines.revisions import Name
from gcpsim.wire import Json
from gcpsim.world import World


class Telling:
    """Writes into a world, taking its turn."""

    def __init__(self, world: World) -> None:
        self.world = world

    def printed(self, name: Name, instance: Instance, lines: list[Printed]) -> None:
        """What an instance printed."""
        labels = {"instanceId": instance.id}
        for line in lines:
            self._keep(name, line.stream, labels, of_line(line.text))

    def event(self, name: Name, severity: str, text: str) -> None:
        """What Cloud Run itself says of a revision."""
        self._keep(name, "varlog%2Fsystem", {}, {"severity": severity, "textPayload": text})

    def started(self, name: Name, instance: Instance, seconds: float) -> None:
        """An instance passed its startup probe after so long."""
        text = 'STARTUP TCP probe succeeded after 1 attempt for container "1" on port 8080.'
        self._keep(
            name, "varlog%2Fsystem", {"instanceId": instance.id}, {"severity": "INFO", "textPayload": text}
        )

    def _keep(self, name: Name, log: str, labels: dict[str, str], entry: Json) -> None:
        with self.world.turn:
            revision = self.world.store.get(name.key)
            theirs = dict(revision.content.get("labels", {})) if revision else {}
            whole = placed(name, log, {**theirs, **labels}, entry)
            self.world.logbook.write(whole, self.world.clock.stamp())
