"""What runs tells: entries of Cloud Logging and points of Cloud Monitoring, written as Google writes them."""

from collections.abc import Mapping

from gcpsim.machines.entries import balanced, of_line, of_request, placed, resource_of
from gcpsim.machines.instances import Instance
from gcpsim.machines.printed import Printed
from gcpsim.machines.revisions import Name
from gcpsim.machines.routes import Route
from gcpsim.machines.usage import Used
from gcpsim.machines.visitors import Asked, Sent
from gcpsim.series import Kind
from gcpsim.wire import Json
from gcpsim.world import World

RUN = "run.googleapis.com/"
REQUESTS = Kind(f"{RUN}request_count")
LATENCIES = Kind(f"{RUN}request_latencies", value="DISTRIBUTION", unit="ms")
INSTANCES = Kind(f"{RUN}container/instance_count", "GAUGE")
CPU_TIME = Kind(f"{RUN}container/cpu/allocation_time", value="DOUBLE", unit="s")
MEMORY_TIME = Kind(f"{RUN}container/memory/allocation_time", value="DOUBLE", unit="GiBy.s")
BILLED_TIME = Kind(f"{RUN}container/billable_instance_time", value="DOUBLE", unit="s")
CPU = Kind(f"{RUN}container/cpu/utilizations", value="DISTRIBUTION")
MEMORY = Kind(f"{RUN}container/memory/utilizations", value="DISTRIBUTION")
STARTS = Kind(f"{RUN}container/startup_latencies", value="DISTRIBUTION", unit="ms")
SENT = Kind(f"{RUN}container/network/sent_bytes_count", unit="By")
RECEIVED = Kind(f"{RUN}container/network/received_bytes_count", unit="By")
SYSTEM = "varlog%2Fsystem"
GIB = 2**30


class Telling:
    """Writes into a world, taking its turn."""

    def __init__(self, world: World) -> None:
        self.world = world
        self._peaks: dict[str, tuple[int, int]] = {}

    def printed(self, name: Name, instance: Instance, lines: list[Printed]) -> None:
        """What an instance printed."""
        for line in lines:
            self._keep(name, line.stream, {"instanceId": instance.id}, of_line(line.text))

    def event(self, name: Name, severity: str, text: str, instance: str = "") -> None:
        """What Cloud Run itself says of a revision."""
        labels = {"instanceId": instance} if instance else {}
        self._keep(name, SYSTEM, labels, {"severity": severity, "textPayload": text})

    def started(self, name: Name, instance: Instance, seconds: float) -> None:
        """An instance passed its startup probe after so long; that time is paid for."""
        kind = "HTTP" if instance.recipe.startup.path else "TCP"
        own = "" if instance.recipe.startup.told else "Default "
        text = f'{own}STARTUP {kind} probe succeeded after 1 attempt for container "{name.parts[2]}-1" on port 8080.'
        self.event(name, "INFO", text, instance.id)
        self._add(name, STARTS, seconds * 1000)
        self.spent(name, instance, seconds)

    def spent(self, name: Name, instance: Instance, seconds: float) -> None:
        """So many seconds of an instance are paid for."""
        if seconds > 0:
            self._add(name, BILLED_TIME, seconds)
            self._add(name, CPU_TIME, seconds * instance.recipe.cpu)
            self._add(name, MEMORY_TIME, seconds * instance.recipe.memory / GIB)

    def there(self, name: Name, active: int, idle: int) -> None:
        """How many instances there are; of a minute the moment with the most is told."""
        minute, most = self._peaks.get(name.key, (0, 0))
        now = int(self.world.clock.now() // 60)
        if now == minute and active + idle < most:
            return
        self._peaks[name.key] = (now, active + idle)
        self._add(name, INSTANCES, active, state="active")
        self._add(name, INSTANCES, idle, state="idle")

    def uses(self, name: Name, instance: Instance, used: Used, cpu_seconds: float, seconds: float) -> None:
        """What an instance used of what it may."""
        self._add(name, MEMORY, used.memory / instance.recipe.memory)
        self._add(name, CPU, cpu_seconds / (seconds * instance.recipe.cpu))

    def request(self, asked: Asked, there: Route, name: Name | None, sent: Sent, seconds: float) -> None:
        """A request is over: Cloud Run's line and figures where it came that far, the load balancer's line where that is wanted."""
        if name and not sent.from_cache and sent.status:
            self._served(asked, name, sent, seconds)
        with self.world.turn:
            backend = self.world.store.get(there.backend)
            if backend and backend.content.get("logConfig", {}).get("enable"):
                self._write(balanced(there, asked, sent, seconds))

    def _served(self, asked: Asked, name: Name, sent: Sent, seconds: float) -> None:
        entry = of_request(name.parts[0], asked, sent, seconds)
        self._keep(name, "requests", {"instanceId": sent.instance} if sent.instance else {}, entry)
        answer = {"response_code": str(sent.status), "response_code_class": f"{sent.status // 100}xx"}
        self._add(name, REQUESTS, 1, **answer)
        self._add(name, LATENCIES, seconds * 1000, **answer)
        self._add(name, SENT, sent.size, kind="internet")
        self._add(name, RECEIVED, sent.received, kind="internet")

    def _add(self, name: Name, metric: Kind, value: float, /, **labels: str) -> None:
        with self.world.turn:
            self.world.series.add(metric, labels, resource_of(name), value, self.world.clock.now())

    def _keep(self, name: Name, log: str, labels: Mapping[str, str], entry: Json) -> None:
        with self.world.turn:
            revision = self.world.store.get(name.key)
            theirs = dict(revision.content.get("labels", {})) if revision else {}
            self._write(placed(name, log, {**theirs, **labels}, entry))

    def _write(self, entry: Json) -> None:
        self.world.logbook.write(entry, self.world.clock.stamp())
