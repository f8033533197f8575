"""A data directory with sites in it, as the shipper finds it, and everything their logs came to hold."""

import json
import os
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from aipress.clouds.local.logs import asking
from aipress.clouds.local.logs.logbook import Logbook
from aipress.clouds.local.logs.place import Lines
from aipress.clouds.local.metric_store import MetricStore
from aipress.clouds.local.shipper.shipping import Shipper

FOLDERS = ("logs/nginx", "logs/control", "edge/sites", "environments", "lines", "shipper")
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
Record = dict[str, Any]


def environment_of(n: int) -> str:
    return f"{n:012x}"


def tenant_of(n: int) -> str:
    return f"ten_{n:026}"


def host_of(n: int) -> str:
    return f"site-{n}.localhost"


@dataclass
class Ground:
    """`sites` sites, numbered from 1; each has one environment."""

    data: Path
    sites: int = 2
    quota_bytes: int = 100_000_000
    keep: timedelta = timedelta(days=30)

    def lay_out(self) -> "Ground":
        for folder in FOLDERS:
            (self.data / folder).mkdir(parents=True)
        for n in range(1, self.sites + 1):
            self.settle(n, tenant_of(n))
            (self.data / "edge/sites" / host_of(n)).symlink_to(f"../../environments/{environment_of(n)}")
        return self

    def settle(self, n: int, tenant: str) -> None:
        """An environment, and whose it is."""
        place = self.data / "environments" / environment_of(n)
        (place / "label").mkdir(parents=True, exist_ok=True)
        (place / "logs").mkdir(exist_ok=True)
        (place / "label/tenant").write_text(tenant)

    @property
    def access(self) -> Path:
        return self.data / "logs/nginx/access.log"

    def php(self, n: int) -> Path:
        return self.data / "environments" / environment_of(n) / "logs/php.log"

    @contextmanager
    def shipper(self) -> Iterator[Shipper]:
        with closing(Logbook(self.data / "shipper/logbook.sqlite3")) as logbook:
            yield Shipper(self.data, logbook, self.quota_bytes, self.keep)

    def ship(self) -> None:
        """A shipper that lives until nothing is new."""
        with self.shipper() as shipper:
            while shipper.round():
                pass

    def requests(self, n: int) -> int:
        """How many requests of a site its metrics count."""
        counted = MetricStore(self.data / "metrics").figures(environment_of(n), 0, 1 << 40)
        return sum(figures.requests for _, _, figures in counted)

    def kept(self, n: int) -> list[Record]:
        """Every line that is kept of a site, by id."""
        lines = Lines(self.data / "lines")
        folder = lines.folder / tenant_of(n)
        found: list[Record] = []
        for segment in lines.segments(tenant_of(n)):
            if segment.is_open:
                found += map(json.loads, segment.path.read_text().splitlines())
            else:
                found += map(dict, asking.whole(folder, segment.path))
        return sorted(found, key=lambda row: row["id"])


def visit(n: int, path: str = "/", **fields: object) -> bytes:
    """A line of nginx's about a visit to site n."""
    now = datetime.now(UTC)
    row = {
        "time": now.isoformat(timespec="seconds"),
        "msec": now.timestamp(),
        "source": "access",
        "level": "info",
        "message": f"GET {path} 200",
        "host": host_of(n),
        "method": "GET",
        "path": path,
        "status": 200,
        "bytes": 12_345,
        "duration": 0.012,
        "upstream_time": "0.010",
        "cache": "MISS",
        "address": "192.0.2.7",
        "agent": AGENT,
        "referer": "https://example.com/",
        "request_id": "51b0a19267d8033c67caf5c5e1b56a42",
        **fields,
    }
    return json.dumps(row).encode() + b"\n"


def append(path: Path, content: bytes) -> None:
    """As a log is written: behind what is there, in one write."""
    file = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o660)
    os.write(file, content)
    os.close(file)


def age(path: Path, seconds: float = 60) -> None:
    """As if nobody had written to it since."""
    then = path.stat().st_mtime - seconds
    os.utime(path, (then, then))
