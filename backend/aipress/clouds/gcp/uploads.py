"""Objects of any size, written a piece at a time: whole, or not at all. At most two pieces are in memory.

https://cloud.google.com/storage/docs/performing-resumable-uploads
"""

from collections.abc import AsyncIterable, AsyncIterator

import httpx

from aipress.clouds.gcp.google import Google
from aipress.errors import CloudBusy

PIECE = 2 * 2**20  # a multiple of 256 KiB, as Google wants it


async def write(google: Google, bucket: str, name: str, content: AsyncIterable[bytes], mime: str) -> None:
    """The object with this content, in place of what was there. Raises CloudBusy where Google took not all of it."""
    pieces = _even(content)
    piece, following = await anext(pieces, b""), await anext(pieces, None)
    if following is None:
        await google.upload(bucket, name, piece, mime)
        return
    address, start = await google.begin_upload(bucket, name, mime), 0
    while following is not None:
        answer = await google.send_piece(address, piece, f"bytes {start}-{start + len(piece) - 1}/*")
        start += len(piece)
        if answer.headers.get("range") != f"bytes=0-{start - 1}":
            raise CloudBusy("Google took not all of a piece of an object; write it again.")
        piece, following = following, await anext(pieces, None)
    total = start + len(piece)
    answer = await google.send_piece(address, piece, f"bytes {start}-{total - 1}/{total}")
    if answer.status_code == httpx.codes.PERMANENT_REDIRECT:
        raise CloudBusy("Google waits for more of an object than there is; write it again.")


async def _even(content: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in pieces of one size, the last as long as it is."""
    gathered = bytearray()
    async for some in content:
        gathered += some
        while len(gathered) >= PIECE:
            yield bytes(gathered[:PIECE])
            del gathered[:PIECE]
    if gathered:
        yield bytes(gathered)
