"""Turns the bytes of an object into records, as they arrive."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from logcore.normalise import UNKNOWN
from logcore.objects.content import Content
from logcore.objects.keys import place_of
from logcore.objects.lines import lines
from logcore.objects.piece import Piece, Unread
from logcore.objects.values import holds_values, values
from logcore.record import LogRecord, Origin, Rejected

_HEAD = 65_536  # bytes by which the layout is decided
_JSON_BEGINS = (b"{", b"[", b" ", b"\t", b"\r", b"\n")
_DIRECTIVE = re.compile(r"#(?:Version|Fields|Software|Start-Date|End-Date|Date|Remark):")
"""Lines about the lines: https://www.w3.org/TR/WD-logfile"""

type IsHeader = Callable[[str], bool]
"""Whether the first line of an object names the columns of the others."""


def origin_of(bucket: str, key: str, etag: str = "") -> Origin:
    """The origin that all records of an object share."""
    account, region = place_of(key)
    return Origin(transport="s3", account=account, region=region, bucket=bucket, key=key, etag=etag)


def read_object(
    chunks: Iterable[bytes], origin: Origin, modified_ms: int, is_header: IsHeader
) -> Iterator[LogRecord | Rejected]:
    """The records of one object, in order; each has its number, from 1, as its id.

    Text is taken apart into lines, JSON that is a list of records or several objects into these. A
    header is no record: the records after it have it in their origin. What cannot be read is a
    reject that names the byte and has a number as well. Data never raises.

    Args:
        chunks: The object as it is stored, in any pieces; gzip is unpacked.
        origin: Of its records, see ``origin_of``.
        modified_ms: When the object was written, in milliseconds since the epoch.
        is_header: Asked about the first line.
    """
    number = 0
    for piece in _pieces(Content(chunks)):
        message = piece.text.decode("utf-8", "replace")
        if isinstance(piece, Piece) and _is_header(message, number, is_header):
            if not message.startswith("#") or message.startswith("#Fields:"):
                origin = replace(origin, header=message)
            continue
        number += 1
        record = LogRecord(str(number), modified_ms, message, origin)
        if isinstance(piece, Unread):
            yield Rejected(record, UNKNOWN, piece.reason, piece.detail)
        else:
            yield record


def _pieces(content: Content) -> Iterator[Piece | Unread]:
    """Records by the layout; text that cannot be JSON is not waited for."""
    may_be_json = content.head(1) in _JSON_BEGINS
    if may_be_json and holds_values(content.head(_HEAD)):
        return values(content)
    return lines(content)


def _is_header(message: str, records_before: int, is_header: IsHeader) -> bool:
    if message.startswith("#"):
        return _DIRECTIVE.match(message) is not None
    return records_before == 0 and is_header(message)
