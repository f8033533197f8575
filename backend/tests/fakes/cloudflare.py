"""Cloudflare's API over HTTP as far as own domains meet it: its envelope, its error codes, pages, and hostnames that take their time.

https://developers.cloudflare.com/api/ says what is copied here; nothing was seen of a real account.
"""

import json
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.clouds.gcp.simulated import serving

TOKEN, ZONE, ACCOUNT, NAMESPACE = "cf-token-7d1f", "zone-1", "account-1", "hosts-1"
ENDS = "2027-03-04T12:00:00Z"
Json = dict[str, Any]


class No(Exception):
    """A refusal: HTTP status, Cloudflare's own code, and headers."""

    def __init__(self, status: int, code: int, message: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(message)
        self.status, self.code, self.headers = status, code, headers or {}


@dataclass
class FakeCloudflare:
    """`dns` is what the world's DNS says by name and kind, besides the zone's own `records`. `asked` is every request's verb and path.

    `faults`: what befalls the request of a number, `lost` (done, but nobody hears) or `429`; -1 stands for all.
    """

    hostnames: dict[str, Json] = field(default_factory=dict)
    values: dict[str, tuple[str, Json]] = field(default_factory=dict)
    records: dict[str, Json] = field(default_factory=dict)
    dns: dict[tuple[str, str], str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    faults: dict[int, str] = field(default_factory=dict)
    standing: dict[str, Json] = field(default_factory=lambda: deepcopy(STANDING))
    page: int = 50
    turn: Lock = field(default_factory=Lock)

    def answer(self, verb: str, path: str, query: dict[str, str], body: Any) -> tuple[Any, Json]:
        """The result and what is told of its pages."""
        for pattern, does in ROUTES:
            kind, _, rest = pattern.partition(" ")
            if kind == verb and (found := re.fullmatch(rest, path)):
                return does(self, query, body, *map(unquote, found.groups()))
        raise No(404, 7003, "Could not route to the request")

    def prove(self, domain: str) -> None:
        """Set in the world's DNS whatever Cloudflare wants to see of a domain."""
        told = next(one for one in self.hostnames.values() if one["hostname"] == domain)
        for one in told["ssl"].get("validation_records", []):
            self.dns[one["txt_name"], "TXT"] = one["txt_value"]
        owner = told["ownership_verification"]
        self.dns[owner["name"], "TXT"] = owner["value"]

    def says(self, name: str, kind: str) -> str:
        """What the DNS says."""
        ours = (one for one in self.records.values() if (one["name"], one["type"]) == (name, kind))
        return next((str(one["content"]).strip('"') for one in ours), self.dns.get((name, kind), ""))


def look(fake: FakeCloudflare, one: Json) -> None:
    """Each look finds a hostname a step further, if what the step needs is there."""
    ssl, owner = one["ssl"], one["ownership_verification"]
    if fake.says(owner["name"], "TXT") == owner["value"]:
        one["status"] = "active"
    if ssl["status"] == "initializing":
        told = {"txt_name": f"_acme-challenge.{one['hostname']}", "txt_value": one["id"].replace("-", "_")}
        ssl |= {"status": "pending_validation", "validation_records": [{**told, "status": "pending"}]}
    elif ssl["status"] == "pending_validation":
        told = ssl["validation_records"][0]
        if fake.says(told["txt_name"], "TXT") == told["txt_value"]:
            ssl["status"] = "pending_issuance"
    elif ssl["status"] == "pending_issuance":
        ssl |= {"status": "active", "certificates": [{"id": one["id"], "expires_on": ENDS}]}


def list_hostnames(fake: FakeCloudflare, query: dict[str, str], body: Any) -> tuple[Any, Json]:
    found = [one for one in fake.hostnames.values() if query.get("hostname", "") in one["hostname"]]
    for one in found:
        look(fake, one)
    return paged(found, query, int(query.get("per_page", 20)))


def make_hostname(fake: FakeCloudflare, query: dict[str, str], body: Any) -> tuple[Any, Json]:
    if any(one["hostname"] == body["hostname"] for one in fake.hostnames.values()):
        raise No(409, 1406, "Duplicate custom hostname found.")
    if body["ssl"].get("type") != "dv" or body["ssl"].get("method") not in ("http", "txt", "email"):
        raise No(400, 1434, "Invalid SSL settings")
    id, owner = str(uuid.uuid4()), f"_cf-custom-hostname.{body['hostname']}"
    fake.hostnames[id] = {
        "id": id,
        "hostname": body["hostname"],
        "status": "pending",
        "ssl": {**body["ssl"], "id": str(uuid.uuid4()), "status": "initializing"},
        "ownership_verification": {"type": "txt", "name": owner, "value": str(uuid.uuid4())},
        "created_at": "2026-11-28T12:00:00Z",
    }
    return fake.hostnames[id], {}


def change_hostname(fake: FakeCloudflare, query: dict[str, str], body: Any, id: str) -> tuple[Any, Json]:
    one = there(fake.hostnames, id, 1436)
    one["ssl"] = {**body["ssl"], "id": one["ssl"]["id"], "status": "initializing"}
    return one, {}


def remove_hostname(fake: FakeCloudflare, query: dict[str, str], body: Any, id: str) -> tuple[Any, Json]:
    there(fake.hostnames, id, 1436)
    del fake.hostnames[id]
    return {"id": id}, {}


def put_value(fake: FakeCloudflare, query: dict[str, str], body: Any, key: str) -> tuple[Any, Json]:
    fake.values[key] = body["value"], json.loads(body["metadata"])
    return {}, {}


def told_of(fake: FakeCloudflare, query: dict[str, str], body: Any, key: str) -> tuple[Any, Json]:
    return there(fake.values, key, 10009)[1], {}


def remove_value(fake: FakeCloudflare, query: dict[str, str], body: Any, key: str) -> tuple[Any, Json]:
    fake.values.pop(key, None)  # gone already is a success there
    return {}, {}


def stands(fake: FakeCloudflare, query: dict[str, str], body: Any, path: str) -> tuple[Any, Json]:
    return there(fake.standing, path, 1551), {}


def list_keys(fake: FakeCloudflare, query: dict[str, str], body: Any) -> tuple[Any, Json]:
    names = sorted(fake.values)
    size, start = min(int(query.get("limit", 1000)), fake.page), int(query.get("cursor") or 0)
    cursor = str(start + size) if start + size < len(names) else ""
    found = [{"name": name, "metadata": fake.values[name][1]} for name in names[start : start + size]]
    return found, {"count": len(found), "cursor": cursor}


def list_records(fake: FakeCloudflare, query: dict[str, str], body: Any) -> tuple[Any, Json]:
    wanted = query.get("name"), query.get("type")
    found = [one for one in fake.records.values() if (one["name"], one["type"]) == wanted]
    return paged(found, query, int(query.get("per_page", 100)))


def change_records(fake: FakeCloudflare, query: dict[str, str], body: Any) -> tuple[Any, Json]:
    """All of it or nothing."""
    after = dict(fake.records)
    for one in body.get("deletes", []):
        there(after, one["id"], 81044)
        del after[one["id"]]
    made = [{**one, "id": uuid.uuid4().hex} for one in body.get("posts", [])]
    for one in made:
        beside = [other for other in after.values() if other["name"] == one["name"]]
        if any((other["type"], other["content"]) == (one["type"], one["content"]) for other in beside):
            raise No(400, 81058, "An identical record already exists.")
        if beside and "CNAME" in {one["type"], *(other["type"] for other in beside)}:
            raise No(400, 81053, "An A, AAAA, or CNAME record with that host already exists.")
        after[one["id"]] = one
    fake.records = after
    return {"deletes": body.get("deletes", []), "posts": made}, {}


def there(things: dict[str, Any], id: str, code: int) -> Any:
    """The thing, or Cloudflare's own word for that it isn't there."""
    if id not in things:
        raise No(404, code, "not found")
    return things[id]


def paged(found: list[Json], query: dict[str, str], size: int) -> tuple[Any, Json]:
    page = int(query.get("page", 1))
    told = {"page": page, "per_page": size, "total_count": len(found), "total_pages": -(-len(found) // size)}
    return found[(page - 1) * size : page * size], told


HOSTNAMES, RECORDS = f"/zones/{ZONE}/custom_hostnames", f"/zones/{ZONE}/dns_records"
KEYS = f"/accounts/{ACCOUNT}/storage/kv/namespaces/{NAMESPACE}"
STANDING: dict[str, Json] = {
    f"zones/{ZONE}": {"id": ZONE, "name": "bakery.example", "status": "active"},
    f"zones/{ZONE}/custom_hostnames/fallback_origin": {"origin": "origin.aipress.com", "status": "active"},
    KEYS.strip("/"): {"id": NAMESPACE, "title": "hosts"},
}
"""What whoever runs the platform made there by hand."""

ROUTES: tuple[tuple[str, Any], ...] = (
    (f"GET {HOSTNAMES}", list_hostnames),
    (f"POST {HOSTNAMES}", make_hostname),
    (f"PATCH {HOSTNAMES}/([^/]+)", change_hostname),
    (f"DELETE {HOSTNAMES}/([^/]+)", remove_hostname),
    (f"PUT {KEYS}/values/([^/]+)", put_value),
    (f"DELETE {KEYS}/values/([^/]+)", remove_value),
    (f"GET {KEYS}/metadata/([^/]+)", told_of),
    (f"GET {KEYS}/keys", list_keys),
    (f"GET {RECORDS}", list_records),
    (f"GET /({'|'.join(STANDING)})", stands),
    (f"POST {RECORDS}/batch", change_records),
)


class Door(BaseHTTPRequestHandler):
    """One request a line; every answer in Cloudflare's envelope."""

    fake: FakeCloudflare
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # headers and body in one piece

    def _answer(self) -> None:
        raw = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        with self.fake.turn:
            self.fake.asked.append((self.command, parts.path))
            fault = self.fake.faults.get(len(self.fake.asked) - 1, self.fake.faults.get(-1, ""))
            try:
                if fault == "429":
                    raise No(429, 10013, "Rate limited", {"Retry-After": "0"})
                status, envelope, headers = 200, self._done(parts.path, parts.query, raw), {}
            except No as no:
                errors = [{"code": no.code, "message": str(no)}]
                envelope = {"success": False, "errors": errors, "messages": [], "result": None}
                status, headers = no.status, no.headers
        if fault == "lost":
            self.close_connection = True
            return
        self._send(status, json.dumps(envelope).encode(), headers)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _answer

    def _done(self, path: str, query: str, raw: bytes) -> Json:
        if self.headers.get("authorization") != f"Bearer {TOKEN}":
            raise No(403, 10000, "Authentication error")
        asked = {name: values[-1] for name, values in parse_qs(query).items()}
        result, pages = self.fake.answer(self.command, path, asked, self._body(raw))
        envelope = {"success": True, "errors": [], "messages": [], "result": result}
        return envelope | ({"result_info": pages} if pages else {})

    def _body(self, raw: bytes) -> Any:
        mime = self.headers.get("content-type", "")
        if not mime.startswith("multipart/form-data"):
            return json.loads(raw) if raw else {}
        form = BytesParser(policy=HTTP).parsebytes(f"Content-Type: {mime}\r\n\r\n".encode() + raw)
        parts = [one for one in form.iter_parts() if isinstance(one, EmailMessage)]
        return {
            str(one.get_param("name", header="content-disposition")): bytes(
                one.get_payload(decode=True)
            ).decode()
            for one in parts
        }

    def _send(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in {**headers, "Content-Type": "application/json"}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """The test says more."""


@contextmanager
def cloudflare(fake: FakeCloudflare) -> Iterator[str]:
    """Where it answers while this is entered."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("OneDoor", (Door,), {"fake": fake}))
    server.daemon_threads = True
    with serving(server) as address:
        yield address
