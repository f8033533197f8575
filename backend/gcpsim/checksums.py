"""CRC-32C, the checksum Google sends along with secrets and objects (RFC 3720, appendix B.4)."""

import base64
import hashlib

import google_crc32c


def crc32c(content: bytes) -> int:
    """The checksum as a number."""
    return int(google_crc32c.value(content))


def checksums(content: bytes) -> dict[str, str]:
    """Both checksums an object is shown with."""
    return {
        "crc32c": base64.b64encode(crc32c(content).to_bytes(4, "big")).decode(),
        "md5Hash": base64.b64encode(hashlib.md5(content, usedforsecurity=False).digest()).decode(),
    }
