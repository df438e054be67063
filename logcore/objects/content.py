"""The bytes of an object as its writer saw them: decompressed in steps, however large they become.

Reference: https://www.rfc-editor.org/rfc/rfc1952
"""

import zlib
from collections.abc import Iterable, Iterator
from itertools import chain

from logcore.errors import PayloadError
from logcore.transports import GZIP_MAGIC

STEP = 262_144  # bytes handed on at once, at most; a gzip of one letter is a thousand times smaller
GZIP_WINDOW = 31  # zlib's wbits: 15 for the largest window, +16 for a gzip header

UNREADABLE = {
    b"PAR1": "Apache Parquet",  # https://parquet.apache.org/docs/file-format/
    b"\x28\xb5\x2f\xfd": "Zstandard",  # RFC 8878, section 3.1.1
}
"""First bytes of what is no text and no gzip, by what it is."""

_LONGEST_MAGIC = max(map(len, UNREADABLE))


class Content:
    """What an object holds, in pieces of any length; gzip of one member or several is unpacked.

    Reading ends where the object ends or cannot be read on; everything up to the broken byte is
    given first, and the same for every way to cut the object into chunks.

    Args:
        chunks: The object as it is stored, in any pieces.

    Attributes:
        fault: Once read: why the object is incomplete, with the byte of the stored object;
            ``None`` when all of it was read.
    """

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.fault: PayloadError | None = None
        self._pieces = self._read(iter(chunks))

    def __iter__(self) -> Iterator[bytes]:
        """The pieces, none of them empty."""
        return self._pieces

    def head(self, size: int) -> bytes:
        """The first bytes, which will be read again; fewer where there are no more."""
        head, self._pieces = begun(self._pieces, size)
        return head[:size]

    def _read(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        head, whole = begun(chunks, _LONGEST_MAGIC)
        if head.startswith(GZIP_MAGIC):
            yield from self._unpacked(whole)
        elif name := _name_of(head):
            self.fault = PayloadError("object_format", f"at byte 0: expected text, found {name}")
        else:
            yield from filter(None, whole)

    def _unpacked(self, chunks: Iterator[bytes]) -> Iterator[bytes]:
        members = _Members()
        for chunk in chunks:
            yield from members.feed(chunk)
            if members.fault:
                break
        self.fault = members.fault or members.unfinished()


class _Members:
    """Gzip members, one after the other; bytes of zero between them are padding."""

    def __init__(self) -> None:
        self.fault: PayloadError | None = None
        self._reader = zlib.decompressobj(GZIP_WINDOW)
        self._data = b""
        self._fed = 0  # bytes of the object that have been given to ``feed``

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """What the object says up to the end of this chunk, or up to its fault."""
        self._fed += len(chunk)
        self._data += chunk
        while self.fault is None:
            if self._reader.eof and not self._next_member():
                return
            before = self._reader.copy()
            try:
                found = self._reader.decompress(self._data, STEP)
            except zlib.error as error:
                yield from self._up_to_the_fault(before, str(error))
                return
            self._data = self._reader.unconsumed_tail or self._reader.unused_data
            if found:
                yield found
            if not self._data and len(found) < STEP:
                return

    def unfinished(self) -> PayloadError | None:
        """The fault of an object that ends here, if it may not end here."""
        if self._reader.eof and not self._data:
            return None
        where = self._fed - len(self._data)
        return PayloadError("object_cut", f"at byte {where}: a gzip member without its end")

    def _next_member(self) -> bool:
        """Begin the next member, as soon as there is enough of it to know one."""
        self._data = self._data.lstrip(b"\0")
        if len(self._data) < len(GZIP_MAGIC):
            return False
        if self._data.startswith(GZIP_MAGIC):
            self._reader = zlib.decompressobj(GZIP_WINDOW)
            return True
        where, found = self._fed - len(self._data), self._data[:8]
        detail = f"at byte {where}: expected another gzip member, found {found!r}"
        self.fault = PayloadError("object_unreadable", detail)
        return False

    def _up_to_the_fault(self, reader: "zlib._Decompress", why: str) -> Iterator[bytes]:
        """Read again byte by byte: a failed step gives nothing of what came before its fault."""
        where = self._fed - len(self._data)
        for number in range(len(self._data)):
            try:
                found = reader.decompress(self._data[number : number + 1])
            except zlib.error:
                where += number
                break
            if found:
                yield found
        self.fault = PayloadError("object_unreadable", f"at byte {where}: {why}")


def begun(pieces: Iterator[bytes], size: int) -> tuple[bytes, Iterator[bytes]]:
    """At least so many bytes, where there are, and the whole that they are the beginning of."""
    head = bytearray()
    for piece in pieces:
        head += piece
        if len(head) >= size:
            break
    return bytes(head), chain((bytes(head),), pieces)


def _name_of(head: bytes) -> str | None:
    return next((name for magic, name in UNREADABLE.items() if head.startswith(magic)), None)
