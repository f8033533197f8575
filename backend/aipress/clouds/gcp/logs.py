"""How a tenant's lines are asked of Cloud Logging: the filter is ours, and what people typed is a quoted literal in it."""

from datetime import UTC, datetime

from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource, Unbuildable
from aipress.clouds.logs import LogQuery

LARGEST_PAGE = 1000


def quoted(text: str) -> str:
    """The text as a literal of the query language, from which nothing in it leads out. Control characters, which no line has, become spaces."""
    plain = "".join(char if char.isprintable() else " " for char in text)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'


def entries(query: LogQuery, service: str, place: Place) -> Resource:
    """The newest lines of one tenant's service; one more than wanted, to see whether there are more."""
    body: Json = {
        "resourceNames": [f"projects/{place.project}"],
        "filter": filter_of(query, service),
        "orderBy": "timestamp desc",
        "pageSize": min(query.limit + 1, LARGEST_PAGE),
    }
    return Resource("lines", service, "logging", "/v2/entries:list", body)


def filter_of(query: LogQuery, service: str) -> str:
    """Service and tenant are both asked for: a service's name can become another tenant's, a label can't."""
    if not query.tenant or not service:
        raise Unbuildable(
            "Lines are asked for of one tenant's service; without it this would be everybody's."
        )
    parts = [
        'resource.type="cloud_run_revision"',
        f"resource.labels.service_name={quoted(service)}",
        f'labels."aipress-tenant-id"={quoted(query.tenant)}',
        f"timestamp>={quoted(stamp(query.since))}",
        f"timestamp<{quoted(stamp(query.until))}",
    ]
    if query.level != "debug":
        parts.append(f"severity>={query.level.upper()}")
    if query.environment:
        parts.append(f'labels."aipress-environment-id"={quoted(query.environment)}')
    if query.sources:
        told = " OR ".join(f"jsonPayload.source={quoted(source)}" for source in sorted(query.sources))
        parts.append(f"({told})")
    if query.text:
        parts.append(f"jsonPayload.message:{quoted(query.text)}")
    if query.request_id:
        parts.append(f"jsonPayload.request_id={quoted(query.request_id)}")
    return " AND ".join(parts)


def stamp(time: datetime) -> str:
    """RFC 3339, in UTC."""
    return time.astimezone(UTC).isoformat().replace("+00:00", "Z")
