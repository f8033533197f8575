"""A simulator whose services run, with visitors: what tests of it say in one line."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self, TypeVar

import httpx

from gcpsim.machines import podman
from gcpsim.machines.balancer import Balancer
from gcpsim.machines.buckets import Buckets
from gcpsim.machines.containers import Containers
from gcpsim.machines.options import Images, Running
from gcpsim.series import stamp
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

    def open_door(self, domain: str = "example.test", policy: Json | None = None) -> None:
        """Every host `<service>.<domain>` leads to its service; with a policy through the cache."""
        name = domain.partition(".")[0]
        cached = {"enableCDN": True, "cdnPolicy": policy} if policy is not None else {}
        group = f"projects/p/regions/europe-west1/networkEndpointGroups/{name}"
        mask = {"networkEndpointType": "SERVERLESS", "cloudRun": {"urlMask": f"<service>.{domain}"}}
        self.made(f"{COMPUTE}/regions/europe-west1/networkEndpointGroups", {"name": name, **mask})
        backend = f"projects/p/global/backendServices/{name}"
        told = {"name": name, "backends": [{"group": group}], "logConfig": {"enable": True}, **cached}
        self.made(f"{COMPUTE}/global/backendServices", told)
        there = self.say("GET", f"{COMPUTE}/global/urlMaps/edge").body or {}
        if "error" in there:
            self.made(f"{COMPUTE}/global/urlMaps", {"name": "edge", "defaultService": backend})
            return
        rules = [*there.get("hostRules", []), {"hosts": [f"*.{domain}"], "pathMatcher": name}]
        matchers = [*there.get("pathMatchers", []), {"name": name, "defaultService": backend}]
        changed = self.say(
            "PATCH", f"{COMPUTE}/global/urlMaps/edge", {"hostRules": rules, "pathMatchers": matchers}
        )
        assert changed.status == 200, changed.body

    def let_all_sleep(self) -> None:
        """Time passes until no instance is left; a request that has just been answered may end a moment later."""

        def passed() -> bool:
            self.world.clock.pass_time(61)
            return not podman.labelled(self.containers.label)

        eventually(passed)

    def visitor(self, host: str) -> httpx.Client:
        """Somebody who asks for this host."""
        base = f"http://127.0.0.1:{self.balancer.port}"
        return httpx.Client(base_url=base, headers={"Host": host}, timeout=60, trust_env=False)

    def figure(self, type: str, aligner: str, reducer: str, condition: str = "", **more: str) -> list[Json]:
        """Cloud Monitoring's series of the last hour, in one step."""
        now = self.world.clock.now()
        asked = {
            "filter": f'metric.type="run.googleapis.com/{type}" AND resource.type="cloud_run_revision"{condition}',
            "interval.startTime": stamp(now - 3600),
            "interval.endTime": stamp(now),
            "aggregation.alignmentPeriod": "3600s",
            "aggregation.perSeriesAligner": aligner,
            "aggregation.crossSeriesReducer": reducer,
            **more,
        }
        answer = self.say("GET", "/monitoring/v3/projects/p/timeSeries", None, **asked)
        assert answer.status == 200, answer.body
        return list((answer.body or {}).get("timeSeries", []))

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
