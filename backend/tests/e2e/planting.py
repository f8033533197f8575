"""Faults planted on real sites: plugins that break, wait or flood, and visitors from addresses of this machine's own loopback."""

import asyncio
import itertools
import json
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pymysql

from aipress.hostd.client import Hostd
from tests.e2e.outside import Outside
from tests.e2e.platform import Platform, wait_for

BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"
NUMBERS = itertools.count(1)


@dataclass
class Site:
    """A live site of the platform; a diagnosis of it looks at what happened after it began. `company` are sites made beside it."""

    platform: Platform
    slug: str
    environment: str
    outside: Outside = field(default_factory=Outside)
    since: str = ""
    company: list[str] = field(default_factory=list)

    def begin(self) -> None:
        self.since = datetime.now(UTC).isoformat()

    @property
    def content(self) -> Path:
        return self.platform.data / "environments" / self.environment / "content"

    def sql(self, *statements: str) -> None:
        """Say these in its database, as the platform's administrator."""
        socket = str(self.platform.data / "run/mariadb.sock")
        with pymysql.connect(
            unix_socket=socket, user="root", database=f"w{self.environment}", autocommit=True
        ) as link:
            for statement in statements:
                link.cursor().execute(statement)

    def plugin(self, name: str, php: str) -> None:
        """A plugin of this code, switched on beside those that are."""
        place = self.content / "plugins" / name
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{name}.php").write_text(f"<?php\n/* Plugin Name: {name} */\n{php}\n")
        entry = f"{name}/{name}.php"
        listed = f'a:1:{{i:0;s:{len(entry)}:"{entry}";}}'
        self.sql(
            f"REPLACE INTO wp_options (option_name, option_value, autoload) VALUES ('active_plugins', '{listed}', 'on')"  # noqa: S608
        )

    def ask(self, path: str = "/", address: str = "127.0.2.1", method: str = "GET", **more: Any) -> int:
        """One request from this address of the loopback; its status, 0 where nobody answered."""
        headers = {
            "Host": f"{self.slug}.localhost:{self.platform.port}",
            "User-Agent": BROWSER,
            **more.pop("headers", {}),
        }
        transport = httpx.HTTPTransport(local_address=address)
        with httpx.Client(transport=transport, timeout=more.pop("timeout", 30)) as visitor:
            try:
                return visitor.request(
                    method, f"http://127.0.0.1:{self.platform.port}{path}", headers=headers, **more
                ).status_code
            except httpx.HTTPError:
                return 0

    def publish(self, host: str) -> None:
        """Let a domain of its own lead to it."""
        asyncio.run(self._hostd.publish(self.environment, host))

    def sleep(self) -> None:
        """Stop its PHP; the next visitor starts it, and finds what is mounted now."""
        asyncio.run(self._hostd.sleep(self.environment))

    @property
    def _hostd(self) -> Hostd:
        return Hostd(self.platform.data / "run/hostd.sock")

    def front_page(self) -> str:
        """The head of what a stranger gets."""
        return str(self.platform.visit(self.slug).headers)

    def diagnosis(self) -> tuple[dict[str, Any], float]:
        """What is found, and the seconds that took."""
        with self.platform.operator(timeout=60) as client:
            began = time.monotonic()
            answer = client.get(f"/api/tenants/{self.slug}/diagnosis", params={"since": self.since})
            took = time.monotonic() - began
        assert answer.status_code == 200, answer.text
        return answer.json(), took


def make_site(platform: Platform, name: str, outside: Outside | None = None, **wish: str) -> Site:
    done = platform.create(name, **wish)
    assert done["state"] == "succeeded", done
    with platform.operator() as client:
        found = client.get(f"/api/tenants/{done['tenant']['slug']}").json()
    site = Site(platform, found["slug"], found["environments"][0]["id"], outside or Outside())
    site.begin()
    return site


def visitors(site: Site, seconds: float, at_once: int = 2, path: str = "", pause: float = 0.3) -> list[int]:
    """Some visitors who come from addresses of their own, and look at pages nobody keeps for them; what each was answered."""
    ends = time.monotonic() + seconds

    def visit(number: int) -> list[int]:
        statuses = []
        while time.monotonic() < ends:
            turn = next(NUMBERS)
            asked = path or f"/?turn={turn}"
            statuses.append(site.ask(asked, f"127.0.2.{1 + turn % 40}"))
            time.sleep(pause)
        return statuses

    with ThreadPoolExecutor(at_once) as pool:
        return [status for one in pool.map(visit, range(at_once)) for status in one]


@contextmanager
def meanwhile(work: Any, *arguments: Any) -> Iterator[None]:
    """While this goes on in a thread of its own."""
    thread = threading.Thread(target=work, args=arguments, daemon=True)
    thread.start()
    yield
    thread.join()


def until_told(site: Site, cause: str, seconds: float = 20) -> tuple[dict[str, Any], float]:
    """The diagnosis, once what was planted has come into the logs: it takes some seconds; the last one, if it never does."""
    last: list[tuple[dict[str, Any], float]] = []

    def look() -> bool:
        last[:] = [site.diagnosis()]
        findings = last[0][0]["findings"]
        return bool(findings) and findings[0]["cause"] == cause

    with suppress(AssertionError):
        wait_for(look, seconds, f"{cause} to be found first", pause=1)
    return last[0]


def told(found: dict[str, Any]) -> str:
    return json.dumps(
        [(one["cause"], [claim["text"] for claim in one["claims"]]) for one in found["findings"]], indent=1
    )
