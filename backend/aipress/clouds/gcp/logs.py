"""How a tenant's lines are asked of Cloud Logging: the filter is ours, and what people typed is a quoted literal in it.

A line is a tenant's when three things say so: the service it came from and the log it is in, which nobody but Google and we can write,
and the labels. Labels alone would not do: a program may print lines with labels of its own choice.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aipress.clouds.gcp.labels import ENVIRONMENT, TENANT
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable
from aipress.clouds.logs import LogQuery, Source

LARGEST_PAGE = 1000
OUR_LOG, RUNS_LOG = "/logs/aipress", "/logs/run.googleapis.com"
OURS: tuple[Source, ...] = ("cron", "mail", "platform", "slow")
SITES: tuple[Source, ...] = ("access", "cron", "mail", "php", "wordpress")
"""What may be said in our own log, and what by a site of itself."""
CONTAINER = "container"
"""What nginx and PHP-FPM say in words of their own; here that is PHP's."""


@dataclass(frozen=True)
class Home:
    """Where lines of one environment come from; those that Google received up to `forgotten` (RFC 3339) are forgotten."""

    environment: str
    service: str
    forgotten: str = ""


@dataclass(frozen=True)
class Page:
    """Which part of what fits is asked for."""

    newest_first: bool = True
    size: int = LARGEST_PAGE
    token: str = ""


def entries(query: LogQuery, homes: Sequence[Home], projects: Sequence[str], page: Page) -> Resource:
    """Lines of one tenant's services in these projects."""
    body: Json = {
        "resourceNames": [f"projects/{project}" for project in projects],
        "filter": filter_of(query, homes),
        "orderBy": "timestamp desc" if page.newest_first else "timestamp asc",
        "pageSize": max(1, min(page.size, LARGEST_PAGE)),
    }
    if page.token:
        body["pageToken"] = page.token
    return Resource("lines", query.tenant, "logging", "/v2/entries:list", body)


def filter_of(query: LogQuery, homes: Sequence[Home]) -> str:
    """Service and labels are both asked for: a service's name can become another tenant's, and labels can be anybody's word."""
    if not query.tenant or not homes or not all(home.service and home.environment for home in homes):
        raise Unbuildable(
            "Lines are asked for of one tenant's services; without them this would be everybody's."
        )
    parts = [
        'resource.type="cloud_run_revision"',
        f'labels."{TENANT}"={quoted(query.tenant)}',
        _any(_of(home) for home in homes),
        f"timestamp>={quoted(stamp(query.since))}",
        f"timestamp<{quoted(stamp(query.until))}",
        _any(_told(log, wanted) for log, wanted in _sources(query) if wanted),
    ]
    if query.level != "debug":
        parts.append(f"severity>={query.level.upper()}")
    if query.text:
        parts.append(f"jsonPayload.message:{quoted(query.text)}")
    if query.request_id:
        parts.append(f"jsonPayload.request_id={quoted(query.request_id)}")
    return " AND ".join(parts)


def quoted(text: str) -> str:
    """The text as a literal of the query language, from which nothing in it leads out. Control characters, which no line has, become spaces."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def stamp(time: datetime) -> str:
    """RFC 3339, in UTC, to the microsecond."""
    return time.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _of(home: Home) -> str:
    told = f'resource.labels.service_name={quoted(home.service)} AND labels."{ENVIRONMENT}"={quoted(home.environment)}'
    return f"{told} AND receiveTimestamp>{quoted(home.forgotten)}" if home.forgotten else told


def _sources(query: LogQuery) -> Sequence[tuple[str, Sequence[str]]]:
    """The two logs, and what is wanted of each."""
    ours, sites = (
        [one for one in known if not query.sources or one in query.sources] for known in (OURS, SITES)
    )
    return ((OUR_LOG, ours), (RUNS_LOG, [*sites, CONTAINER] if "php" in sites else sites))


def _told(log: str, sources: Sequence[str]) -> str:
    return f"logName:{quoted(log)} AND {_any(f'jsonPayload.source={quoted(one)}' for one in sources)}"


def _any(parts: Iterable[str]) -> str:
    return "(" + " OR ".join(f"({part})" for part in parts) + ")"
