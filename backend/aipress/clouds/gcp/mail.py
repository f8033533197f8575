"""Mail on Google Cloud: what a site wants sent lies in its bucket below `mail/`, where its PHP put it, and what became of it below
`kept-mail/`.

Whether a bucket has any can only be asked of it, and each such question costs: so a few buckets are asked at a time, and a quiet one
once a minute.
"""

import re
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from urllib.parse import quote

from aipress.clouds.gcp import kept_mail
from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.buckets import KEPT_MAIL, WAITING
from aipress.clouds.gcp.entries import moment
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import environment_of
from aipress.clouds.gcp.names import bucket_name
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.resources import Json, Resource, at
from aipress.clouds.gcp.rounds import Rounds
from aipress.clouds.gcp.together import together
from aipress.clouds.mail import Kept, Waiting
from aipress.errors import CloudError, CloudRefused
from aipress.kit import clock, logs

log = logs.get()
NAME = re.compile(r"[A-Za-z0-9]{12}\.eml")
LARGEST = 10 * 2**20  # bytes of a message
MOST, MOST_BYTES, MOST_OF_ONE, LOOKED_AT = 20, 12 * 2**20, 5, 200  # at once: of all, and of one environment
MOST_KEPT, MOST_KEPT_BYTES = 500, 64 * 2**20  # of one environment
DRAFT = timedelta(hours=1)
LABEL = "aipress-mail"


class BucketMail:
    """Whose bucket holds kept mail has a label that says so: one question tells of all buckets."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where, self.rounds = google, where, Rounds()
        self._labelled: set[str] = set()

    async def waiting(self, done: Mapping[str, Sequence[str]]) -> Sequence[Waiting]:
        buckets = {
            one.placed.environment_id: bucket_name(one.placed.environment_id, one.place.project)
            for one in await self.where.all()
        }
        settled = [
            (buckets[id], f"{WAITING}{name}.eml")
            for id, names in done.items()
            if id in buckets
            for name in names
        ]
        await together(self._delete(bucket, name) for bucket, name in settled)
        found: list[Waiting] = []
        for id in self.rounds.due(buckets, time.monotonic()):
            if len(found) >= MOST or sum(one.size for one in found if one.content) >= MOST_BYTES:
                break
            found += await self._waiting(id, buckets[id])
        return found[:MOST]

    async def keep(self, environment_id: str, kept: Kept, content: bytes) -> None:
        bucket = await self._bucket(environment_id)
        if not bucket or not kept_mail.name_of(kept.id):
            raise CloudRefused("That environment has no bucket to keep mail in; it was not kept.")
        if environment_id not in self._labelled:
            await self._label(bucket, "kept")
            self._labelled.add(environment_id)
        await self.google.upload_with(bucket, kept_mail.object_of(kept), kept_mail.content_of(kept, content))
        await self._make_room(bucket)

    async def kept(self, environment_id: str, limit: int, before: str = "") -> list[Kept]:
        bucket = await self._bucket(environment_id)
        listed = await self._kept(bucket)
        wanted = [id for id in listed if not before or id < before][:limit]
        return [kept for id in wanted if (kept := await self._told(bucket, listed[id]))]

    async def named(self, environment_id: str, name: str) -> Kept | None:
        bucket = await self._bucket(environment_id)
        for id, listed in (await self._kept(bucket)).items():
            if id.partition("-")[2] == name:
                return await self._told(bucket, listed)
        return None

    async def read(self, environment_id: str, id: str) -> tuple[Kept, bytes] | None:
        bucket, name = await self._bucket(environment_id), kept_mail.name_of(id)
        if not bucket or name is None:
            return None
        try:
            return kept_mail.whole(await self.google.download(bucket, name))
        except Gone:
            return None

    async def remove(self, environment_id: str) -> None:
        """What was kept, and what waits."""
        self._labelled.discard(environment_id)
        bucket = await self._bucket(environment_id)
        try:
            listed = [one for place in (WAITING, KEPT_MAIL) for one in await self._listed(bucket, place)]
            await together(self._delete(bucket, str(one["name"])) for one in listed)
            if listed or await self._is_labelled(bucket):
                await self._label(bucket, None)
        except Gone:
            return

    async def existing(self) -> set[str]:
        found: list[Json] = []
        for project in self.where.projects:
            query = {
                "project": project,
                "prefix": f"{project}-w",
                "fields": "items(name,labels),nextPageToken",
            }
            found += await self.google.read_all("storage", "/storage/v1/b", "items", query)
        return {environment_of(one) for one in found if at(one, f"labels.{LABEL}")} - {""}

    async def _waiting(self, id: str, bucket: str) -> list[Waiting]:
        """The oldest of one environment. Whatever goes wrong with its bucket keeps no other waiting."""
        try:
            listed = await self._listed(bucket, WAITING, {"maxResults": str(LOOKED_AT)})
            waits = sorted((one for one in listed if _file(one)), key=lambda one: str(one.get("timeCreated")))
            await self._clear_drafts(bucket, [one for one in listed if not _file(one)])
            found = [await self._read(id, bucket, one) for one in waits[:MOST_OF_ONE]]
        except CloudError as error:
            if not isinstance(error, Gone):
                log.warning("mail of a site can't be looked for", environment=id, why=str(error))
            found, waits = [], []
        self.rounds.asked(id, time.monotonic(), bool(waits))
        return [one for one in found if one]

    async def _read(self, id: str, bucket: str, listed: Json) -> Waiting | None:
        """One message; none where it was thrown away meanwhile."""
        name, size = _file(listed).removesuffix(".eml"), int(str(listed.get("size", "0")))
        try:
            content = await self.google.download(bucket, str(listed["name"])) if size <= LARGEST else None
        except Gone:
            return None
        return Waiting(id, name, size, content)

    async def _clear_drafts(self, bucket: str, listed: Sequence[Json]) -> None:
        """What is no message is none of ours, and what nobody finished in an hour is thrown away."""
        late = clock.now() - DRAFT
        old = [str(one["name"]) for one in listed if (made := moment(one.get("updated"))) and made < late]
        await together(self._delete(bucket, name) for name in old if not name.endswith("/"))

    async def _kept(self, bucket: str) -> dict[str, Json]:
        """Every object of a message that is kept, by its id, newest first."""
        try:
            listed = await self._listed(bucket, KEPT_MAIL)
        except Gone:
            return {}
        return {id: one for one in listed if (id := kept_mail.id_of(str(one["name"])))}

    async def _told(self, bucket: str, listed: Json) -> Kept | None:
        if found := kept_mail.told(listed):
            return found
        try:
            return kept_mail.whole(await self.google.download(bucket, str(listed["name"])))[0]
        except Gone:
            return None

    async def _make_room(self, bucket: str) -> None:
        """The newest that fit stay, and at least one."""
        total, old = 0, []
        for number, one in enumerate((await self._kept(bucket)).values()):
            total += int(str(one.get("size", "0")))
            if number and (number >= MOST_KEPT or total > MOST_KEPT_BYTES):
                old.append(str(one["name"]))
        await together(self._delete(bucket, name) for name in old)

    async def _listed(self, bucket: str, prefix: str, query: Mapping[str, str] | None = None) -> list[Json]:
        """Objects by name; with `maxResults`, no more than these. Raises Gone where there is no bucket."""
        if not bucket:
            raise Gone("There is no bucket.")
        asked, path = {"prefix": prefix, **(query or {})}, f"/storage/v1/b/{bucket}/o"
        if not query:
            return await self.google.read_all("storage", path, "items", asked)
        listed = (await self.google.read("storage", path, asked)).get("items")
        return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []

    async def _bucket(self, environment_id: str) -> str:
        """Its bucket's name; '' for who is nowhere."""
        found = await self.where.find(environment_id)
        return bucket_name(environment_id, found.place.project) if found else ""

    async def _is_labelled(self, bucket: str) -> bool:
        return bool(at(await self.google.read("storage", f"/storage/v1/b/{bucket}"), f"labels.{LABEL}"))

    async def _label(self, bucket: str, value: str | None) -> None:
        body: Json = {"labels": {LABEL: value}}
        await self.google.ask(
            Resource("bucket's label", bucket, "storage", f"/storage/v1/b/{bucket}", body, {}, "PATCH")
        )

    async def _delete(self, bucket: str, name: str) -> None:
        await self.google.delete("storage", f"/storage/v1/b/{bucket}/o/{quote(name, safe='')}")


def _file(listed: Json) -> str:
    """The file's name where an object is a message as PHP lays it down; '' for another."""
    name = str(listed.get("name", "")).removeprefix(WAITING)
    return name if NAME.fullmatch(name) else ""
