"""A whole installation for tests: brought up by the one command, in a directory and on a port of its own."""

import json
import os
import subprocess
import time
import xmlrpc.client
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from supervisor.xmlrpc import SupervisorTransport

from tests.fakes.name_server import NameServer

CHECKOUT = Path(__file__).resolve().parents[3]


@dataclass
class Platform:
    """`./aipress` with these settings, and what a person or a browser would do with it. `names` is the name server it asks."""

    data: Path
    port: int
    settings: dict[str, str] = field(default_factory=dict)
    names: NameServer | None = None

    def aipress(
        self, *arguments: str, check: bool = True, seconds: float = 900, input: str = ""
    ) -> subprocess.CompletedProcess[str]:
        """Run `./aipress …` for this installation."""
        own = {"AIPRESS_DATA_DIR": str(self.data), "AIPRESS_PORT": str(self.port), **self.settings}
        command = [str(CHECKOUT / "aipress"), *arguments]
        done = subprocess.run(
            command,
            env=os.environ | own,
            capture_output=True,
            text=True,
            timeout=seconds,
            input=input,
            check=False,
        )
        if check and done.returncode != 0:
            raise AssertionError(
                f"{' '.join(arguments)} ended {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
            )
        return done

    def up(self) -> str:
        return self.aipress("up", "--detach", "--yes").stdout

    def down(self) -> None:
        self.aipress("down")

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def operator(self, **options: Any) -> httpx.Client:
        """A client of the API that may do everything."""
        token = (self.data / "control/operator.token").read_text().strip()
        headers = {"Authorization": f"Bearer {token}"}
        return httpx.Client(
            base_url=f"http://127.0.0.1:{self.port}",
            headers=headers | {"Host": f"localhost:{self.port}"},
            **options,
        )

    def visit(self, host: str, path: str = "/", **options: Any) -> httpx.Response:
        """Fetch a page of a site from outside, as somebody whom WordPress answers and not the page cache."""
        somebody = {"Cookie": "aipress_visit=1"}
        headers = {"Host": f"{host}.localhost:{self.port}", **somebody, **options.pop("headers", {})}
        return httpx.get(f"http://127.0.0.1:{self.port}{path}", headers=headers, timeout=60, **options)

    def create(self, name: str, **wish: str) -> dict[str, Any]:
        """Make a site and wait for how it ends: the operation."""
        with self.operator(timeout=60) as client:
            answer = client.post("/api/tenants", json={"name": name, **wish})
            assert answer.status_code == 202, answer.text
            return self.ended(answer.json()["id"])

    def remove(self, slug: str) -> dict[str, Any]:
        with self.operator(timeout=60) as client:
            answer = client.request("DELETE", f"/api/tenants/{slug}", json={"typed_name": slug})
            assert answer.status_code == 202, answer.text
            return self.ended(answer.json()["id"])

    def ended(self, operation_id: str, seconds: float = 60) -> dict[str, Any]:
        """The operation once it has ended; outages of the control plane in between are waited out."""

        def look() -> dict[str, Any] | None:
            with self.operator(timeout=60) as client:
                answer = client.get(f"/api/operations/{operation_id}")
            found: dict[str, Any] = answer.json() if answer.status_code == 200 else {}
            return found if found.get("state") in ("succeeded", "failed") else None

        return wait_for(look, seconds, f"operation {operation_id} to end")

    def leaks(self) -> list[dict[str, str]]:
        """What `doctor --leaks` finds."""
        done = self.aipress("doctor", "--leaks", "--json", check=False)
        found = json.loads(done.stdout)["items"]
        assert (done.returncode == 0) == (not found), done.stdout
        items: list[dict[str, str]] = found
        return items

    def clear(self) -> None:
        """Remove every site there is."""
        with self.operator(timeout=60) as client:
            slugs = [site["slug"] for site in client.get("/api/tenants?limit=200").json()["items"]]
        for slug in slugs:
            self.remove(slug)

    @contextmanager
    def supervisor(self) -> Iterator[Any]:
        transport = SupervisorTransport(None, None, f"unix://{self.data}/run/supervisor.sock")
        try:
            yield xmlrpc.client.ServerProxy("http://localhost", transport=transport).supervisor
        finally:
            transport.close()

    def pid(self, service: str) -> int:
        with self.supervisor() as supervisor:
            return int(supervisor.getProcessInfo(service)["pid"])

    @contextmanager
    def without(self, *services: str) -> Iterator[None]:
        """While these services are stopped."""
        with self.supervisor() as supervisor:
            for service in services:
                supervisor.stopProcess(service)
            try:
                yield
            finally:
                for service in services:
                    supervisor.startProcess(service)
                self.ready()

    def ready(self, seconds: float = 30) -> None:
        """Wait until everything answers."""

        def look() -> bool:
            with self.operator(timeout=60) as client:
                return client.get("/api/health/ready").status_code == 200

        wait_for(look, seconds, "the platform to be ready")


def wait_for(look: Callable[[], Any], seconds: float, what: str, pause: float = 0.05) -> Any:
    """What `look` returns once it is true; connection troubles count as not yet. Fails after `seconds`."""
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = look()
        except (httpx.HTTPError, OSError):
            found = None
        if found:
            return found
        if time.monotonic() > deadline:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(pause)
