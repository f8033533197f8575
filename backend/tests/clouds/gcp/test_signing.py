"""Signed URLs: ours are those of Google's own library, and open on the simulator what they say, as long as they say it."""

import base64
import hashlib
import json
import threading
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from google.cloud.storage import _signing
from google.oauth2 import service_account

from aipress.clouds.gcp.answers import Gone
from aipress.clouds.gcp.google import Google
from aipress.clouds.gcp.resources import Unbuildable
from aipress.clouds.gcp.signing import GOOGLE, Wish, draft, signed_url
from gcpsim.machines.buckets import Buckets
from gcpsim.server import listening, new_world
from gcpsim.simulator import Simulator

EMAIL = "w1@shard-1.iam.gserviceaccount.com"
NOW = datetime(2026, 11, 28, 20, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WISHES = [
    Wish("GET", "media", "2026/11/cat.jpg", HOUR),
    Wish("GET", "media", "a cat + ü & ~'(1)!*.jpg", timedelta(days=7)),
    Wish("GET", "media", "a", HOUR, query={"response-content-disposition": 'attachment; filename="a b.txt"'}),
    Wish("PUT", "media", "a", HOUR, {"Content-Type": "image/jpeg", "x-goog-content-length-range": "0,5"}),
    Wish("PUT", "media", "a", HOUR, {"x-goog-meta-Of": "  a   b "}),
    Wish("RESUMABLE", "media", "a/film.mp4", HOUR, {"Content-Type": "video/mp4"}),
    Wish("DELETE", "media", "a", timedelta(seconds=1)),
]


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


@pytest.mark.parametrize("base", [GOOGLE, "http://127.0.0.1:8099/storage-xml"])
@pytest.mark.parametrize("wish", WISHES)
def test_a_url_is_the_one_googles_library_makes(key: rsa.RSAPrivateKey, wish: Wish, base: str) -> None:
    pem = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
    told = {"client_email": EMAIL, "private_key": pem, "token_uri": "https://oauth2.googleapis.com/token"}
    theirs = _signing.generate_signed_url_v4(
        service_account.Credentials.from_service_account_info(told),
        resource=f"/{wish.bucket}/{quote(wish.name, safe=b'/~')}",
        expiration=wish.lasts,
        api_access_endpoint=base,
        method=wish.method,
        headers=dict(wish.headers),
        query_parameters=dict(wish.query),
        _request_timestamp=f"{NOW:%Y%m%dT%H%M%SZ}",
    )
    drafted = draft(wish, EMAIL, NOW, base)
    signature = key.sign(drafted.to_sign.encode(), padding.PKCS1v15(), hashes.SHA256())
    assert drafted.signed(signature) == theirs


@pytest.mark.parametrize("lasts", [timedelta(0), timedelta(days=7, seconds=1), -HOUR])
def test_a_url_lasts_a_week_at_most(lasts: timedelta) -> None:
    with pytest.raises(Unbuildable):
        draft(Wish("GET", "media", "a", lasts), EMAIL, NOW)


SITE = "w1-site@shard-1.iam.gserviceaccount.com"


def allow(client: httpx.Client, account: str, role: str) -> None:
    policy = {"bindings": [{"role": role, "members": [f"serviceAccount:{account}"]}]}
    client.put("/storage/storage/v1/b/media/iam", json=policy).raise_for_status()


@pytest.fixture
def simulator(tmp_path: Any) -> Iterator[tuple[Simulator, httpx.Client]]:
    made = Simulator(new_world())
    made.world.files = Buckets(tmp_path)
    server = listening(made)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_address[1]}", trust_env=False) as client:
        client.post("/storage/storage/v1/b?project=shard-1", json={"name": "media"}).raise_for_status()
        client.post(
            "/iam/v1/projects/shard-1/serviceAccounts", json={"accountId": "w1-site"}
        ).raise_for_status()
        allow(client, SITE, "roles/storage.objectUser")
        yield made, client
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
async def google(simulator: tuple[Simulator, httpx.Client]) -> AsyncIterator[Google]:
    asking = Google(str(simulator[1].base_url))
    yield asking
    await asking.aclose()


def now_of(simulator: Simulator) -> datetime:
    return datetime.fromtimestamp(simulator.world.clock.now(), UTC)


async def test_who_has_a_url_writes_and_reads_one_object(
    simulator: tuple[Simulator, httpx.Client], google: Google
) -> None:
    made, client = simulator
    headers = {"content-type": "image/jpeg", "x-goog-content-length-range": "0,5"}
    up = await signed_url(google, Wish("PUT", "media", "2026/a b.jpg", HOUR, headers), SITE, now_of(made))
    assert client.put(up, content=b"too long", headers=headers).status_code == 400
    put = client.put(up, content=b"cat", headers=headers)
    assert (put.status_code, put.headers["etag"]) == (200, f'"{hashlib.md5(b"cat").hexdigest()}"')  # noqa: S324
    down = await signed_url(google, Wish("GET", "media", "2026/a b.jpg", HOUR), SITE, now_of(made))
    read = client.get(down)
    assert (read.content, read.headers["content-type"]) == (b"cat", "image/jpeg")
    assert client.get(down, headers={"Range": "bytes=1-"}).content == b"at"
    assert client.get(down, headers={"If-None-Match": read.headers["etag"]}).status_code == 304
    named = Wish("GET", "media", "2026/a b.jpg", HOUR, query={"response-content-type": "text/plain"})
    assert (
        client.get(await signed_url(google, named, SITE, now_of(made))).headers["content-type"]
        == "text/plain"
    )
    look = await signed_url(google, Wish("HEAD", "media", "2026/a b.jpg", HOUR), SITE, now_of(made))
    assert (client.head(look).headers["content-length"], client.head(look).content) == ("3", b"")
    away = await signed_url(google, Wish("DELETE", "media", "2026/a b.jpg", HOUR), SITE, now_of(made))
    assert [client.delete(away).status_code, client.delete(away).status_code] == [204, 404]
    assert client.get(down).status_code == 404
    assert "X-Goog-Signature" not in client.get("/_gcpsim/journal").text


async def test_an_upload_in_pieces_is_started_by_a_url(
    simulator: tuple[Simulator, httpx.Client], google: Google
) -> None:
    made, client = simulator
    start = await signed_url(google, Wish("RESUMABLE", "media", "film", HOUR), SITE, now_of(made))
    assert client.post(start).status_code == 400
    begun = client.post(start, headers={"x-goog-resumable": "start"})
    assert begun.status_code == 201
    here = begun.headers["location"]
    assert client.put(here, content=b"abcd", headers={"Content-Range": "bytes 0-3/*"}).status_code == 308
    assert client.put(here, content=b"ef", headers={"Content-Range": "bytes 4-5/6"}).status_code == 200
    down = await signed_url(google, Wish("GET", "media", "film", HOUR), SITE, now_of(made))
    assert client.get(down).content == b"abcdef"
    assert client.put(here, content=b"x").status_code == 403


def code(answer: httpx.Response) -> tuple[int, str]:
    assert answer.text.startswith("<?xml version='1.0' encoding='UTF-8'?><Error><Code>"), answer.text
    return answer.status_code, answer.text.split("<Code>")[1].split("</Code>")[0]


async def test_a_url_that_was_altered_opens_nothing(
    simulator: tuple[Simulator, httpx.Client], google: Google
) -> None:
    made, client = simulator
    for name in ("a", "b"):
        client.post(f"/storage/upload/storage/v1/b/media/o?uploadType=media&name={name}", content=b"x")
    url = await signed_url(google, Wish("GET", "media", "a", HOUR), SITE, now_of(made))
    assert client.get(url).status_code == 200
    wrong = (403, "SignatureDoesNotMatch")
    assert code(client.get(url.replace("/media/a?", "/media/b?"))) == wrong
    assert code(client.get(url.replace("Expires=3600", "Expires=3601"))) == wrong
    assert code(client.get(url.replace("w1-site", "w2-site"))) == wrong
    assert code(client.get(f"{url}&response-content-type=text/html")) == wrong
    assert code(client.put(url, content=b"mine")) == wrong
    assert code(client.delete(url)) == wrong
    assert code(client.get(f"{url[:-2]}{'00' if url[-2:] != '00' else '01'}")) == wrong
    assert code(client.get(url, headers={"Host": f"localhost:{client.base_url.port}"})) == wrong
    assert code(client.get(url, headers={"x-goog-user-project": "p"})) == (403, "AccessDenied")
    assert code(client.get(url.split("?")[0])) == (403, "AccessDenied")
    assert code(client.get(url.replace("Expires=3600", "Expires=604801"))) == (400, "MalformedSecurityHeader")
    assert code(client.get(url.replace("X-Goog-Date", "X-Goog-Day"))) == (400, "MalformedSecurityHeader")


async def test_a_url_ends_with_its_time_and_with_its_account(
    simulator: tuple[Simulator, httpx.Client], google: Google
) -> None:
    made, client = simulator
    client.post("/storage/upload/storage/v1/b/media/o?uploadType=media&name=a", content=b"x")
    url = await signed_url(google, Wish("GET", "media", "a", HOUR), SITE, now_of(made))
    early = await signed_url(google, Wish("GET", "media", "a", HOUR), SITE, now_of(made) + HOUR)
    assert code(client.get(early)) == (403, "RequestTimeTooSkewed")
    made.world.clock.pass_time(3599)
    assert client.get(url).status_code == 200
    made.world.clock.pass_time(2)
    assert code(client.get(url)) == (400, "ExpiredToken")
    url = await signed_url(google, Wish("GET", "media", "a", HOUR), SITE, now_of(made))
    client.delete(f"/iam/v1/projects/shard-1/serviceAccounts/{SITE}").raise_for_status()
    assert code(client.get(url)) == (403, "SignatureDoesNotMatch")
    with pytest.raises(Gone):
        await signed_url(google, Wish("GET", "media", "a", HOUR), SITE, now_of(made))


async def test_a_url_is_worth_what_its_signer_may(
    simulator: tuple[Simulator, httpx.Client], google: Google
) -> None:
    made, client = simulator
    upload = "/storage/upload/storage/v1/b/media/o?uploadType=media&name=a"
    client.post(upload, content=b"x").raise_for_status()
    read, write, new, away = [
        await signed_url(google, wish, SITE, now_of(made))
        for wish in (
            Wish("GET", "media", "a", HOUR),
            Wish("PUT", "media", "a", HOUR),
            Wish("PUT", "media", "b", HOUR),
            Wish("DELETE", "media", "a", HOUR),
        )
    ]
    allow(client, SITE, "roles/storage.objectViewer")
    assert client.get(read).content == b"x"
    for refused in (client.put(write, content=b"y"), client.put(new, content=b"y"), client.delete(away)):
        assert code(refused) == (403, "AccessDenied")
    allow(client, SITE, "roles/storage.objectCreator")
    assert client.put(new, content=b"y").status_code == 200
    assert [code(client.put(write, content=b"y")), code(client.get(read))] == [(403, "AccessDenied")] * 2


async def test_a_signature_is_checked_with_the_certificate_google_publishes(
    simulator: tuple[Simulator, httpx.Client],
) -> None:
    _, client = simulator
    body = {"payload": base64.b64encode(b"told").decode()}
    said = client.post(f"/iamcredentials/v1/projects/-/serviceAccounts/{SITE}:signBlob", json=body).json()
    published = client.get(f"/robot/v1/metadata/x509/{SITE}").json()
    from cryptography import x509

    public = x509.load_pem_x509_certificate(published[said["keyId"]].encode()).public_key()
    assert isinstance(public, rsa.RSAPublicKey)
    public.verify(base64.b64decode(said["signedBlob"]), b"told", padding.PKCS1v15(), hashes.SHA256())
    assert client.get("/robot/v1/metadata/x509/none@shard-1.iam.gserviceaccount.com").status_code == 404


def test_googles_library_signs_with_a_key_the_simulator_gave(
    simulator: tuple[Simulator, httpx.Client],
) -> None:
    made, client = simulator
    client.post("/storage/upload/storage/v1/b/media/o?uploadType=media&name=a", content=b"x")
    given = client.post(f"/iam/v1/projects/shard-1/serviceAccounts/{SITE}/keys", json={}).json()
    told = json.loads(base64.b64decode(given["privateKeyData"]))
    assert told["private_key"] not in str([one.hidden for one in made.world.store.everything()])
    url = _signing.generate_signed_url_v4(
        service_account.Credentials.from_service_account_info(told),
        resource="/media/a",
        expiration=HOUR,
        api_access_endpoint=f"{str(client.base_url).rstrip('/')}/storage-xml",
        _request_timestamp=f"{now_of(made):%Y%m%dT%H%M%SZ}",
    )
    assert client.get(url).content == b"x"
    client.delete(f"/iam/v1/{given['name']}").raise_for_status()
    assert code(client.get(url)) == (403, "SignatureDoesNotMatch")


def test_googles_own_host_names_find_the_object(simulator: tuple[Simulator, httpx.Client]) -> None:
    _, client = simulator
    client.post("/storage/upload/storage/v1/b/media/o?uploadType=media&name=a/b", content=b"x")
    who = {"Authorization": "Bearer x"}
    assert client.get("/media/a/b", headers={**who, "Host": "storage.googleapis.com"}).content == b"x"
    assert client.get("/a/b", headers={**who, "Host": "media.storage.googleapis.com"}).content == b"x"
    listed = client.get("/storage/v1/b/media/o", headers={"Host": "storage.googleapis.com"})
    assert [one["name"] for one in listed.json()["items"]] == ["a/b"]
    body = {"name": "media-2"}
    made = client.post("/storage/v1/b?project=p", json=body, headers={"Host": "storage.googleapis.com"})
    assert made.status_code == 200
    assert (
        client.put(
            "/storage-xml/media/a.json", content=b"{", headers={**who, "Content-Type": "application/json"}
        ).status_code
        == 200
    )
