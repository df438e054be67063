"""Reads what the raw archive holds: the stream's records, one after the other, untouched.

Firehose joins records without a separator. None is needed: a CloudWatch Logs envelope is a gzip
member, an EventBridge event is a JSON object, and both say themselves where they end.
"""

import json
import zlib
from collections.abc import Iterator

from logcore.errors import PayloadError
from logcore.transports import GZIP_MAGIC

_GZIP_WINDOW = 31  # zlib's wbits: 15 for the largest window, +16 for a gzip header


def split_archive(data: bytes) -> Iterator[bytes]:
    """The payloads of one archived object, in the order in which they reached the stream.

    Raises:
        PayloadError: at some offset neither a gzip member nor a JSON object begins, or it is cut.
    """
    start = 0
    while start < len(data):
        end = (
            _member_end(data, start)
            if data.startswith(GZIP_MAGIC, start)
            else _json_end(data, start)
        )
        yield data[start:end]
        start = end
        while data[start : start + 1].isspace():
            start += 1


def _member_end(data: bytes, start: int) -> int:
    reader = zlib.decompressobj(_GZIP_WINDOW)
    try:
        reader.decompress(memoryview(data)[start:])
    except zlib.error as error:
        raise PayloadError("archive_unreadable", f"at byte {start}: {error}") from error
    if not reader.eof:
        raise PayloadError("archive_unreadable", f"at byte {start}: a gzip member without its end")
    return len(data) - len(reader.unused_data)


def _json_end(data: bytes, start: int) -> int:
    """Find where the object ends by its braces; quotes hide those that are text."""
    if data[start : start + 1] != b"{":
        found = data[start : start + 8]
        raise PayloadError(
            "archive_unreadable", f"at byte {start}: expected gzip or JSON: {found!r}"
        )
    text = data[start:].decode("utf-8", "surrogateescape")
    try:
        _, length = json.JSONDecoder().raw_decode(text)
    except ValueError as error:
        raise PayloadError("archive_unreadable", f"at byte {start}: {error}") from error
    return start + len(text[:length].encode("utf-8", "surrogateescape"))
