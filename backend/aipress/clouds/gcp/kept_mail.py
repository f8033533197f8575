"""How a message that was kept is an object: the newest has the first name, and what became of it stands before its content. Pure."""

import json
import re
from dataclasses import asdict
from datetime import datetime

from aipress.clouds.gcp.buckets import KEPT_MAIL
from aipress.clouds.gcp.resources import Json, at
from aipress.clouds.mail import Kept

ID = re.compile(r"([0-9]{13})-([A-Za-z0-9]{12})")
LAST = 10**13 - 1
LONGEST = 6000  # bytes of the record among an object's own metadata, which Google ends at 8 KiB


def name_of(id: str) -> str | None:
    """The object's name, which counts time backwards; None for what is no id."""
    found = ID.fullmatch(id)
    return f"{KEPT_MAIL}{LAST - int(found[1]):013d}-{found[2]}" if found else None


def id_of(name: str) -> str | None:
    """The id of the message an object is; None for another object."""
    found = ID.fullmatch(name.removeprefix(KEPT_MAIL))
    return f"{LAST - int(found[1]):013d}-{found[2]}" if found else None


def object_of(kept: Kept) -> Json:
    """What is told of the object; a record that is too long for that stands in its first line alone."""
    record = _record(kept)
    metadata = {"kept": record} if len(record) <= LONGEST else {}
    return {"name": name_of(kept.id), "contentType": "application/octet-stream", "metadata": metadata}


def content_of(kept: Kept, content: bytes) -> bytes:
    """The object's bytes: a line of JSON, and the message as it was."""
    return _record(kept).encode() + b"\n" + content


def told(listed: Json) -> Kept | None:
    """What its metadata say; None where the record was too long for them."""
    record = at(listed, "metadata.kept")
    return _read(str(record)) if record else None


def whole(content: bytes) -> tuple[Kept, bytes]:
    """What an object's bytes are."""
    record, _, message = content.partition(b"\n")
    return _read(record.decode()), message


def _record(kept: Kept) -> str:
    return json.dumps(asdict(kept), default=datetime.isoformat)


def _read(record: str) -> Kept:
    told = json.loads(record)
    recipients, time = tuple(told["recipients"]), datetime.fromisoformat(told["time"])
    return Kept(**{**told, "recipients": recipients, "time": time})
