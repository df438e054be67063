"""What CloudWatch Logs writes to a subscription's target: gzip around JSON around log events.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters.html
"""

import gzip
import itertools
import json
import time
from collections.abc import Iterator
from typing import Any

type LogEvent = dict[str, Any]
"""``{"id": 56 digits, "timestamp": Unix milliseconds, "message": text}``."""

type Envelope = dict[str, Any]
"""``messageType``, ``owner``, ``logGroup``, ``logStream``, ``subscriptionFilters``, events."""

# "A Kinesis Data Streams record is limited to 1 MB"; CloudWatch Logs splits larger batches:
# https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html
MAX_BYTES = 1_000_000
ID_DIGITS = 56
_BELOW_TIME_BITS = 144  # leaves 56 digits for the times of this century

_arrivals = itertools.count()


def with_ids(events: list[dict[str, Any]]) -> list[LogEvent]:
    """Give each event its id: ascending with its time, and never the same twice.

    Two subscriptions of one log group see an event under the same id, so this is called once per
    arrival and not per subscription.
    """
    now_ns = time.time_ns()
    return [_with_id(event, now_ns) for event in events]


def data_message(owner: str, log_group: str, log_stream: str, name: str) -> Envelope:
    """Give the envelope of a subscription filter's events, still without events."""
    return {
        "messageType": "DATA_MESSAGE",
        "owner": owner,
        "logGroup": log_group,
        "logStream": log_stream,
        "subscriptionFilters": [name],
        "logEvents": [],
    }


def control_message(target: str) -> Envelope:
    """Give what proves that a target can be reached, which is "Kinesis stream" or "Firehose"."""
    message = f"CWL CONTROL MESSAGE: Checking health of destination {target}."
    return {
        "messageType": "CONTROL_MESSAGE",
        "owner": "CloudwatchLogs",
        "logGroup": "",
        "logStream": "",
        "subscriptionFilters": [],
        "logEvents": [{"id": "", "timestamp": _now_ms(), "message": message}],
    }


def pack(envelope: Envelope) -> Iterator[bytes]:
    """Give the envelope as gzipped records of at most 1 MB, in the order of its events.

    Raises:
        ValueError: one event alone is larger than that.
    """
    text = json.dumps(envelope, ensure_ascii=False, separators=(",", ":"))
    packed = gzip.compress(text.encode("utf-8", "replace"), compresslevel=6, mtime=0)
    if len(packed) <= MAX_BYTES:
        yield packed
        return
    events = envelope["logEvents"]
    if len(events) == 1:
        raise ValueError(f"event {events[0]['id']} has {len(packed)} bytes, more than {MAX_BYTES}")
    half = len(events) // 2
    for part in (events[:half], events[half:]):
        yield from pack({**envelope, "logEvents": part})


def _with_id(event: dict[str, Any], now_ns: int) -> LogEvent:
    timestamp_ms = int(event.get("timestamp", now_ns // 1_000_000))
    unique = now_ns << 32 | next(_arrivals) % 2**32
    number = timestamp_ms << _BELOW_TIME_BITS | unique
    return {
        "id": str(number).zfill(ID_DIGITS),
        "timestamp": timestamp_ms,
        "message": event.get("message", ""),
    }


def _now_ms() -> int:
    return time.time_ns() // 1_000_000
