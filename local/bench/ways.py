"""Ways through a batch: floors, the measured one, a plain one, and CloudTrail's by hand."""

import base64
import gzip
import json
from dataclasses import replace
from typing import Any

from local.bench import by_hand
from logcore.codec import dump_json, gunzip, parse_json, unbase64
from logcore.normalise import Normaliser
from logcore.provenance import place_of
from logcore.record import Accepted, LogRecord, Outcome, Rejected
from logcore.registry import SOURCES
from logcore.routing import Routing
from logcore.source import Render
from logcore.sources import cloudtrail
from logcore.sources.vpc_flow.formats import DEFAULT
from logcore.transports import GZIP_MAGIC, cloudwatch_logs, eventbridge, open_payload

normaliser = Normaliser(Routing(SOURCES))
reference = Normaliser(Routing([replace(source, render=None) for source in SOURCES]))

_NUMBERS = ("version", "srcport", "dstport", "protocol", "packets", "bytes", "start", "end")


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


def floor_of_columns(data: list[str]) -> list[bytes]:
    """The same for flow log lines, read: split, numbers made numbers, the fields written."""
    written: list[bytes] = []
    for record in data:
        for event in parse_json(gunzip(unbase64(record)))["logEvents"]:
            flow: dict[str, Any] = dict(zip(DEFAULT.columns, event["message"].split(), strict=True))
            for name in _NUMBERS:
                if flow[name] != "-":
                    flow[name] = int(flow[name])
            written.append(dump_json(flow))
    return written


def measured(data: list[str]) -> list[bytes]:
    """What the function does between Lambda and a sink."""
    return [
        outcome.body if isinstance(outcome, Accepted) else dump_json(_shown(outcome))
        for record in data
        for outcome in normaliser.payload(unbase64(record))
    ]


def compiled(data: list[str]) -> list[bytes | None]:
    """CloudTrail records by the compiled table."""
    return _rendered(data, cloudtrail.render)


def hand_written(data: list[str]) -> list[bytes | None]:
    """The same by hand."""
    return _rendered(data, by_hand.written)


def plain(data: list[str]) -> list[dict[str, Any]]:
    """As measured, with the standard library's codecs, tables read, and each record on its own."""
    return [
        _shown(reference(record)) for text in data for record in _opened(base64.b64decode(text))
    ]


def verify(data: list[str]) -> int:
    """The number of documents, when both ways make the same.

    Raises:
        DifferentError: they do not; names the first pair.
    """
    return _same([json.loads(line) for line in measured(data)], plain(data))


def verify_by_hand(data: list[str]) -> int:
    """The number of CloudTrail's documents, when those by hand are the same.

    Raises:
        DifferentError: they are not; names the first pair.
    """
    theirs, ours = (
        [json.loads(document or b"null") for document in way(data)]
        for way in (hand_written, compiled)
    )
    return _same(theirs, ours)


def _same(fast: list[dict[str, Any]], slow: list[dict[str, Any]]) -> int:
    for number, (left, right) in enumerate(zip(fast, slow, strict=True)):
        if left != right:
            raise DifferentError(f"document {number}: {left} is not {right}")
    return len(fast)


def _rendered(data: list[str], render: Render) -> list[bytes | None]:
    written: list[bytes | None] = []
    for text in data:
        records = open_payload(unbase64(text))
        place = place_of(records[0].origin)
        written += [render(record, place) for record in records]
    return written


def _opened(payload: bytes) -> list[LogRecord]:
    if payload.startswith(GZIP_MAGIC):
        return cloudwatch_logs.records(json.loads(gzip.decompress(payload)))
    return [eventbridge.record(json.loads(payload), payload)]


def _shown(outcome: Outcome) -> dict[str, Any]:
    if isinstance(outcome, Accepted):
        return outcome.document
    return {"rejected": outcome.reason if isinstance(outcome, Rejected) else outcome.rule}
