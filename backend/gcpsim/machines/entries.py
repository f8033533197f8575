"""How what a container prints becomes an entry of Cloud Logging, and a request a line of Cloud Run's own.

https://cloud.google.com/logging/docs/structured-logging says which fields of an object are the entry's.
"""

import json
from collections.abc import Mapping

from gcpsim.machines.revisions import Name
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
    project, location, service, revision = name.parts
    resource = {
        "type": "cloud_run_revision",
        "labels": {
            "project_id": project,
            "location": location,
            "service_name": service,
            "revision_name": revision,
            "configuration_name": service,
        },
    }
    return {
        **entry,
        "logName": f"projects/{project}/logs/run.googleapis.com%2F{log}",
        "resource": resource,
        "labels": {**labels, **entry.get("labels", {})},
    }


def of_status(status: int) -> str:
    """How bad a request's end is."""
    return "ERROR" if status >= 500 else "WARNING" if status >= 400 else "INFO"
