"""Reads an S3 access record into its columns, from a line of text or a JSON object.

Columns have the names of the JSON form, which CloudWatch Logs receives:
https://docs.aws.amazon.com/AmazonS3/latest/userguide/sal-cw-log-format.html
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from logcore.errors import MalformedError
from logcore.formats.web import columns
from logcore.record import LogRecord
from logcore.shape import json_object

COLUMNS = tuple(
    name
    for line in (
        "bucket_owner_id bucket_name request_time remote_ip requester request_id operation",
        "key_name request_uri http_status error_code bytes_sent object_size total_time",
        "turn_around_time referrer user_agent version_id host_id signature_version cipher_suite",
        "authentication_type host_header tls_version access_point_arn acl_required source_region",
    )
    for name in line.split()
)
_SPELT_OTHERWISE = {
    "bytes_sent_size": "bytes_sent",
    "referer": "referrer",
    "total_duration": "total_time",
    "turn_around_duration": "turn_around_time",
}
"""Names that deliveries use for columns that are called otherwise here."""

LEAST = 17  # up to the user agent: what AWS wrote at first

# Referrer and user agent are the client's words and hold any quote, and no column after them does:
# so the last quote of the line ends the user agent, and nobody can move what S3 says itself.
_LINE = re.compile(
    r"(\S+) (\S+) \[([^\]]*)\] (\S+) (\S+) (\S+) (\S+) (\S+) "
    r'("[^"]*(?:"(?! (?:\d{3}|-) )[^"]*)*"|-) (\S+) (\S+) (\S+) (\S+) (\S+) (\S+) '
    r'("[^"]*(?:"(?! ["-])[^"]*)*"|-) (".*"|-)((?: [^\s"]+)*)\s*'
)
_OPERATION = re.compile(r"[A-Z0-9]+\.[A-Z0-9_.]+")  # REST.GET.OBJECT, S3.EXPIRE.OBJECT


class Read(NamedTuple):
    """What was found in a record.

    Attributes:
        entry: Its columns as text, without those that hold nothing (``-``).
        raw: What to keep of it: the columns, or the JSON object as it came.
    """

    entry: dict[str, str]
    raw: Mapping[str, Any]


def read(record: LogRecord) -> Read:
    """The columns of a record.

    Raises:
        MalformedError: a quote has no end (``quote_open``), there are too few columns
            (``column_count``), or no operation stands where it should (``format_unknown``).
    """
    if record.body is not None or record.message.lstrip()[:1] in {"{", "["}:
        raw = json_object(record)
        entry = {_SPELT_OTHERWISE.get(k, k): str(v) for k, v in raw.items() if _holds(v)}
    else:
        raw = entry = _from_line(record.message)
    if not _OPERATION.fullmatch(entry.get("operation", "")) or "bucket_name" not in entry:
        detail = f"expected a bucket and its operation, found {record.message[:40]!r}"
        raise MalformedError("format_unknown", detail)
    return Read(entry, raw)


def _from_line(line: str) -> dict[str, str]:
    values = _split(line) or columns(line)
    if values is None:
        raise MalformedError("quote_open", "expected every quote to end before a blank")
    if len(values) < LEAST:
        detail = f"expected at least {LEAST} columns, found {len(values)}"
        raise MalformedError("column_count", detail)
    names = (*COLUMNS, *(f"column_{n}" for n in range(len(COLUMNS), len(values))))
    return {k: v for k, v in zip(names, values, strict=False) if _holds(v)}


def _split(line: str) -> list[str]:
    match = _LINE.fullmatch(line)
    if match is None:
        return []
    *values, rest = match.groups()
    quoted = (v[1:-1] if v.startswith('"') and v.endswith('"') else v for v in values)
    return [*quoted, *rest.split()]


def _holds(value: object) -> bool:
    return isinstance(value, str | int | float) and value not in {"", "-"}
