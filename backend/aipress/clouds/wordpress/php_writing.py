"""PHP's serialised values (`serialize()`), written anew with other strings in them; all else stays as it is, byte for byte.

Lengths count bytes. Keys, names of classes, and what a class wrote in a form of its own are not touched.
"""

from collections.abc import Callable

from aipress.clouds.wordpress.php_values import LENGTH, WORDS, NotSerialised

Change = Callable[[bytes], bytes]


def rewritten(text: bytes, change: Change) -> bytes:
    """The one value the text is, with each string in it changed. White space around it stays. Raises NotSerialised."""
    value = text.strip()
    if not value:
        raise NotSerialised("there is nothing")
    before, _, after = text.partition(value)
    return before + _Writer(value, change).whole() + after


class _Writer:
    """`open`: of each array and object it is in, how many keys and values are still to come."""

    def __init__(self, text: bytes, change: Change) -> None:
        self.text, self.change, self.at = text, change, 0
        self.open: list[int] = []
        self.written: list[bytes] = []

    def whole(self) -> bytes:
        """However deep it is: what is open is counted, not called."""
        self._piece(is_key=False)
        while self.open:
            if self.open[-1] == 0:
                self._same(b"}")
                self.open.pop()
            else:
                self.open[-1] -= 1
                self._piece(is_key=self.open[-1] % 2 == 1)
        if self.at != len(self.text):
            raise NotSerialised(f"more than one value: {len(self.text) - self.at} bytes are left")
        return b"".join(self.written)

    def _piece(self, is_key: bool) -> None:
        """A whole value, or the beginning of one that has others in it."""
        kind = self.text[self.at : self.at + 1]
        self._same(kind)
        if is_key and kind not in (b"i", b"s"):
            raise NotSerialised(f"no key before byte {self.at}")
        if kind == b"s":
            self._string(is_key)
        elif kind in WORDS:
            self._word(kind)
        elif kind in (b"a", b"O"):
            if kind == b"O":
                self._counted(b'"', b'"')
            self.open.append(2 * self._length())
            self._same(b"{")
        elif kind in (b"C", b"E"):
            self._counted(b'"', b'"')
            if kind == b"C":
                self._counted(b"{", b"}")
            else:
                self._same(b";")
        else:
            raise NotSerialised(f"no value at byte {self.at - 1}")

    def _string(self, is_key: bool) -> None:
        first = len(self.written)
        self._counted(b'"', b'"')
        self._same(b";")
        if not is_key:
            content = self.change(self.written[first + 2])
            self.written[first:] = [b":%d:" % len(content), b'"', content, b'";']

    def _counted(self, before: bytes, after: bytes) -> None:
        """As many bytes as are told, between these two."""
        length = self._length()
        self._same(before)
        self._same(self.text[self.at : self.at + length])
        self._same(after)

    def _word(self, kind: bytes) -> None:
        found = WORDS[kind].match(self.text, self.at)
        if not found:
            raise NotSerialised(f"no value of kind {kind.decode()} at byte {self.at}")
        self._same(found[0])

    def _length(self) -> int:
        found = LENGTH.match(self.text, self.at)
        if not found:
            raise NotSerialised(f"no length at byte {self.at}")
        self._same(found[0])
        return int(found[1])

    def _same(self, wanted: bytes) -> None:
        if not self.text.startswith(wanted, self.at):
            raise NotSerialised(f"no {wanted.decode(errors='replace')} at byte {self.at}")
        self.written.append(wanted)
        self.at += len(wanted)
