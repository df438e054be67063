"""Tells what a file holds, without being told, and takes joined payloads apart.

Files of records are read as objects are (``logcore.objects``). Objects of the raw archive are
something else: payloads of the stream, one after the other, packed and not. Only one payload is in
memory at a time.
"""

import re
import zlib
from collections.abc import Iterable, Iterator

from logcore.archive import payload_end
from logcore.codec import parse_json
from logcore.errors import PayloadError
from logcore.transports import GZIP_MAGIC

_LARGEST = 16 * 1_048_576
"""A payload is no longer: Kinesis takes records of 10 MiB.
https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"""

_GZIP_WINDOW = 31  # zlib's wbits: 15 for the largest window, +16 for a gzip header
_BEGINNING = 4_096  # bytes of an envelope; what names it stands before its log events
_ENVELOPE = re.compile(rb'\s*\{[^{\[]*"(?:messageType|logGroup|logEvents)"')


def is_archive(head: bytes) -> bool:
    """Whether a file that begins so is payloads of the stream, as the raw archive joins them."""
    if head.startswith(GZIP_MAGIC):
        return _ENVELOPE.match(_unpacked(head)) is not None
    if not head.startswith(b"{"):
        return False
    try:
        end = payload_end(head, 0)
    except PayloadError:
        return False
    return is_wrapped(head[:end]) and head[end:].startswith((b"{", GZIP_MAGIC))


def is_wrapped(piece: bytes) -> bool:
    """Whether a transport's envelope is around the records, rather than one raw record."""
    if b'"logEvents"' not in piece and b'"detail-type"' not in piece:
        return False
    try:
        body = parse_json(piece)
    except ValueError:
        return False
    return isinstance(body, dict) and ("logEvents" in body or {"detail-type", "detail"} <= {*body})


def payloads(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The payloads of an archive object that comes in pieces, in order.

    Raises:
        PayloadError: a payload is cut, or what follows one is none (``archive_unreadable``).
    """
    stream = iter(chunks)
    buffer, start, before = b"", 0, 0  # where in the buffer; bytes of the file that were before it
    while True:
        while buffer[start : start + 1].isspace():
            start += 1
        if start == len(buffer):
            buffer, before, start = next(stream, b""), before + start, 0
            if not buffer:
                return
            continue
        try:
            end = payload_end(buffer, start)
        except PayloadError as error:
            more = next(stream, b"")
            if not more or len(buffer) - start > _LARGEST:
                place = f"at byte {before + start}"
                detail = error.detail.replace(f"at byte {start}", place, 1)
                raise PayloadError(error.reason, detail) from error
            buffer, before, start = buffer[start:] + more, before + start, 0
            continue
        yield buffer[start:end]
        start = end


def _unpacked(head: bytes) -> bytes:
    """The first bytes of what was packed; none where it cannot be read."""
    try:
        return zlib.decompressobj(_GZIP_WINDOW).decompress(head, _BEGINNING)
    except zlib.error:
        return b""
