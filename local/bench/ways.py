"""Three ways through a batch: the floor, the measured one, and a plain one to compare with."""

import base64
import gzip
import json
from typing import Any

from logcore.codec import dump_json, gunzip, parse_json, unbase64
from logcore.normalise import Normaliser
from logcore.record import Accepted, LogRecord, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.transports import GZIP_MAGIC, cloudwatch_logs, eventbridge

normaliser = Normaliser(Routing(SOURCES))


class DifferentError(Exception):
    """The measured way made something else than the plain one; its speed means nothing."""


def floor(data: list[str]) -> list[bytes]:
    """What nothing can go without: decode, unpack, parse envelope and message, write the message.

    A message that is not JSON is written as it is; it costs no parsing.
    """
    written: list[bytes] = []
    for record in data:
        payload = unbase64(record)
        if not payload.startswith(GZIP_MAGIC):
            written.append(dump_json(parse_json(payload)["detail"]))
            continue
        for event in parse_json(gunzip(payload))["logEvents"]:
            message = event["message"]
            written.append(dump_json(parse_json(message) if message[:1] == "{" else message))
    return written


def measured(data: list[str]) -> list[bytes]:
    """What the function does between Lambda and a sink."""
    return [
        outcome.body if isinstance(outcome, Accepted) else dump_json(_shown(outcome))
        for record in data
        for outcome in normaliser.payload(unbase64(record))
    ]


def plain(data: list[str]) -> list[dict[str, Any]]:
    """The same with the standard library's codecs and each record asked for on its own."""
    alone = Normaliser(Routing(SOURCES))
    return [_shown(alone(record)) for text in data for record in _opened(base64.b64decode(text))]


def verify(data: list[str]) -> int:
    """The number of documents, when both ways make the same.

    Raises:
        DifferentError: they do not; names the first pair.
    """
    fast = [json.loads(line) for line in measured(data)]
    slow = plain(data)
    for number, (left, right) in enumerate(zip(fast, slow, strict=True)):
        if left != right:
            raise DifferentError(f"document {number}: {left} is not {right}")
    return len(fast)


def _opened(payload: bytes) -> list[LogRecord]:
    if payload.startswith(GZIP_MAGIC):
        return cloudwatch_logs.records(json.loads(gzip.decompress(payload)))
    return [eventbridge.record(json.loads(payload), payload)]


def _shown(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Accepted):
        return outcome.document
    return {"rejected": outcome.reason if isinstance(outcome, Rejected) else outcome.rule}
