"""A simulated bucket for a site's media, with the account that may write it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from gcpsim.machines.buckets import Buckets
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from gcpsim.world import World
from tests.clouds.gcp.simulated import answering

ACCOUNT = "site-w1@p-1.iam.gserviceaccount.com"


@contextmanager
def media_bucket(folder: Path) -> Iterator[tuple[World, str, Path]]:
    """The world it is in, where that answers, and the bucket's own folder. The world's time is ours: signatures go by it."""
    simulator = Simulator(new_world())
    world = simulator.world
    world.files = Buckets(folder)
    world.clock.pass_time(time.time() - world.clock.now())
    with answering(simulator) as endpoint:
        with httpx.Client(base_url=endpoint, trust_env=False) as client:
            client.post("/storage/storage/v1/b?project=p-1", json={"name": "media-w1"}).raise_for_status()
            client.post(
                "/iam/v1/projects/p-1/serviceAccounts", json={"accountId": "site-w1"}
            ).raise_for_status()
            policy = {
                "bindings": [{"role": "roles/storage.objectUser", "members": [f"serviceAccount:{ACCOUNT}"]}]
            }
            client.put("/storage/storage/v1/b/media-w1/iam", json=policy).raise_for_status()
        yield world, endpoint, folder / "buckets/media-w1"
