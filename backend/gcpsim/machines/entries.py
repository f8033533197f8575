"""How what a container prints becomes an entry of Cloud Logging, and a request a line of Cloud Run's own.

https://cloud.google.com/logging/docs/structured-logging says which fields of an object are the entry's.
"""

import json
from collections.abc import Mapping

from gcpsim.machines.revisions import Name
from gcpsim.machines.routes import Route
from gcpsim.machines.visitors import Asked, Sent
from gcpsim.wire import Json

PREFIX = "logging.googleapis.com/"
OWN = {
    "trace": f"{PREFIX}trace",
    "spanId": f"{PREFIX}spanId",
    "insertId": f"{PREFIX}insertId",
    "sourceLocation": f"{PREFIX}sourceLocation",
    "operation": f"{PREFIX}operation",
    "httpRequest": "httpRequest",
    "severity": "severity",
}
SEVERITIES = ("DEFAULT", "DEBUG", "INFO", "NOTICE", "WARNING", "ERROR", "CRITICAL", "ALERT", "EMERGENCY")


def of_line(text: str) -> Json:
    """The content of an entry for a line: an object of JSON is the payload, without the fields that are the entry's own."""
    try:
        told = json.loads(text)
    except ValueError:
        told = None
    if not isinstance(told, dict):
        return {"textPayload": text}
    entry: Json = {name: told.pop(field) for name, field in OWN.items() if field in told}
    severity = str(entry.get("severity", "DEFAULT")).upper()
    entry["severity"] = severity if severity in SEVERITIES else "DEFAULT"
    labels = told.pop(f"{PREFIX}labels", None)
    if isinstance(labels, dict):
        entry["labels"] = {str(key): str(value) for key, value in labels.items()}
    if entry["severity"] == "DEFAULT":
        del entry["severity"]
    alone = set(told) == {"message"} and isinstance(told["message"], str)
    return {**entry, "textPayload": told["message"]} if alone else {**entry, "jsonPayload": told}


def placed(name: Name, log: str, labels: Mapping[str, str], entry: Json) -> Json:
    """An entry of a revision: which log it is in, whose it is, and the labels of its template."""
    return {
        **entry,
        "logName": f"projects/{name.parts[0]}/logs/run.googleapis.com%2F{log}",
        "resource": resource_of(name),
        "labels": {**labels, **entry.get("labels", {})},
    }


def resource_of(name: Name) -> Json:
    """A revision as Logging and Monitoring know it."""
    project, location, service, revision = name.parts
    labels = {"project_id": project, "location": location, "service_name": service, "revision_name": revision}
    return {"type": "cloud_run_revision", "labels": {**labels, "configuration_name": service}}


def of_request(project: str, asked: Asked, sent: Sent, seconds: float) -> Json:
    """A request and its end, in the trace it belongs to."""
    trace, _, rest = asked.trace.partition("/")
    told = {
        "requestMethod": asked.method,
        "requestUrl": asked.url,
        "requestSize": str(sent.received),
        "status": sent.status,
        "responseSize": str(sent.size),
        "userAgent": asked.headers.get("user-agent", ""),
        "remoteIp": asked.address,
        "referer": asked.headers.get("referer", ""),
        "latency": f"{seconds:.9f}s",
        "protocol": "HTTP/1.1",
    }
    span = rest.partition(";")[0]
    entry: Json = {
        "severity": of_status(sent.status),
        "httpRequest": {name: value for name, value in told.items() if value != ""},
        "trace": f"projects/{project}/traces/{trace}",
        "traceSampled": rest.endswith("o=1"),
    }
    if span.isdigit():
        entry["spanId"] = f"{int(span) % 2**64:016x}"
    if not sent.instance:
        entry["textPayload"] = sent.details
    return entry


def balanced(there: Route, asked: Asked, sent: Sent, seconds: float) -> Json:
    """The load balancer's own line."""
    parts = there.backend.split("/")
    entry = of_request(parts[2], asked, sent, seconds)
    entry.pop("textPayload", None)
    entry["httpRequest"] |= {"cacheLookup": bool(there.policy), "cacheHit": sent.from_cache}
    labels = {
        "project_id": parts[2],
        "backend_service_name": parts[-1],
        "url_map_name": there.url_map.rsplit("/", 1)[-1],
        "zone": "global",
    }
    return {
        **entry,
        "logName": f"projects/{parts[2]}/logs/requests",
        "resource": {"type": "http_load_balancer", "labels": labels},
        "jsonPayload": {
            "@type": "type.googleapis.com/google.cloud.loadbalancing.type.LoadBalancerLogEntry",
            "statusDetails": sent.details,
            "remoteIp": asked.address,
        },
    }


def of_status(status: int) -> str:
    """How bad a request's end is."""
    return "ERROR" if status >= 500 else "WARNING" if status >= 400 else "INFO"
