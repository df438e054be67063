"""Peels off what carried the records: one payload of the stream in, its records out."""

from logcore.codec import gunzip, parse_json
from logcore.errors import PayloadError
from logcore.record import LogRecord
from logcore.transports import cloudwatch_logs, eventbridge

GZIP_MAGIC = b"\x1f\x8b"  # RFC 1952, section 2.3.1


def open_payload(data: bytes, copies_in: str = "") -> list[LogRecord]:
    """Unpack what one Kinesis record holds into log records, in order.

    A CloudWatch Logs subscription writes gzip around JSON, EventBridge writes plain JSON. A control
    message, with which CloudWatch Logs probes a destination, holds no records.

    Args:
        data: The record's bytes.
        copies_in: Account whose copied log groups are taken for what they are copies of.

    Raises:
        PayloadError: the bytes are neither, or a required part of the envelope is missing.
    """
    try:
        envelope = parse_json(gunzip(data) if data.startswith(GZIP_MAGIC) else data)
    except ValueError as error:
        raise PayloadError("payload_unreadable", f"expected gzip or JSON, found {error}") from error
    if not isinstance(envelope, dict):
        found = type(envelope).__name__
        raise PayloadError("payload_unknown", f"expected a JSON object, found {found}")
    if "logEvents" in envelope:
        return cloudwatch_logs.records(envelope, copies_in)
    if "detail-type" in envelope:
        return eventbridge.records(envelope, data)
    keys = ", ".join(sorted(envelope)[:8])
    raise PayloadError("payload_unknown", f"expected logEvents or detail-type, found keys: {keys}")
