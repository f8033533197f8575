"""An hour of a site as its logs, metrics and surroundings tell it: healthy traffic, and each fault planted into it.

Everything comes from a seed, so a scene is the same every time it is asked for.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from aipress.clouds.base import EnvironmentSpec
from aipress.clouds.logs import LogLine
from aipress.telemetry.diagnosis.evidence import Evidence, Window
from aipress.telemetry.diagnosis.gathering import gather
from aipress.telemetry.diagnosis.looking import Looking
from tests.fakes.inspection import FakeInspection
from tests.fakes.logs import FakeLogs
from tests.fakes.metrics import FakeMetrics

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
HOUR = Window(NOW - timedelta(hours=1), NOW)
SITE = EnvironmentSpec(id="0123456789ab", number=1, tenant="ten_shop", slug="shop")
NEIGHBOURS = ("aaaaaaaaaaaa", "bbbbbbbbbbbb", "cccccccccccc")
PAGES = ("/", "/menu/", "/about/", "/blog/", "/blog/bread/", "/contact/")
FILES = ("/wp-includes/css/style.css", "/wp-content/uploads/loaf.png", "/wp-includes/js/view.js")
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) Firefox/150.0"


@dataclass
class Scene:
    """One site's hour. `random` is what chance there is in it."""

    random: Random
    lines: list[LogLine] = field(default_factory=list)
    metrics: FakeMetrics = field(default_factory=FakeMetrics)
    inspection: FakeInspection = field(default_factory=FakeInspection)
    cached: set[str] = field(default_factory=set)
    number: int = 0

    def minute(self, minute: float) -> datetime:
        """So many minutes into the hour."""
        return HOUR.since + timedelta(minutes=minute)

    def note(
        self, at: datetime, source: str, level: str, message: str, request: str = "", **known: Any
    ) -> None:
        self.number += 1
        id = f"{int(at.timestamp() * 1000):013}-{self.number:06}"
        self.lines.append(LogLine(id, at, SITE.tenant, SITE.id, source, level, message, request, known))  # type: ignore[arg-type]

    def visit(self, at: datetime, path: str = "/", **known: Any) -> str:
        """One request as the edge notes it; its id."""
        self.number += 1
        status, request = known.setdefault("status", 200), f"req{self.number:08}"
        took = known.setdefault("duration_ms", round(self.random.lognormvariate(4.6, 0.35), 1))
        told = {"method": "GET", "host": "shop.localhost", "path": path, "bytes": 20_000, "agent": BROWSER}
        told |= {"address": f"10.0.{self.random.randrange(4)}.{self.random.randrange(60)}", **known}
        if "upstream_ms" not in told and path not in FILES:
            told["upstream_ms"] = took
        level = "error" if status >= 500 else "warning" if status >= 400 else "info"
        self.note(at, "access", level, f"{told['method']} {path} {status}", request, **told)
        return request

    def page(self, at: datetime, path: str = "", **known: Any) -> str:
        """A page that the page cache may answer, as it does from the second time on."""
        path = path or self.random.choice(PAGES)
        if path in self.cached and "cache" not in known:
            return self.visit(at, path, cache="HIT", upstream_ms=None, duration_ms=1.5, **known)
        self.cached.add(path)
        return self.visit(at, path, **{"cache": "MISS", **known})

    def traffic(self, visits: int, files: int = 2) -> None:
        """Visitors all over the hour, who fetch some files with each page; now and then one asks for what is not there."""
        for _ in range(visits):
            at = self.minute(self.random.uniform(0, 60))
            self.page(at)
            for _ in range(files):
                self.visit(at, self.random.choice(FILES), duration_ms=1.0)
            if self.random.random() < 0.03:
                self.visit(at, "/wp-content/old.jpg", status=404)

    async def evidence(self) -> Evidence:
        """What can be gathered of it."""
        logs = FakeLogs()
        logs.put(*sorted(self.lines, key=lambda line: line.id))
        return await gather(Looking(logs, self.metrics, self.inspection, SITE, HOUR, NEIGHBOURS))


def scene(seed: int, visits: int = 120) -> Scene:
    """A site with so many visits in the hour."""
    made = Scene(Random(seed))  # noqa: S311 - a scene, no secret
    made.traffic(visits)
    return made
