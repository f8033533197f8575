"""The Google cloud on the simulator, which answers HTTP in a thread beside the test. Services are rows there; a door stands in for them."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import ip_address

from aipress.clouds.base import Cloud
from aipress.clouds.gcp import armor
from aipress.clouds.gcp.cloud import shelf
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Platform, SharedCache, SharedInstance, Standing
from aipress.config import Settings
from gcpsim.server import listening, new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp import rig
from tests.clouds.gcp.messages import ParsedGoogle
from tests.clouds.gcp.rig import PLACE
from tests.clouds.gcp.servers import Instance
from tests.fakes.placements import FakePlacements

BILLING_TABLE = f"{PLACE.project}.billing.gcp_billing_export_resource_v1_0A1B2C"
PLATFORM = Platform(
    billing_table=BILLING_TABLE,
    shards=(
        Standing(
            project=PLACE.project,
            region=PLACE.region,
            domain=PLACE.domain,
            image=PLACE.image,
            network=PLACE.network,
            addresses=(ip_address("203.0.113.10"), ip_address("2001:db8::10")),
            subnetwork=PLACE.subnetwork,
            cache=SharedCache(name="sites", address=PLACE.cache),
            instances=(SharedInstance(name=PLACE.instance.name, address=PLACE.instance.address),),
        ),
    ),
)


def on_instance(server: Instance) -> Platform:
    """The platform with a real server for its Cloud SQL instance."""
    there = SharedInstance(name=PLACE.instance.name, address=server.address)
    return PLATFORM.model_copy(
        update={"shards": (PLATFORM.shards[0].model_copy(update={"instances": (there,)}),)}
    )


@dataclass(frozen=True)
class Simulated:
    """A simulator, the cloud that asks it, and where environments are placed. `stood`: what Terraform made there."""

    simulator: Simulator
    endpoint: str
    cloud: Cloud
    google: Google
    placements: FakePlacements
    stood: frozenset[str]

    @property
    def left(self) -> set[str]:
        """What there is in the simulator besides, by full name."""
        return there(self.simulator) - self.stood


def there(simulator: Simulator) -> set[str]:
    """What there is in a simulator, by full name."""
    return {one.key for one in simulator.world.store.everything() if not one.supposed}


class Door(BaseHTTPRequestHandler):
    """A load balancer with the shards' URL masks before services that have one page."""

    simulator: Simulator
    platform: Platform

    def do_GET(self) -> None:
        host = self.headers.get("host", "").partition(":")[0]
        with self.simulator.world.turn:
            published = any(self._is_let_in(host, shard) for shard in self.platform.shards)
        page = b"<html>Hello</html>" if published else b"nobody"
        self.send_response(200 if published else 404)
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def _is_let_in(self, host: str, shard: Standing) -> bool:
        name, _, domain = host.partition(".")
        key = f"run/projects/{shard.project}/locations/{shard.region}/services/{name}"
        service = self.simulator.world.store.get(key) if domain == shard.domain else None
        return bool(service and service.content["ingress"] == "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER")

    def log_message(self, format: str, *args: object) -> None:
        """The test says more."""


@contextmanager
def serving(server: ThreadingHTTPServer) -> Iterator[str]:
    """Where it answers while this is entered."""
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def answering(simulator: Simulator) -> AbstractContextManager[str]:
    """Where a simulator answers while this is entered."""
    return serving(listening(simulator))


def door_to(simulator: Simulator, platform: Platform) -> ThreadingHTTPServer:
    """Where visitors come in to what is published."""
    door = type("OneDoor", (Door,), {"simulator": simulator, "platform": platform})
    server = ThreadingHTTPServer(("127.0.0.1", 0), door)
    server.daemon_threads = True
    return server


@contextmanager
def simulated(settings: Settings, platform: Platform = PLATFORM) -> Iterator[Simulated]:
    """All of it on a fresh simulator. Whoever enters says `await google.aclose()` in the end."""
    simulator = Simulator(new_world())
    stand(simulator, platform)
    with answering(simulator) as endpoint, serving(door_to(simulator, platform)) as visitors:
        placements = FakePlacements(platform)
        google = ParsedGoogle(endpoint)
        port = int(visitors.rsplit(":", 1)[1])
        told = settings.model_copy(update={"gcp_visitors": visitors, "port": port})
        cloud = shelf(told, google, Where(platform, placements))
        yield Simulated(simulator, endpoint, cloud, google, placements, frozenset(there(simulator)))


def stand(simulator: Simulator, platform: Platform) -> None:
    """What Terraform makes of a shard once, as far as a site's life meets it."""
    for shard in platform.shards:
        maps = f"/compute/v1/projects/{shard.project}/global/urlMaps"
        rig.say(simulator, "POST", maps, {"name": shard.url_map})
        rig.ask(simulator, armor.policy(PLACE))
        shown = f"/certificatemanager/v1/projects/{shard.project}/locations/global/certificateMaps"
        rig.say(simulator, "POST", shown, {}, certificateMapId=shard.certificate_map)
