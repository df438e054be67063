"""Reads a CloudFront access record into its fields, from a line of text or a JSON object.

Fields have the names of standard logs, whichever log they are of.
"""

from collections.abc import Mapping
from typing import Any, NamedTuple

from logcore.errors import MalformedError
from logcore.record import LogRecord
from logcore.shape import json_object
from logcore.sources.cloudfront.realtime import REALTIME_FIELDS, STANDARD_NAMES, is_realtime

FIELDS = tuple(
    name
    for line in (
        "date time x-edge-location sc-bytes c-ip cs-method cs(Host) cs-uri-stem sc-status",
        "cs(Referer) cs(User-Agent) cs-uri-query cs(Cookie) x-edge-result-type x-edge-request-id",
        "x-host-header cs-protocol cs-bytes time-taken x-forwarded-for ssl-protocol ssl-cipher",
        "x-edge-response-result-type cs-protocol-version fle-status fle-encrypted-fields c-port",
        "time-to-first-byte x-edge-detailed-result-type sc-content-type sc-content-len",
        "sc-range-start sc-range-end",
    )
    for name in line.split()
)
"""In the order of https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logs-reference.html"""

LEAST = 24  # what lines had before 2019
HEADER = "#Fields:"


class Read(NamedTuple):
    """What was found in a record.

    Attributes:
        entry: Its fields as text, without those that hold nothing (``-``).
        raw: What to keep of it: the fields, or the JSON object as it came.
    """

    entry: dict[str, str]
    raw: Mapping[str, Any]


def read(record: LogRecord, realtime_fields: tuple[str, ...] = REALTIME_FIELDS) -> Read:
    """The fields of a record; ``realtime_fields`` are those of a line of a real-time log.

    Raises:
        MalformedError: it is a file's header and no request (``header_line``), has too few columns
            (``column_count``), or lacks an edge request id (``format_unknown``).
    """
    if is_realtime(record.message, realtime_fields):
        values = record.message.rstrip("\r\n").split("\t")
        raw = {k: v for k, v in zip(realtime_fields, values, strict=True) if _holds(v)}
        return Read({STANDARD_NAMES.get(key, key): value for key, value in raw.items()}, raw)
    if record.body is not None or record.message.lstrip()[:1] in {"{", "["}:
        raw = json_object(record)
        entry = {
            STANDARD_NAMES.get(key.lower(), key): str(value)
            for key, value in raw.items()
            if _holds(value)
        }
    else:
        raw = entry = _from_lines(record.message, record.origin.header)
    if "x-edge-request-id" not in entry:
        raise MalformedError("format_unknown", "expected a request with its x-edge-request-id")
    return Read(entry, raw)


def is_header(line: str) -> bool:
    """Whether a line names the fields of requests at the edge."""
    return line.startswith(HEADER) and "x-edge-" in line


def _from_lines(message: str, header: str) -> dict[str, str]:
    """The fields of a line; the object's header, or one in the same message, says which."""
    names = FIELDS
    *before, line = message.strip("\r\n").split("\n")
    for named in (header, *before):
        if named.startswith(HEADER):
            names = tuple(named.removeprefix(HEADER).split())
    if line.startswith("#"):
        raise MalformedError("header_line", "expected a request, found the header of a file")
    values = line.rstrip("\r").split("\t")
    if len(values) < min(LEAST, len(names)):
        detail = f"expected at least {min(LEAST, len(names))} columns, found {len(values)}"
        raise MalformedError("column_count", detail)
    known = (*names, *(f"column_{n}" for n in range(len(names), len(values))))
    return {k: v for k, v in zip(known, values, strict=False) if _holds(v)}


def _holds(value: object) -> bool:
    return isinstance(value, str | int | float) and value not in {"", "-"}
