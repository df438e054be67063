"""Reads what the raw archive holds: the stream's records, one after the other, untouched.

Firehose joins records without a separator. None is needed: a CloudWatch Logs envelope is a gzip
member, an EventBridge event is a JSON object, a real-time log of CloudFront is a line, and each
says itself where it ends.
"""

import json
import re
import zlib
from collections.abc import Iterator

from logcore.errors import PayloadError
from logcore.transports import GZIP_MAGIC

_GZIP_WINDOW = 31  # zlib's wbits: 15 for the largest window, +16 for a gzip header
_TIMED_LINE = re.compile(rb"\d{10}\.\d{3}\t")
"""How a line of a real-time log begins: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/real-time-logs.html"""
_STEP = 65_536  # bytes; most payloads are shorter, and what is read beyond one is read again


def split_archive(data: bytes) -> Iterator[bytes]:
    """The payloads of one archived object, in the order in which they reached the stream.

    Raises:
        PayloadError: at some offset no payload begins, or it is cut; see ``payload_end``.
    """
    start = 0
    while start < len(data):
        end = payload_end(data, start)
        yield data[start:end]
        start = end
        while data[start : start + 1].isspace():
            start += 1


def payload_end(data: bytes, start: int) -> int:
    """Where the payload ends that begins at ``start``.

    Raises:
        PayloadError: neither a gzip member nor a JSON object nor a line with its time begins
            there, or it is cut.
    """
    if data.startswith(GZIP_MAGIC, start):
        return _member_end(data, start)
    if _TIMED_LINE.match(data, start):
        return _line_end(data, start)
    return _json_end(data, start)


def _member_end(data: bytes, start: int) -> int:
    """Find where the gzip member ends, reading in steps: an object holds thousands of members."""
    reader = zlib.decompressobj(_GZIP_WINDOW)
    position = start
    while not reader.eof and position < len(data):
        try:
            reader.decompress(data[position : position + _STEP])
        except zlib.error as error:
            raise PayloadError("archive_unreadable", f"at byte {start}: {error}") from error
        position = min(position + _STEP, len(data))
    if not reader.eof:
        raise PayloadError("archive_unreadable", f"at byte {start}: a gzip member without its end")
    return position - len(reader.unused_data)


def _line_end(data: bytes, start: int) -> int:
    found = data.find(b"\n", start)
    if found < 0:
        raise PayloadError("archive_unreadable", f"at byte {start}: a line without its end")
    return found + 1


def _json_end(data: bytes, start: int) -> int:
    """Find where the object ends, in a window that grows until it holds the whole of it."""
    if data[start : start + 1] != b"{":
        found = data[start : start + 8]
        raise PayloadError(
            "archive_unreadable", f"at byte {start}: expected gzip or JSON: {found!r}"
        )
    size = _STEP
    while True:
        text = data[start : start + size].decode("utf-8", "surrogateescape")
        try:
            _, length = json.JSONDecoder(strict=False).raw_decode(text)
        except ValueError as error:
            if start + size >= len(data):
                raise PayloadError("archive_unreadable", f"at byte {start}: {error}") from error
            size *= 2
        else:
            return start + len(text[:length].encode("utf-8", "surrogateescape"))
