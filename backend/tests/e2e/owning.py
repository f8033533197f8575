"""What the owner of a site does in its WordPress: comes in by a login link, publishes, uploads."""

import json
import re
import secrets
import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from tests.e2e.platform import Platform


@contextmanager
def signed_in(platform: Platform, slug: str) -> Iterator[httpx.Client]:
    """A browser that came in by a login link."""
    link = json.loads(platform.aipress("sites", "open", slug, "--json").stdout)["url"]
    with browser(platform, slug) as owner:
        assert owner.get(httpx.URL(link).raw_path.decode()).status_code == 302
        yield owner


def browser(platform: Platform, slug: str) -> httpx.Client:
    """One that keeps its cookies, at the edge's own address."""
    host = {"Host": f"{slug}.localhost:{platform.port}"}
    return httpx.Client(base_url=f"http://127.0.0.1:{platform.port}", headers=host, timeout=60)


def nonce(owner: httpx.Client) -> str:
    """What WordPress's REST API wants beside the cookie."""
    found = owner.get("/wp-admin/admin-ajax.php?action=rest-nonce").raise_for_status().text
    assert re.fullmatch(r"[0-9a-f]{10}", found)
    return found


def publish(owner: httpx.Client, picture: bytes) -> tuple[str, str]:
    """A post and an uploaded picture, as the editor does it; their paths."""
    headers = {"X-WP-Nonce": nonce(owner)}
    post = {"title": "Fresh bread", "content": "Warm at seven.", "status": "publish"}
    made = owner.post("/wp-json/wp/v2/posts", json=post, headers=headers).raise_for_status().json()
    kind = {"Content-Type": "image/png", "Content-Disposition": 'attachment; filename="loaf.png"'}
    media = (
        owner.post("/wp-json/wp/v2/media", content=picture, headers=headers | kind).raise_for_status().json()
    )
    return httpx.URL(made["link"]).path, httpx.URL(media["source_url"]).path


def png() -> bytes:
    """A real, small picture, different each time."""
    rows = b"".join(b"\x00" + secrets.token_bytes(48) for _ in range(16))
    parts = [
        (b"IHDR", struct.pack(">IIBBBBB", 16, 16, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(rows)),
        (b"IEND", b""),
    ]
    chunks = [
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
        for kind, body in parts
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)
