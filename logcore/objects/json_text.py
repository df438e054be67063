"""Finds where JSON values end, without decoding them, in text that is longer than memory.

Only brackets, quotes and commas are looked at; what is between them is its parser's business. So a
record that is broken inside its brackets costs itself, and what follows is still found.
"""

import re
from collections.abc import Iterable, Iterator

from logcore.errors import PayloadError
from logcore.objects.piece import LARGEST_RECORD

_BLANKS = re.compile(rb"[ \t\r\n]*+")
_STRING = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_SCALAR = re.compile(rb"[-+.\w]*+")
_NO_BRACKET = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
"""Runs to the next bracket, over whole strings; stops before a string whose end is not there."""

_SHOWN = 8  # bytes of what stands where something else was expected


class JsonText:
    """A window on JSON text that moves forward; what lies behind its mark is forgotten.

    Args:
        chunks: The text, in any pieces.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self._data = bytearray()
        self._mark = 0  # in the window: from here on the text is kept
        self._at = 0  # in the window: what is looked at next
        self._before = 0  # bytes of the text that the window has left behind

    @property
    def at(self) -> int:
        """Byte of the whole text that is looked at next."""
        return self._before + self._at

    @property
    def marked(self) -> int:
        """Byte of the whole text where the mark stands."""
        return self._before + self._mark

    def mark(self) -> None:
        """Keep the text from here on."""
        self._mark = self._at

    def since_mark(self) -> bytes:
        """The text from the mark to here."""
        return bytes(self._data[self._mark : self._at])

    def kept(self, most: int) -> bytes:
        """The text from the mark on, also beyond here; at most so many bytes."""
        while len(self._data) - self._mark < most and self._add():
            pass
        return bytes(self._data[self._mark : self._mark + most])

    def peek(self) -> bytes:
        """The next byte that is no blank; nothing at the end of the text."""
        while True:
            self._at = _BLANKS.match(self._data, self._at).end()  # type: ignore[union-attr]  # matches nothing too
            if self._at < len(self._data):
                return bytes(self._data[self._at : self._at + 1])
            if not self._read_on():
                return b""

    def take(self, expected: bytes) -> bytes:
        """Pass over the next byte, which must be one of these.

        Raises:
            PayloadError: it is another (``object_malformed``), or there is none (``object_cut``).
        """
        found = self.peek()
        if not found:
            raise self.cut()
        if found not in expected:
            raise self.malformed(" or ".join(expected.decode()))
        self._at += 1
        return found

    def each(self, closing: bytes) -> Iterator[None]:
        """Stop before each member of the object, or item of the list, that begins here.

        Whoever asks passes over the member before asking for the next one.

        Raises:
            PayloadError: between two of them is no comma, or the end is missing.
        """
        self.peek()
        self._at += 1
        if self.peek() == closing:
            self._at += 1
            return
        while True:
            self.peek()
            yield
            if self.take(b"," + closing) == closing:
                return

    def key(self) -> bytes:
        """Pass over a member's name and its colon; the name without quotes, as it was written.

        Raises:
            PayloadError: there is none.
        """
        if self.peek() != b'"':
            raise self.malformed("a name in quotes") if self.peek() else self.cut()
        start = self.at
        self._string()
        name = bytes(self._data[start - self._before + 1 : self._at - 1])
        self.take(b":")
        return name

    def value(self) -> None:
        """Pass over one value, whatever it is.

        Raises:
            PayloadError: there is none, it has no end, or it is larger than a record may be.
        """
        first = self.peek()
        if first in (b"{", b"["):
            self._nested()
        elif first == b'"':
            self._string()
        else:
            self._scalar()
        if self._at - self._mark > LARGEST_RECORD:
            raise self._too_large()

    def cut(self) -> PayloadError:
        """The text ends before what began at the mark does."""
        return PayloadError("object_cut", f"at byte {self.marked}: JSON without its end")

    def malformed(self, expected: str) -> PayloadError:
        """Something else stands here than was expected."""
        while len(self._data) - self._at < _SHOWN and self._add():
            pass
        found = bytes(self._data[self._at : self._at + _SHOWN])
        detail = f"at byte {self.at}: expected {expected}, found {found!r}"
        return PayloadError("object_malformed", detail)

    def _nested(self) -> None:
        depth = 0
        while True:
            self._at = _NO_BRACKET.match(self._data, self._at).end()  # type: ignore[union-attr]  # matches nothing too
            if self._at == len(self._data) or self._data[self._at] == ord('"'):
                self._must_read_on()
                continue
            depth += 1 if self._data[self._at] in b"{[" else -1
            self._at += 1
            if depth == 0:
                return

    def _string(self) -> None:
        while not (found := _STRING.match(self._data, self._at)):
            self._must_read_on()
        self._at = found.end()

    def _scalar(self) -> None:
        while (end := _SCALAR.match(self._data, self._at).end()) == len(self._data):  # type: ignore[union-attr]  # matches nothing too
            if not self._read_on():
                break
        if end == self._at:
            raise self.malformed("a value") if self.peek() else self.cut()
        self._at = end

    def _too_large(self) -> PayloadError:
        detail = f"at byte {self.marked}: JSON of more than {LARGEST_RECORD} bytes"
        return PayloadError("record_too_large", detail)

    def _must_read_on(self) -> None:
        """Read at least as much again as waits to be understood, so that no text is read often."""
        wanted = len(self._data) - self._at
        if not self._read_on():
            raise self.cut()
        while len(self._data) - self._at < 2 * wanted and self._read_on():
            pass

    def _read_on(self) -> bool:
        """Add the next chunk, whether there was one, unless too much is kept already."""
        if len(self._data) - self._mark > LARGEST_RECORD:
            raise self._too_large()
        return self._add()

    def _add(self) -> bool:
        """Forget what is before the mark and add the next chunk; whether there was one."""
        chunk = next(self._chunks, b"")
        del self._data[: self._mark]
        self._before += self._mark
        self._at -= self._mark
        self._mark = 0
        self._data += chunk
        return bool(chunk)
