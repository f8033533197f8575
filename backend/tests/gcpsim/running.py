"""A simulator whose services run, with visitors: what tests of it say in one line."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import httpx

from gcpsim.machines.balancer import Balancer
from gcpsim.machines.buckets import Buckets
from gcpsim.machines.containers import Containers
from gcpsim.machines.options import Images, Running
from gcpsim.server import new_world
from gcpsim.simulator import Simulator
from gcpsim.wire import Answer, Json, Request
from gcpsim.world import World

Told = TypeVar("Told")
REFERENCE = "europe-docker.pkg.dev/p/sites/answering@sha256:" + 64 * "0"
SERVICES = "/run/v2/projects/p/locations/europe-west1/services"
COMPUTE = "/compute/v1/projects/p"
HEALTHY = {
    "httpGet": {"path": "/health", "port": 8080},
    "periodSeconds": 1,
    "timeoutSeconds": 1,
    "failureThreshold": 20,
}


@dataclass
class Place:
    """The world, what runs in it, and its load balancer."""

    folder: Path
    image: str = ""
    world: World = field(default_factory=new_world)
    idle: float = 60.0

    def __enter__(self) -> Self:
        self.world.files = Buckets(self.folder)
        running = Running(Images({REFERENCE: self.image} if self.image else {}), self.idle, 0)
        self.containers = Containers(self.folder / "instances", running)
        self.containers.begin(self.world)
        self.balancer = Balancer(self.containers, running)
        self.balancer.begin(self.world)
        self.simulator = Simulator(self.world)
        return self

    def __exit__(self, *_: object) -> None:
        self.balancer.end()
        self.containers.end()

    def say(self, method: str, path: str, body: Json | None = None, **query: str) -> Answer:
        """One call of an API."""
        with self.world.turn:
            return self.simulator.answer(
                Request(method, path, {name: [one] for name, one in query.items()}, body)
            )

    def made(self, path: str, body: Json, **query: str) -> Json:
        """What a POST that must succeed answers."""
        answer = self.say("POST", path, body, **query)
        assert answer.status == 200, answer.body
        return answer.body or {}

    def done(self, answer: Answer) -> Json:
        """The operation, when it is over."""
        assert answer.status == 200, answer.body
        name = (answer.body or {})["name"]
        return eventually(
            lambda: told if (told := self.say("GET", f"/run/v2/{name}").body or {}).get("done") else None
        )

    def deploy(self, service: str, body: Json) -> Json:
        """Create a service; the operation when it is over."""
        return self.done(self.say("POST", SERVICES, body, serviceId=service))

    def open_door(self, policy: Json | None = None) -> None:
        """Every host `<service>.example.test` leads to its service."""
        cached = {"enableCDN": True, "cdnPolicy": policy} if policy is not None else {}
        group = "projects/p/regions/europe-west1/networkEndpointGroups/sites"
        mask = {"networkEndpointType": "SERVERLESS", "cloudRun": {"urlMask": "<service>.example.test"}}
        self.made(f"{COMPUTE}/regions/europe-west1/networkEndpointGroups", {"name": "sites", **mask})
        self.made(
            f"{COMPUTE}/global/backendServices", {"name": "sites", "backends": [{"group": group}], **cached}
        )
        self.made(
            f"{COMPUTE}/global/urlMaps",
            {"name": "edge", "defaultService": "projects/p/global/backendServices/sites"},
        )

    def visitor(self, host: str) -> httpx.Client:
        """Somebody who asks for this host."""
        base = f"http://127.0.0.1:{self.balancer.port}"
        return httpx.Client(base_url=base, headers={"Host": host}, timeout=60, trust_env=False)

    def entries(self, filter: str) -> list[Json]:
        """Cloud Logging's entries that fit."""
        asked: Json = {"resourceNames": ["projects/p"], "filter": filter}
        return list(self.made("/logging/v2/entries:list", asked).get("entries", []))


def service(
    container: Mapping[str, object] | None = None,
    template: Mapping[str, object] | None = None,
    **more: object,
) -> Json:
    """A service everybody may reach through the load balancer."""
    whole = {"image": REFERENCE, "startupProbe": HEALTHY, **(container or {})}
    return {
        "ingress": "INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER",
        "invokerIamDisabled": True,
        "template": {"containers": [whole], "labels": {"tenant": "t-1"}, **(template or {})},
        **more,
    }


def eventually(look: Callable[[], Told | None], seconds: float = 30) -> Told:
    """What it answers when that is something; for what happens in a thread."""
    end = time.monotonic() + seconds
    while not (told := look()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)
    return told
