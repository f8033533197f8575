"""A site's address wherever it is written: in text, in JSON, in URLs within URLs, in PHP's serialised values, and in those of those.

Only the origin is exchanged (scheme, host, port), and only where it ends there: `http://a.test` is no part of `http://a.test.org`.
"""

import re
from urllib.parse import urlsplit

from aipress.clouds.wordpress.php_values import NotSerialised
from aipress.clouds.wordpress.php_writing import rewritten
from aipress.errors import CloudRefused

DEEPEST = 64
SERIALISED = re.compile(rb"\s*(?:[aCEO]:\d+:|s:\d+:\")")
# What would make it another host, or another port of it.
GOES_ON = rb"(?![\w-]|\.\w|\\u002d)"
# JSON escapes slashes, once more for each JSON it is in. An address may leave its scheme out, but not in the middle of another.
PLAIN = rb"(?:https?:|(?<![:\w\\/])|(?<=\\u0022)|(?<=\\u0027))(?P<slash>\\*/)(?P=slash)"
ENCODED = rb"https?(?P<percent>%(?:25)*)3a(?P=percent)2f(?P=percent)2f"


class Readdressed:
    """One address in place of another; both begin with http:// or https://."""

    def __init__(self, old: str, new: str) -> None:
        was, self.new = urlsplit(old), urlsplit(new)
        self.host = was.hostname or ""
        if not self.host or not self.new.hostname:
            raise CloudRefused(f"“{old[:200]}” and “{new[:200]}” have to be addresses.")
        # A block's attributes have no two dashes in a row, since a comment of HTML could end there.
        host = re.escape(self.host.encode()).replace(rb"\-", rb"(?:-|\\u002d)")
        port = str(was.port).encode() if was.port else b""
        plain = host + (b":" + port + GOES_ON if port else GOES_ON + rb"(?!:\d)")
        encoded = host + (b"(?P=percent)3a" + port + GOES_ON if port else GOES_ON + rb"(?!(?P=percent)3a\d)")
        self.plain = re.compile(PLAIN + plain, re.IGNORECASE)
        self.encoded = re.compile(ENCODED + encoded, re.IGNORECASE)

    def value(self, text: bytes, depth: int = 0) -> bytes:
        """A value as WordPress keeps it, with the new address; the very same where the old one isn't in it."""
        changed = self.in_text(text)
        if changed == text or not SERIALISED.match(text):
            return changed
        if depth == DEEPEST:
            return text
        try:
            return rewritten(text, lambda inner: self.value(inner, depth + 1))
        except NotSerialised:
            return changed

    def in_text(self, text: bytes) -> bytes:
        """The same of text that is nothing but text."""
        changed = self.plain.sub(self._plain, text)
        return self.encoded.sub(self._encoded, changed) if b"%" in changed else changed

    def _plain(self, found: "re.Match[bytes]") -> bytes:
        scheme = f"{self.new.scheme}:".encode() if found[0][:4].lower() == b"http" else b""
        return scheme + 2 * found["slash"] + self.new.netloc.encode()

    def _encoded(self, found: "re.Match[bytes]") -> bytes:
        percent = found["percent"].decode()
        said = f"{self.new.scheme}:2F2F{self.new.netloc}".replace(
            ":2F2F", f"{percent}3A{percent}2F{percent}2F", 1
        )
        return said.replace(":", f"{percent}3A").encode()
