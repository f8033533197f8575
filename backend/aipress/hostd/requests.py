"""hostd's doorkeeper: every request is validated here, once, and trusted afterwards."""

import dataclasses
import ipaddress
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import MISSING
from typing import Any

from aipress.clouds.files import fault_of
from aipress.hostd.verbs import ID, VERBS, Limits, Refusal, Verb

LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
TENANT = re.compile(r"(?:[a-z]{2,8}_[0-9a-zA-Z]{1,40})?")
VERSION = re.compile(r"(?:[0-9]{1,3}(?:\.[0-9]{1,3}){1,3})?")
PATH = re.compile(r"(?:/[\x21-\x7e]{0,1999})?")
REQUEST = re.compile(r"[0-9a-f]{32}")
DRAFT = re.compile(r"[0-9a-f]{16}")
MESSAGE = re.compile(r"[A-Za-z0-9]{12}")
SECRET = re.compile(r"[A-Z][A-Z0-9_]{0,63}")
LONGEST_HOST = 253
LONGEST_WAIT = 600
MOST_SECRETS, LARGEST_VERSION = 100, 2**53
MOST_FILES, LATEST = 1000, 2**63
BOUNDS = {
    "children": (1, 64),
    "memory_mb": (64, 65_536),
    "idle_seconds": (0, 604_800),
    "min_instances": (0, 1),
}


def parse(line: bytes, uids: range) -> Verb:
    """The verb in one request line, a JSON object such as `{"verb": "warm", "id": "0123456789ab"}`. Raises Refusal."""
    try:
        request = json.loads(line)
    except (ValueError, RecursionError):
        raise Refusal("bad_request", "a request is one line with one JSON object") from None
    if not isinstance(request, dict):
        raise Refusal("bad_request", "a request is one line with one JSON object")
    name = request.pop("verb", None)
    kind = VERBS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise Refusal("bad_request", f"the verbs are {', '.join(VERBS)}")
    return kind(**_checked(kind, request, uids))


def check_host(value: object) -> str:
    """A host name in strict DNS syntax (RFC 1123), lower-case, and not an address."""
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST_HOST:
        raise Refusal("bad_request", f"a host name has 1 to {LONGEST_HOST} characters")
    labels = value.split(".")
    if not all(LABEL.fullmatch(label) for label in labels) or labels[-1].isdigit() or _is_address(value):
        raise Refusal("bad_request", "host is not a lower-case host name")
    return value


def _checked(kind: type[Verb], request: Mapping[str, object], uids: range) -> dict[str, Any]:
    fields = {each.name: each for each in dataclasses.fields(kind)}
    if unknown := sorted(request.keys() - fields.keys()):
        raise Refusal("bad_request", f"unknown field {unknown[0][:40]!r}")
    values: dict[str, Any] = {}
    for name, each in fields.items():
        if name in request:
            is_default = request[name] == each.default
            values[name] = each.default if is_default else _CHECKS[name](request[name], uids)
        elif each.default is MISSING and each.default_factory is MISSING:
            raise Refusal("bad_request", f"{name} is missing")
    return values


def _check_id(value: object, _: range) -> str:
    return _shaped(value, ID, "id must be 12 lower-case hexadecimal characters")


def _check_uid(value: object, uids: range) -> int:
    if type(value) is not int or value not in uids:
        raise Refusal("bad_request", f"uid must be a number from {uids.start} to {uids.stop - 1}")
    return value


def _check_limits(value: object, _: range) -> Limits:
    names = {each.name for each in dataclasses.fields(Limits)}
    if not isinstance(value, dict) or not value.keys() <= names:
        raise Refusal("bad_request", f"limits are {', '.join(sorted(names))}")
    for name, amount in value.items():
        low, high = BOUNDS[name]
        if type(amount) is not int or not low <= amount <= high:
            raise Refusal("bad_request", f"{name} must be a number from {low} to {high}")
    return Limits(**value)


def _check_flag(value: object, _: range) -> bool:
    if type(value) is not bool:
        raise Refusal("bad_request", "soon is true or false")
    return value


def _check_seconds(value: object, _: range) -> int:
    if type(value) is not int or not 0 < value <= LONGEST_WAIT:
        raise Refusal("bad_request", f"seconds must be a number from 1 to {LONGEST_WAIT}")
    return value


def _check_revision(value: object, _: range) -> int:
    if type(value) is not int or not 0 <= value <= LARGEST_VERSION:
        raise Refusal("bad_request", "revision must be a number, and not negative")
    return value


def _check_versions(value: object, _: range) -> dict[str, int]:
    if not isinstance(value, dict) or len(value) > MOST_SECRETS:
        raise Refusal("bad_request", f"versions are at most {MOST_SECRETS} names, each with a number")
    for name, version in value.items():
        _shaped(name, SECRET, "a secret's name has capital letters, digits and _")
        if type(version) is not int or not 0 < version <= LARGEST_VERSION:
            raise Refusal("bad_request", "a version is a positive number")
    return value


def _check_done(value: object, _: range) -> dict[str, tuple[str, ...]]:
    if not isinstance(value, dict) or not all(isinstance(names, list) for names in value.values()):
        raise Refusal("bad_request", "done is a list of messages by environment")
    return {
        _shaped(id, ID, "an environment has 12 lower-case hexadecimal characters"): tuple(
            _shaped(name, MESSAGE, "a message has 12 letters or digits") for name in names
        )
        for id, names in value.items()
    }


def _check_file(value: object, _: range) -> str:
    if not isinstance(value, str) or (fault := fault_of(value)):
        raise Refusal(
            "bad_request", f"that is no file's path: {fault if isinstance(value, str) else 'no text'}"
        )
    return value


def _check_files(value: object, uids: range) -> tuple[str, ...]:
    if not isinstance(value, list) or len(value) > MOST_FILES:
        raise Refusal("bad_request", f"files are at most {MOST_FILES} paths")
    return tuple(_check_file(each, uids) for each in value)


def _check_since(value: object, _: range) -> int:
    if type(value) is not int or not 0 <= value < LATEST:
        raise Refusal("bad_request", "since is a moment in nanoseconds")
    return value


def _shaped(value: object, shape: re.Pattern[str], otherwise: str) -> str:
    if not isinstance(value, str) or not shape.fullmatch(value):
        raise Refusal("bad_request", otherwise)
    return value


def _is_address(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return True


_CHECKS: dict[str, Callable[[object, range], object]] = {
    "id": _check_id,
    "uid": _check_uid,
    "limits": _check_limits,
    "done": _check_done,
    "file": _check_file,
    "files": _check_files,
    "since": _check_since,
    "draft": lambda value, _: _shaped(value, DRAFT, "a draft has 16 lower-case hexadecimal characters"),
    "host": lambda value, _: check_host(value),
    "request": lambda value, _: _shaped(
        value, REQUEST, "request must be 32 lower-case hexadecimal characters"
    ),
    "seconds": _check_seconds,
    "soon": _check_flag,
    "revision": _check_revision,
    "versions": _check_versions,
    "path": lambda value, _: _shaped(value, PATH, "path is not a path"),
    "tenant": lambda value, _: _shaped(value, TENANT, "tenant is not an id"),
    "version": lambda value, _: _shaped(value, VERSION, "version is not a version number"),
}
