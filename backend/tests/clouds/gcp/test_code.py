"""A site's own plugins and themes on Google: packed once for all containers, named by the service, and bounded."""

import hashlib
import io
import tarfile
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from aipress.clouds.files import Stored
from aipress.clouds.gcp import code, services, site_files
from aipress.clouds.gcp.resources import at
from aipress.errors import CloudBusy, CloudRefused
from gcpsim.faults import parse_fault
from tests.clouds.gcp.rig import ENVIRONMENT, ID, OWN_CODE, PARTS, PLACE
from tests.clouds.gcp.simulated import Simulated

FILES = {
    "plugins/shop/shop.php": b"<?php",
    "themes/own/style.css": b"/* */",
    "advanced-cache.php": b"<?php // x",
}


async def put(on: Simulated, files: dict[str, bytes]) -> None:
    for path, content in files.items():
        await on.cloud.buckets.write(ID, path, once(content))


async def once(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def archive_of(on: Simulated, bucket: str) -> dict[str, bytes]:
    own = await code.current(on.google, bucket)
    assert own is not None
    packed = await on.google.download(bucket, code.name_of(own.sha256))
    assert (hashlib.sha256(packed).hexdigest(), len(packed)) == (own.sha256, own.packed)
    with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
        return {one.name: tar.extractfile(one).read() for one in tar}  # type: ignore[union-attr]


async def test_what_is_settled_is_one_archive_of_all_but_uploads(on_google: Simulated) -> None:
    bucket = (await on_google.cloud.buckets.ensure(ENVIRONMENT)).name
    await put(on_google, {**FILES, "uploads/a.jpg": b"picture"})
    assert await code.current(on_google.google, bucket) is None
    await on_google.cloud.buckets.settle(ID)
    assert await archive_of(on_google, bucket) == FILES
    first = await code.current(on_google.google, bucket)
    before = len(on_google.simulator.world.journal.entries)
    await on_google.cloud.buckets.settle(ID)
    assert not [one for one in on_google.simulator.world.journal.entries[before:] if one.http != "GET"]
    await put(on_google, {"plugins/shop/shop.php": b"<?php // changed"})
    await on_google.cloud.buckets.settle(ID)
    second = await code.current(on_google.google, bucket)
    assert first != second
    assert (await archive_of(on_google, bucket))["plugins/shop/shop.php"] == b"<?php // changed"
    assert await archives(on_google, bucket) == 2, "who runs starts others of its kind"
    await on_google.cloud.buckets.forget(ID, FILES)
    await on_google.cloud.buckets.settle(ID)
    assert await code.current(on_google.google, bucket) is None
    assert await archives(on_google, bucket) == 0


async def test_what_a_site_writes_into_its_bucket_is_not_what_its_next_container_runs(
    on_google: Simulated,
) -> None:
    bucket = (await on_google.cloud.buckets.ensure(ENVIRONMENT)).name
    await put(on_google, FILES)
    await on_google.cloud.buckets.settle(ID)
    own = await code.current(on_google.google, bucket)
    assert own is not None
    for name in ("code/current", code.name_of("0" * 64), "code/files/plugins/shop/shop.php"):
        await on_google.google.upload(bucket, name, b"<?php // worse")
    assert await code.current(on_google.google, bucket) == own
    await on_google.google.delete("storage", site_files.object_path(bucket, code.name_of(own.sha256)))
    await put(on_google, FILES)
    await on_google.cloud.buckets.settle(ID)
    assert await archive_of(on_google, bucket) == FILES, "made anew where it was taken away"
    assert await on_google.cloud.buckets.existing() == {ID}


async def test_nothing_else_of_ours_is_a_file_of_the_sites(on_google: Simulated) -> None:
    bucket = (await on_google.cloud.buckets.ensure(ENVIRONMENT)).name
    for name in (
        "mail/abcdefghijkl.eml",
        "kept-mail/x",
        "backups/a.sql",
        "code/current",
        "uploads/",
        "uploads/a/",
    ):
        await on_google.google.upload(bucket, name, b"" if name.endswith("/") else b"{}")
    await on_google.google.upload(bucket, "uploads/two\u2028lines", b"x")
    found = await on_google.cloud.buckets.files(ID)
    assert (found, set(found.left_out)) == ({}, {"uploads/two\\u2028lines"})
    with pytest.raises(CloudRefused):
        await anext(on_google.cloud.buckets.read(ID, "current"))


async def test_what_google_knows_no_md5_of_is_read(on_google: Simulated) -> None:
    bucket = (await on_google.cloud.buckets.ensure(ENVIRONMENT)).name
    await put(on_google, {"uploads/composed": b"of parts"})
    for one in on_google.simulator.world.store.under(f"storage/b/{bucket}/o"):
        del one.content["md5Hash"]
    digest = hashlib.md5(b"of parts", usedforsecurity=False).hexdigest()
    assert await on_google.cloud.buckets.files(ID) == {"uploads/composed": Stored(8, digest)}


async def test_an_upload_of_which_a_piece_is_lost_is_not_taken_for_whole(on_google: Simulated) -> None:
    await on_google.cloud.buckets.ensure(ENVIRONMENT)
    on_google.simulator.world.faults.planned.append(parse_fault("503:storage.objects.insert:1:2"))
    with pytest.raises(CloudBusy):
        await put(on_google, {"uploads/large": bytes(7 * 2**20)})
    assert await on_google.cloud.buckets.files(ID) == {}
    await put(on_google, {"uploads/large": bytes(7 * 2**20)})
    assert (await on_google.cloud.buckets.files(ID))["uploads/large"].size == 7 * 2**20


async def test_more_code_than_memory_is_refused_in_words_before_anything_is_moved(
    on_google: Simulated,
) -> None:
    fits = {"plugins/x/x.php": Stored(code.MOST, "")}
    await on_google.cloud.buckets.check_fits({**fits, "uploads/film.mp4": Stored(10**12, "")})
    for files in ({**fits, "a": Stored(1, "")}, {f"plugins/x/{n}": Stored(1, "") for n in range(40_000)}):
        with pytest.raises(CloudRefused, match=r"150 MB is the most.*nothing was moved"):
            await on_google.cloud.buckets.check_fits(files)
    assert site_files.of_code(fits) == fits


def test_a_service_without_code_of_its_own_is_as_it_always_was() -> None:
    body = services.service(PARTS, PLACE).body
    assert "AIPRESS_CODE" not in str(body)
    assert {one["name"] for one in at(body, "template.volumes")} == {"uploads", "mail"}  # type: ignore[attr-defined]


def test_a_service_with_code_reads_it_and_has_memory_for_it() -> None:
    wanted = services.service(replace(PARTS, code=OWN_CODE), PLACE)
    (container,) = at(wanted.body, "template.containers")  # type: ignore[misc]
    volumes = {one["name"]: one for one in at(wanted.body, "template.volumes")}  # type: ignore[attr-defined]
    assert volumes["code"]["gcs"]["readOnly"] is True
    assert "only-dir=code" in volumes["code"]["gcs"]["mountOptions"]
    assert volumes["own"]["emptyDir"] == {"medium": "MEMORY", "sizeLimit": "128Mi"}
    assert container["resources"]["limits"]["memory"] == "1152Mi", "the tier's 1024 and what lies in memory"
    assert {"name": "AIPRESS_CODE", "value": OWN_CODE.sha256} in container["env"]
    without = services.service(PARTS, PLACE)
    built = [at(one.body, "annotations.aipress-built") for one in (wanted, without)]
    assert built[0] != built[1], "the service is changed where its code is"


async def test_a_site_gets_its_code_when_its_runtime_is_ensured(on_google: Simulated) -> None:
    await on_google.cloud.vault.ensure(ENVIRONMENT)
    bucket = await on_google.cloud.buckets.ensure(ENVIRONMENT)
    service = await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
    assert await variable(on_google, service.name) == ""
    await put(on_google, FILES)
    await on_google.cloud.buckets.settle(ID)
    own = await code.current(on_google.google, bucket.name)
    assert own is not None
    for _ in range(2):
        await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
        assert await variable(on_google, service.name) == own.sha256
    revisions = await revision(on_google, service.name)
    await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
    assert await revision(on_google, service.name) == revisions
    await on_google.cloud.buckets.forget(ID, FILES)
    await on_google.cloud.buckets.settle(ID)
    await on_google.cloud.runtime.ensure(ENVIRONMENT, bucket)
    assert await variable(on_google, service.name) == ""


async def variable(on: Simulated, service: str) -> str:
    (container,) = at(await on.google.read("run", f"/v2/{service}"), "template.containers")  # type: ignore[misc]
    return "".join(one["value"] for one in container["env"] if one["name"] == "AIPRESS_CODE")


async def revision(on: Simulated, service: str) -> object:
    return (await on.google.read("run", f"/v2/{service}"))["latestCreatedRevision"]


async def archives(on: Simulated, bucket: str) -> int:
    query = {"prefix": "code/", "delimiter": "/"}
    found = await on.google.read_all("storage", f"/storage/v1/b/{bucket}/o", "items", query)
    return sum(str(one["name"]).endswith(".tar.gz") for one in found)
