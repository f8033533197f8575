"""The bucket of an environment: uploads, and backups that grow colder with time.

A bucket each, because Google bills by a bucket's labels and by nothing below it.
"""

from collections.abc import AsyncIterable, AsyncIterator, Iterable, Mapping
from urllib.parse import quote

from aipress.clouds.base import Bucket, EnvironmentSpec
from aipress.clouds.files import Files, Stored, fault_of, shown
from aipress.clouds.gcp import code, site_files, uploads
from aipress.clouds.gcp.answers import Gone, Taken
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.labels import billed, environment_of, labels_of
from aipress.clouds.gcp.names import bucket_name
from aipress.clouds.gcp.placements import Where
from aipress.clouds.gcp.places import Place
from aipress.clouds.gcp.resources import Json, Resource
from aipress.clouds.gcp.together import together
from aipress.errors import CloudRefused

WEEK = 7 * 24 * 3600
BACKUPS, WAITING, KEPT_MAIL = "backups/", "mail/", "kept-mail/"
COOLING = ((30, "NEARLINE"), (90, "COLDLINE"))  # days
KEPT = 365


def bucket(environment: EnvironmentSpec, place: Place) -> Resource:
    """A private bucket whose folders can be renamed at once, which WordPress does at every update; that rules out versions of objects.

    What is deleted can be brought back for a week, and is paid for as long: said, since Google's default may change.
    """
    name = bucket_name(environment.id, place.project)
    body: Json = {
        "name": name,
        "location": place.region.upper(),
        "storageClass": "STANDARD",
        "labels": labels_of(environment),
        "iamConfiguration": {
            "uniformBucketLevelAccess": {"enabled": True},
            "publicAccessPrevention": "enforced",
        },
        "hierarchicalNamespace": {"enabled": True},
        "softDeletePolicy": {"retentionDurationSeconds": str(WEEK)},
        "lifecycle": {"rule": _rules()},
    }
    return billed(Resource("bucket", name, "storage", "/storage/v1/b", body, {"project": place.project}))


def _rules() -> list[Json]:
    cooler = [
        {
            "action": {"type": "SetStorageClass", "storageClass": kind},
            "condition": {"age": days, "matchesPrefix": [BACKUPS]},
        }
        for days, kind in COOLING
    ]
    gone = {"action": {"type": "Delete"}, "condition": {"age": KEPT, "matchesPrefix": [BACKUPS]}}
    broken_off = {"action": {"type": "AbortIncompleteMultipartUpload"}, "condition": {"age": 7}}
    return [*cooler, gone, broken_off]


class StorageBuckets:
    """A bucket each. What is deleted softly is gone for us, though paid for a week."""

    def __init__(self, google: Google, where: Where) -> None:
        self.google, self.where = google, where

    async def ensure(self, environment: EnvironmentSpec) -> Bucket:
        place = await self.where.of(environment)
        wanted = bucket(environment, place)
        try:
            await self.google.ask(wanted)
        except Taken:
            if not await self._is_ours(wanted.name, environment.id):
                raise CloudRefused(
                    f"Somebody else has a bucket {wanted.name}; nothing was changed."
                ) from None
        return Bucket(wanted.name)

    async def remove(self, environment_id: str) -> None:
        """Emptied first, since only an empty bucket goes; its grants go with it."""
        found = await self.where.find(environment_id)
        if found is None:
            return
        name = bucket_name(environment_id, found.place.project)
        try:
            if await self._is_ours(name, environment_id):
                await self._empty(f"/storage/v1/b/{name}")
                await self.google.delete("storage", f"/storage/v1/b/{name}")
        except Gone:
            return

    async def files(self, environment_id: str) -> Files:
        return await site_files.listed(self.google, await self._name(environment_id))

    async def read(self, environment_id: str, path: str) -> AsyncIterator[bytes]:
        name = await self._name(environment_id)
        async for piece in self.google.stream(name, site_files.object_of(path)):
            yield piece

    async def write(self, environment_id: str, path: str, content: AsyncIterable[bytes]) -> None:
        if fault := fault_of(path):
            raise CloudRefused(f"{shown(path)} can't be written: {fault}.")
        name, mime = await self._name(environment_id), site_files.mime_of(path)
        await uploads.write(self.google, name, site_files.object_of(path), content, mime)

    async def forget(self, environment_id: str, paths: Iterable[str]) -> None:
        name = await self._name(environment_id)
        objects = [site_files.object_path(name, site_files.object_of(path)) for path in paths]
        await together((self.google.delete("storage", path) for path in objects), most=16)

    async def settle(self, environment_id: str) -> None:
        """The site's own plugins and themes as its containers take them."""
        await code.settle(self.google, await self._name(environment_id))

    async def check_fits(self, files: Mapping[str, Stored]) -> None:
        code.check(files)

    async def existing(self) -> set[str]:
        found: list[Json] = []
        for project in self.where.projects:
            query = {"project": project, "prefix": f"{project}-w", "maxResults": "1000"}
            found += await self.google.read_all("storage", "/storage/v1/b", "items", query)
        return {environment_of(one) for one in found} - {""}

    async def _name(self, environment_id: str) -> str:
        found = await self.where.find(environment_id)
        if found is None:
            raise CloudRefused("The environment has no bucket; nothing was changed.")
        return bucket_name(environment_id, found.place.project)

    async def _is_ours(self, name: str, environment_id: str) -> bool:
        """Buckets' names are the whole world's."""
        return environment_of(await self.google.read("storage", f"/storage/v1/b/{name}")) == environment_id

    async def _empty(self, path: str) -> None:
        """Objects, and then folders from the innermost, which a bucket with a hierarchy keeps when nothing is in them."""
        objects = await self.google.read_all(
            "storage", f"{path}/o", "items", {"fields": "items/name,nextPageToken"}
        )
        await together((self._delete(f"{path}/o", one) for one in objects), most=16)
        folders = await self.google.read_all("storage", f"{path}/folders", "items")
        for one in sorted(folders, key=lambda folder: str(folder["name"]).count("/"), reverse=True):
            await self._delete(f"{path}/folders", one)

    async def _delete(self, collection: str, one: Json) -> None:
        await self.google.delete("storage", f"{collection}/{quote(str(one['name']), safe='')}")
