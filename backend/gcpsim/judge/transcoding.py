"""Recorded gRPC calls as the HTTP requests they are equal to: Google's naming conventions (AIP-131 to 136) say which.

A few APIs were recorded over gRPC. `/google.monitoring.v3.AlertPolicyService/CreateAlertPolicy` is `POST v3/{parent}/alertPolicies`.
"""

import re
from urllib.parse import quote

from gcpsim.discovery.documents import names, read
from gcpsim.discovery.methods import match
from gcpsim.wire import Json, Request

VERBS = {"Get": "GET", "List": "GET", "Create": "POST", "Update": "PATCH", "Delete": "DELETE"}
NAMED_OTHERWISE = {
    "kms": "cloudkms",
    "resourcemanager": "cloudresourcemanager",
    "scheduler": "cloudscheduler",
    "tasks": "cloudtasks",
}
"""APIs whose gRPC package has another name than their document."""

QUERIES = ("updateMask", "pageSize", "pageToken", "filter", "view")
STORAGE = re.compile(r"^projects/_/buckets/")


def transcoded(path: str, message: Json) -> Request:
    """The HTTP request a gRPC call is equal to; where none is, one to a path that doesn't exist."""
    service, _, word = path.strip("/").partition("/")
    api, version = _api_of(service, message)
    document = read(api, version)
    verb, noun = _split(word)
    resource = noun[:1].lower() + noun[1:]
    http = VERBS.get(verb, "POST")
    name = _target(verb, resource, message, api)
    base = str(document.content.get("servicePath", "")) if document else ""
    full = f"/{base or version + '/'}" + quote(name, safe="/@:")
    if verb not in VERBS:
        custom = verb[:1].lower() + verb[1:]
        full += ("/" if api == "storage" else ":") + custom
    query = {field: [str(message[field])] for field in QUERIES if field in message}
    query |= (
        {f"{resource}Id": [str(message[f"{resource}Id"])]}
        if f"{resource}Id" in message and api != "storage"
        else {}
    )
    return Request(
        http,
        full,
        _known(query, api, version, http, full),
        _body(verb, resource, message, (api, version, full)),
        f"{api}.googleapis.com",
    )


def _api_of(service: str, message: Json) -> tuple[str, str]:
    parts = [
        part for part in service.split(".")[:-1] if part not in {"google", "cloud", "devtools", "logging_v2"}
    ]
    version = next((part for part in parts if re.fullmatch(r"v\d\w*", part)), "v2")
    words = [part for part in parts if part != version]
    if words == ["longrunning"]:
        return (
            ("bigtableadmin", "v2")
            if str(message.get("name", "")).startswith("operations/")
            else ("spanner", "v1")
        )
    if words == ["storage", "control"]:
        return "storage", "v1"
    joined = "".join(words)
    api = joined if joined in names() else words[0]
    return NAMED_OTHERWISE.get(api, api), version


def _split(word: str) -> tuple[str, str]:
    found = re.match(r"([A-Z][a-z]+)(.*)", word)
    return (found[1], found[2]) if found else (word, "")


def _target(verb: str, resource: str, message: Json, api: str) -> str:
    if verb in {"Create", "List"}:
        plural = resource if verb == "List" else re.sub("y$", "ie", resource) + "s"
        name = f"{message.get('parent') or message.get('name', '')}/{plural}"
    elif verb == "Update":
        name = str(message.get(resource, {}).get("name", ""))
    else:
        name = str(message.get("name") or message.get("resource", ""))
    return STORAGE.sub("b/", name).rstrip("/") if api == "storage" else name


def _body(verb: str, resource: str, message: Json, where: tuple[str, str, str]) -> Json | None:
    if VERBS.get(verb) in {"GET", "DELETE"}:
        return None
    api, version, path = where
    found = match(api, version, "POST" if verb != "Update" else "PATCH", path)
    inner = message.get(resource)
    if api == "storage" and isinstance(inner, dict):
        return {**inner, **({"name": message[f"{resource}Id"]} if f"{resource}Id" in message else {})}
    whole = found is not None and found.method.request.endswith("Request")
    return (
        inner
        if isinstance(inner, dict) and not whole
        else {k: v for k, v in message.items() if k not in {"name", "resource", "requestId"}}
    )


def _known(query: dict[str, list[str]], api: str, version: str, http: str, path: str) -> dict[str, list[str]]:
    found = match(api, version, http, path)
    return {
        name: values for name, values in query.items() if found is None or name in found.method.parameters
    }
