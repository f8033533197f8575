"""PHP's serialised values (`serialize()`), read strictly: what is not exactly that format is refused, whoever wrote it.

Lengths count bytes. Of objects, enums and references only that they are there is told: nothing of theirs is ever made. The format
is php-src's ext/standard/var.c.
"""

import re
from collections.abc import Callable, Iterator

DEEPEST = 64
Key = int | str
WORDS = {
    b"N": re.compile(rb";"),
    b"b": re.compile(rb":([01]);"),
    b"i": re.compile(rb":(-?(?:0|[1-9][0-9]{0,18}));"),
    b"d": re.compile(rb":(-?(?:[0-9]+(?:\.[0-9]*)?(?:E[+-]?[0-9]{1,4})?|INF)|NAN);"),
    b"r": re.compile(rb":([1-9][0-9]{0,8});"),
    b"R": re.compile(rb":([1-9][0-9]{0,8});"),
}
NUMBERS: dict[bytes, Callable[[bytes], object]] = {b"b": b"1".__eq__, b"i": int, b"d": float}
LENGTH = re.compile(rb":(0|[1-9][0-9]{0,8}):")


class NotSerialised(ValueError):
    """The bytes are no value as PHP writes them."""


class Opaque:
    """Something that only PHP can make sense of."""


class Reader:
    """Reads a text from its beginning. Every method raises NotSerialised."""

    def __init__(self, text: str) -> None:
        self.bytes, self.at = text.encode("utf-8", "surrogatepass"), 0

    def whole(self) -> object:
        """The one value the text is: None, bool, int, float, str, dict or Opaque."""
        found = self._value(0)
        if self.at != len(self.bytes):
            raise NotSerialised(f"more than one value: {len(self.bytes) - self.at} bytes are left")
        return found

    def entries(self) -> Iterator[tuple[Key, object]]:
        """The entries of the array the text is, one by one: whoever has seen enough need not read on."""
        self._expect(b"a")
        yield from self._entries(0)
        if self.at != len(self.bytes):
            raise NotSerialised("something comes after the array")

    def _value(self, depth: int) -> object:
        if depth > DEEPEST:
            raise NotSerialised("nested too deep")
        kind = self.bytes[self.at : self.at + 1]
        self.at += 1
        if kind in WORDS:
            return self._word(kind)
        if kind == b"s":
            text = self._string().decode("utf-8", "replace")
            self._expect(b";")
            return text
        if kind == b"a":
            return dict(self._entries(depth))
        return self._opaque(kind, depth)

    def _word(self, kind: bytes) -> object:
        found = WORDS[kind].match(self.bytes, self.at)
        if not found:
            raise NotSerialised(f"no value of kind {kind.decode()} at byte {self.at}")
        self.at = found.end()
        if kind == b"N":
            return None
        return NUMBERS[kind](found[1]) if kind in NUMBERS else Opaque()

    def _string(self) -> bytes:
        return self._raw(b'"', b'"')

    def _raw(self, before: bytes, after: bytes) -> bytes:
        """As many bytes as are told, between these two."""
        length = self._length()
        self._expect(before)
        found = self.bytes[self.at : self.at + length]
        self.at += length
        self._expect(after)
        return found

    def _entries(self, depth: int) -> Iterator[tuple[Key, object]]:
        count = self._length()
        self._expect(b"{")
        for _ in range(count):
            key = self._value(DEEPEST)
            if type(key) not in (int, str):
                raise NotSerialised(f"no key before byte {self.at}")
            yield key, self._value(depth + 1)  # type: ignore[misc]
        self._expect(b"}")

    def _opaque(self, kind: bytes, depth: int) -> Opaque:
        if kind not in (b"O", b"C", b"E"):
            raise NotSerialised(f"no value at byte {self.at - 1}")
        self._string()
        if kind == b"O":
            for _ in self._entries(depth):
                pass
        elif kind == b"C":
            self._raw(b"{", b"}")
        else:
            self._expect(b";")
        return Opaque()

    def _length(self) -> int:
        found = LENGTH.match(self.bytes, self.at)
        if not found:
            raise NotSerialised(f"no length at byte {self.at}")
        self.at = found.end()
        return int(found[1])

    def _expect(self, wanted: bytes) -> None:
        if not self.bytes.startswith(wanted, self.at):
            raise NotSerialised(f"no {wanted.decode()} at byte {self.at}")
        self.at += len(wanted)
