"""The Google cloud on the simulator, which answers HTTP in a thread beside the test."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from aipress.clouds.base import Cloud
from aipress.clouds.gcp.cloud import shelf
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.platform import Platform, SharedCache, SharedInstance, Standing
from aipress.config import Settings
from gcpsim.server import listening, new_world
from gcpsim.simulator import Simulator
from tests.clouds.gcp.rig import PLACE
from tests.clouds.gcp.servers import Instance
from tests.fakes.placements import FakePlacements

PLATFORM = Platform(
    shards=(
        Standing(
            project=PLACE.project,
            region=PLACE.region,
            domain=PLACE.domain,
            image=PLACE.image,
            network=PLACE.network,
            subnetwork=PLACE.subnetwork,
            cache=SharedCache(name="sites", address=PLACE.cache),
            instances=(SharedInstance(name=PLACE.instance.name, address=PLACE.instance.address),),
        ),
    )
)


def on_instance(server: Instance) -> Platform:
    """The platform with a real server for its Cloud SQL instance."""
    there = SharedInstance(name=PLACE.instance.name, address=server.address)
    return Platform(shards=(PLATFORM.shards[0].model_copy(update={"instances": (there,)}),))


@dataclass(frozen=True)
class Simulated:
    """A simulator, the cloud that asks it, and where environments are placed."""

    simulator: Simulator
    endpoint: str
    cloud: Cloud
    google: Google
    placements: FakePlacements

    @property
    def left(self) -> set[str]:
        """What there is in the simulator, by full name."""
        return {one.key for one in self.simulator.world.store.everything() if not one.supposed}


@contextmanager
def answering(simulator: Simulator) -> Iterator[str]:
    """Where it answers while this is entered."""
    server = listening(simulator)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def simulated(settings: Settings, platform: Platform = PLATFORM) -> Iterator[Simulated]:
    """All of it on a fresh simulator. Whoever enters says `await google.aclose()` in the end."""
    simulator = Simulator(new_world())
    with answering(simulator) as endpoint:
        placements = FakePlacements(platform)
        google = Google(endpoint)
        cloud = shelf(settings, google, Where(platform, placements))
        yield Simulated(simulator, endpoint, cloud, google, placements)
