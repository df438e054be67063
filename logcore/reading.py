"""Takes a file apart into what can be normalised one by one, without being told what it holds.

That is a raw line, an envelope or event on a line of its own, an object printed over several lines,
or a payload of an archive object. Only one of them is in memory at a time.
"""

from collections.abc import Iterator
from itertools import chain
from typing import BinaryIO

from logcore.archive import payload_end
from logcore.codec import parse_json
from logcore.errors import PayloadError
from logcore.transports import GZIP_MAGIC

_CHUNK = 1_048_576  # bytes
_LARGEST = 16 * _CHUNK
"""A payload is no longer: Kinesis takes records of 10 MiB.
https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html"""


def pieces(stream: BinaryIO) -> Iterator[bytes]:
    """The lines or payloads of a file, in order; empty lines are left out.

    The first line decides: gzip, a lone ``{`` and objects that follow each other without a line
    break are payloads, everything else is lines.

    Raises:
        PayloadError: a payload is cut, or what follows one is none (``archive_unreadable``).
    """
    head = stream.readline(_CHUNK)
    while head.isspace():
        head = stream.readline(_CHUNK)
    if _begins_payloads(head):
        yield from _payloads(head, stream)
        return
    if not head.endswith(b"\n"):
        head += stream.readline()
    for line in chain((head,), stream):
        if bare := line.rstrip(b"\r\n"):
            yield bare


def is_wrapped(piece: bytes) -> bool:
    """Whether a transport's envelope is around the records, rather than one raw record."""
    if piece.startswith(GZIP_MAGIC):
        return True
    if b'"logEvents"' not in piece and b'"detail-type"' not in piece:
        return False
    try:
        body = parse_json(piece)
    except ValueError:
        return False
    return isinstance(body, dict) and ("logEvents" in body or {"detail-type", "detail"} <= {*body})


def _begins_payloads(head: bytes) -> bool:
    if head.startswith(GZIP_MAGIC) or head.strip() == b"{":
        return True
    if not head.startswith(b"{"):
        return False
    try:
        end = payload_end(head, 0)
    except PayloadError:
        return False
    return head[end:].lstrip().startswith((b"{", GZIP_MAGIC))


def _payloads(buffer: bytes, stream: BinaryIO) -> Iterator[bytes]:
    start = before = 0  # within the buffer; bytes of the file that were read before it
    while True:
        while buffer[start : start + 1].isspace():
            start += 1
        if start == len(buffer):
            buffer, before, start = stream.read(_CHUNK), before + start, 0
            if not buffer:
                return
            continue
        try:
            end = payload_end(buffer, start)
        except PayloadError as error:
            more = stream.read(_CHUNK)
            if not more or len(buffer) - start > _LARGEST:
                place = f"at byte {before + start}"
                detail = error.detail.replace(f"at byte {start}", place, 1)
                raise PayloadError(error.reason, detail) from error
            buffer, before, start = buffer[start:] + more, before + start, 0
            continue
        yield buffer[start:end]
        start = end
