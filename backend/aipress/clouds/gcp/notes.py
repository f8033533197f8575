"""Notes on Google Cloud: entries of a log of ours that only the control plane writes, labelled as the environment's own lines are."""

import secrets
from datetime import datetime

from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import ENVIRONMENT, TENANT
from aipress.clouds.gcp.logs import OUR_LOG, stamp
from aipress.clouds.gcp.placements import Found, Where
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.notes import Note
from aipress.kit import clock

LONGEST = 8000  # characters of a message


class LoggedNotes:
    """What is noted of an environment that is nowhere is kept nowhere."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where = google, where

    async def add(self, note: Note) -> None:
        if found := await self.where.find(note.environment):
            await self.google.ask(entry(note, found, secrets.token_hex(12), clock.now()))


def entry(note: Note, found: Found, id: str, now: datetime) -> Resource:
    """The note as it is written. By its id, Google keeps it once, however often it is sent."""
    line: Json = {
        "timestamp": stamp(now),
        "insertId": id,
        "severity": note.level.upper(),
        "labels": {TENANT: found.placed.tenant, ENVIRONMENT: note.environment},
        "jsonPayload": {
            **note.fields,
            "source": note.source,
            "message": " ".join(note.message[:LONGEST].split()),
            "request_id": note.request_id,
        },
    }
    body: Json = {
        "logName": f"projects/{found.place.project}{OUR_LOG}",
        "resource": {"type": "cloud_run_revision", "labels": _resource(found)},
        "entries": [line],
    }
    return Resource("note", note.environment, "logging", "/v2/entries:write", body)


def _resource(found: Found) -> dict[str, str]:
    return {
        "project_id": found.place.project,
        "location": found.place.region,
        "service_name": found.service,
        "configuration_name": found.service,
        "revision_name": "",
    }
