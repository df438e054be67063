"""Whatever no other source claims: application logs, as JSON of any logger or as plain text.

Reference: https://www.elastic.co/docs/reference/ecs/logging/intro
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from logcore.codec import parse_json
from logcore.formats.machine import BEANSTALK, environment
from logcore.record import Document, LogRecord
from logcore.shape import ip
from logcore.source import Source
from logcore.sources.generic import containers
from logcore.sources.generic.aliases import PARENTS, PLACES, TYPES, WAYS, canonical
from logcore.sources.generic.levels import level_in, level_of
from logcore.sources.generic.stack_traces import add_error
from logcore.sources.generic.values import CONVERTERS, Convert, as_long, as_text

_LAMBDA = "/aws/lambda/"
_STATUS_CODES = range(100, 600)  # RFC 9110, section 15; ``status`` may mean anything else
_OUTCOMES = frozenset({"success", "failure", "unknown"})
_PAIR = re.compile(r'([A-Za-z_@][\w.@-]*)=(?:"((?:[^"\\]|\\.)*)"|([^\s"]*))(?:\s+|\Z)')
_ESCAPED = re.compile(r"\\(.)")
_PLACE_IN_CODE = re.compile(r"(.+):(\d{1,9})\Z")
_NANOSECONDS = 1_000_000  # in a millisecond
_DURATIONS_MS = frozenset({"durationms", "elapsedms", "responsetime", "responsetimems", "tookms"})

_PLACES_IN_CODE = frozenset({"location", "caller"})
_MEANT = PLACES.keys() | PARENTS | _DURATIONS_MS | _PLACES_IN_CODE
_MOST_KEYS = 64  # of a line whose keys are remembered

type _Found = dict[str, tuple[int, Any]]
"""Rank of the key and converted value, by ECS field."""


def parse(record: LogRecord) -> Document:
    """Turn one application log line into an ECS document.

    A JSON object is kept whole under ``generic``, and what its keys are known to mean goes into ECS
    fields as well, where the value fits the field's type. A line of ``key=value`` pairs is read the
    same way. Anything else is text: ``message`` as it came, ``log.level`` when one stands out.

    It never rejects. There is no format to violate: what is not understood is a line of text.
    A line that a container's collector wrapped is taken out of its wrapper first.
    ``@timestamp`` stays the transport's, so that a producer's broken clock cannot scatter documents
    over indices; the producer's own time goes into ``event.created``.
    """
    body = _object(record)
    wrapped = containers.line_within(body) if body is not None else None
    if wrapped is None:
        document = _shaped(record, body)
    else:
        inner = record._replace(message=wrapped[0], body=wrapped[1])
        document = _shaped(inner, _object(inner))
        document["generic"] = containers.around(body or {}) | document.get("generic", {})
    containers.add_place(document, record.origin, body)
    return document


def _shaped(record: LogRecord, body: dict[str, Any] | None) -> Document:
    """The document of the application's own line."""
    if body is None:
        document = _from_text(record.message)
    else:
        document = _from_object(body)
        document["generic"] = body
        if record.body is None and not record.message.lstrip().startswith("{"):
            document.setdefault("message", record.message)  # key=value pairs are a line to read
    add_error(document)
    if record.origin.log_group.startswith(_LAMBDA):
        _add_function(document, record.origin.log_group.removeprefix(_LAMBDA))
    elif record.origin.log_group.startswith(BEANSTALK):
        place = environment(record.origin.log_group)
        document.setdefault("service", {}).setdefault("environment", place)
    document.setdefault("event", {})["kind"] = "event"
    return document


def _object(record: LogRecord) -> dict[str, Any] | None:
    """The record as an object: decoded already, as JSON, or as pairs; ``None`` for text."""
    if isinstance(record.body, dict):
        return record.body
    text = record.message.strip()
    if not text.startswith("{"):
        return _pairs(text)
    try:
        value = parse_json(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _pairs(text: str) -> dict[str, Any] | None:
    """The pairs of a line that is nothing but two or more ``key=value`` (logfmt)."""
    pairs: dict[str, Any] = {}
    position = 0
    while match := _PAIR.match(text, position):
        key, quoted, bare = match.groups()
        pairs[key] = bare if quoted is None else _ESCAPED.sub(r"\1", quoted)
        position = match.end()
    return pairs if position == len(text) and len(pairs) > 1 else None


def _from_text(text: str) -> Document:
    document: Document = {"message": text} if text else {}
    if level := level_in(text):
        document["log"] = {"level": level}
    return document


def _from_object(body: dict[str, Any]) -> Document:
    found: _Found = {}
    _promote(body, "", found)
    _settle_name(body, found)
    document: Document = {}
    for name, (_, value) in found.items():
        parents, leaf = WAYS[name]
        section = document
        for parent in parents:
            section = section.setdefault(parent, {})
        section[leaf] = value
    return document


def _promote(body: dict[str, Any], prefix: str, found: _Found) -> None:
    """Collect what is known. Goes down only where a known key lies, so never deep."""
    for key, name in _meant(tuple(body), prefix):
        value = body[key]
        if name in PLACES and not (name in PARENTS and isinstance(value, dict)):
            field, rank = PLACES[name]
            _offer(found, field, rank, _CONVERTERS[field](value))
        elif name in PARENTS and isinstance(value, dict):
            _promote(value, f"{name}.", found)
        elif name in _DURATIONS_MS:
            _offer(found, "event.duration", 1, _nanoseconds(value))
        elif name in _PLACES_IN_CODE:
            _offer_place(found, name, value)


def _meant(keys: tuple[str, ...], prefix: str) -> Sequence[tuple[str, str]]:
    """The keys that mean something, with their canonical names."""
    return _meant_by_line(keys, prefix) if len(keys) <= _MOST_KEYS else _named(keys, prefix)


def _named(keys: tuple[str, ...], prefix: str) -> Sequence[tuple[str, str]]:
    names = ((key, canonical(key, prefix)) for key in keys)
    return tuple((key, name) for key, name in names if name in _MEANT)


_meant_by_line = lru_cache(maxsize=1_024)(_named)  # a logger's lines have the same keys


def _offer(found: _Found, field: str, rank: int, value: object) -> None:
    """Keep the value when it is one and no better key was seen."""
    if value is not None and (field not in found or rank < found[field][0]):
        found[field] = (rank, value)
        if field == "source.address" and isinstance(value, str) and ip(value):
            _offer(found, "source.ip", 1, value)


def _outcome(value: Any) -> str | None:  # noqa: ANN401  any JSON
    return value if isinstance(value, str) and value in _OUTCOMES else None


def _status(value: Any) -> int | None:  # noqa: ANN401  any JSON
    code = as_long(value)
    return code if code in _STATUS_CODES else None


def _trace(value: Any) -> str | None:  # noqa: ANN401  any JSON
    return ("\n".join(map(str, value)) or None) if isinstance(value, list) else as_text(value)


_CONVERTERS: dict[str, Convert] = {name: CONVERTERS[kind] for name, kind in TYPES.items()} | {
    "log.level": level_of,
    "event.outcome": _outcome,
    "http.response.status_code": _status,
    "error.stack_trace": _trace,
}
"""What makes a value fit its field, by the field's name."""


def _nanoseconds(milliseconds: Any) -> int | None:  # noqa: ANN401  any JSON
    if type(milliseconds) not in (int, float) or milliseconds < 0:
        return None
    return as_long(float(round(milliseconds * _NANOSECONDS)))


def _offer_place(found: _Found, key: str, value: object) -> None:
    """Read powertools' ``function:line`` (``location``) or zap's ``file:line`` (``caller``)."""
    match = _PLACE_IN_CODE.match(value) if isinstance(value, str) else None
    if match:
        where = "log.origin.function" if key == "location" else "log.origin.file.name"
        _offer(found, where, 1, match.group(1))
        _offer(found, "log.origin.file.line", 1, int(match.group(2)))


def _settle_name(body: dict[str, Any], found: _Found) -> None:
    """``name`` is the service for bunyan and pino, whose levels are numbers, else the logger."""
    name = body.get("name")
    if isinstance(name, str) and name:
        is_numbered = type(body.get("level")) is int
        _offer(found, "service.name" if is_numbered else "log.logger", 99, name)


def _add_function(document: Document, name: str) -> None:
    """What the log group of a Lambda function says, and what ``requestId`` means there."""
    faas = document.setdefault("faas", {})
    faas.setdefault("name", name)
    request = as_text(document.get("generic", {}).get("requestId"))
    if request:
        faas.setdefault("execution", request)


SOURCE = Source(
    name="generic",
    dataset="generic",
    reference="https://www.elastic.co/docs/reference/ecs/logging/intro",
    parse=parse,
)
