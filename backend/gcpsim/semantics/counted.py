"""Metrics that Google itself makes of what another API has: they are counted when they are asked for."""

import json
from collections import defaultdict
from collections.abc import Callable

from gcpsim.semantics import storage_written
from gcpsim.wire import Json
from gcpsim.world import Call

Key = tuple[str, str, str, str]  # resource, log, severity, minute: all as text


def counted(call: Call, filter: str) -> list[Json]:
    """The series of whatever metric of this kind the filter names."""
    return [series for type, count in COUNTED.items() if type in filter for series in count(call, type)]


def _of_lines(call: Call, type: str) -> list[Json]:
    """Entries that came in, or their bytes, by service, log, severity and minute."""
    found: defaultdict[Key, int] = defaultdict(int)
    for entry in call.world.logbook.of([f"projects/{call.segment('projects')}"]):
        resource, log = (
            json.dumps(entry["resource"], sort_keys=True),
            str(entry["logName"]).rpartition("/")[2],
        )
        key = (resource, log, str(entry.get("severity", "DEFAULT")), str(entry["receiveTimestamp"])[:16])
        found[key] += len(json.dumps(entry)) if type.endswith("byte_count") else 1
    return [
        {
            "metric": {"type": type, "labels": {"log": log, "severity": severity}},
            "resource": json.loads(resource),
            "metricKind": "DELTA",
            "valueType": "INT64",
            "points": [_point(minute, count)],
        }
        for (resource, log, severity, minute), count in found.items()
    ]


def _of_files(call: Call, type: str) -> list[Json]:
    """Bytes of each bucket's objects now; Google counts them once a day."""
    project, found, stamp = call.segment("projects"), [], call.world.clock.stamp()
    for bucket in call.store.under("storage/b"):
        if bucket.hidden.get("project") == project:
            storage_written.look(call.world, bucket.id)
            size = sum(int(one.content.get("size", 0)) for one in call.store.under(f"{bucket.key}/o"))
            labels = {"project_id": project, "bucket_name": bucket.id}
            point = {
                "interval": {"startTime": stamp, "endTime": stamp},
                "value": {"doubleValue": float(size)},
            }
            found.append(
                {
                    "metric": {"type": type, "labels": {"storage_class": "STANDARD"}},
                    "resource": {"type": "gcs_bucket", "labels": labels},
                    "metricKind": "GAUGE",
                    "valueType": "DOUBLE",
                    "points": [point],
                }
            )
    return found


def _point(minute: str, count: int) -> Json:
    start, end = f"{minute}:00Z", f"{minute}:59.999Z"
    return {"interval": {"startTime": start, "endTime": end}, "value": {"int64Value": str(count)}}


COUNTED: dict[str, Callable[[Call, str], list[Json]]] = {
    "logging.googleapis.com/byte_count": _of_lines,
    "logging.googleapis.com/log_entry_count": _of_lines,
    "storage.googleapis.com/storage/total_bytes": _of_files,
}
