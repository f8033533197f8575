"""A text kept where others may read it, such as a row: sealed with AES-256-GCM and a key in a file of its own (0600).

Whose it is, is authenticated with it: a text moved to somebody else does not open.
"""

import base64
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from aipress.kit.sealed import KEY_BYTES, Unreadable, write_once

NONCE = 12


@dataclass(frozen=True)
class TextSeal:
    """Seals and opens with the key in this file, which is made when it is first needed."""

    key_file: Path

    def seal(self, whose: str, text: str) -> str:
        nonce = secrets.token_bytes(NONCE)
        return base64.b64encode(nonce + self._cipher().encrypt(nonce, text.encode(), whose.encode())).decode()

    def open(self, whose: str, sealed: str) -> str:
        """Raises Unreadable for what this key, or for somebody else, did not seal."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            return self._cipher().decrypt(raw[:NONCE], raw[NONCE:], whose.encode()).decode()
        except (ValueError, InvalidTag) as error:
            raise Unreadable("A sealed text does not open.") from error

    def _cipher(self) -> AESGCM:
        if not self.key_file.exists():
            self.key_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_once(self.key_file, secrets.token_bytes(KEY_BYTES))
            self.key_file.chmod(0o600)
        return AESGCM(self.key_file.read_bytes())
