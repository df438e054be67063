"""What a line says itself, whatever it comes from: the part of its document that is its own."""

from typing import Any

from logcore.codec import parse_json
from logcore.record import Document, LogRecord
from logcore.sources.generic import containers
from logcore.sources.generic.frame import LAMBDA
from logcore.sources.generic.pairs import pairs_of
from logcore.sources.generic.promotion import from_object
from logcore.sources.generic.stack_traces import add_error
from logcore.sources.generic.text import from_text
from logcore.sources.generic.values import as_text


def read_line(record: LogRecord) -> Document:
    """The line's own part, taken out of its wrapper where a container's collector wrapped it."""
    body = _object(record)
    if body is None or not containers.is_wrapper(body):
        return _shaped(record, body)
    wrapped = containers.line_within(body)
    if wrapped is None:
        document = _shaped(record, body)
    else:
        inner = record._replace(message=wrapped[0], body=wrapped[1])
        document = _shaped(inner, _object(inner))
        document["generic"] = containers.around(body) | document.get("generic", {})
    containers.add_place(document, body)
    return document


def _shaped(record: LogRecord, body: dict[str, Any] | None) -> Document:
    """The document of the application's own line."""
    if body is None:
        document = from_text(record.message)
    else:
        document = from_object(body)
        document["generic"] = body
        if record.body is None and not record.message.lstrip().startswith("{"):
            document.setdefault("message", record.message)  # key=value pairs are a line to read
        if "requestId" in body and record.origin.log_group.startswith(LAMBDA):
            _add_request(document, body["requestId"])
    add_error(document)
    document.setdefault("event", {})["kind"] = "event"
    return document


def _object(record: LogRecord) -> dict[str, Any] | None:
    """The record as an object: decoded already, as JSON, or as pairs; ``None`` for text."""
    if isinstance(record.body, dict):
        return record.body
    text = record.message.strip()
    if not text.startswith("{"):
        return pairs_of(text)
    try:
        value = parse_json(text)
    except ValueError:
        return None
    return value if isinstance(value, dict) else None


def _add_request(document: Document, value: Any) -> None:  # noqa: ANN401  any JSON
    """What ``requestId`` means in the log group of a Lambda function."""
    request = as_text(value)
    if request:
        document.setdefault("faas", {}).setdefault("execution", request)
