"""AWS Config: how resources are configured, what changed, and which rules they break.

References:
https://docs.aws.amazon.com/config/latest/developerguide/monitor-config-with-cloudwatchevents.html
https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationItem.html
"""

from collections.abc import Callable
from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import compact, json_object, obj, text
from logcore.source import Source
from logcore.sources.config import change, compliance, item, progress

REFERENCE = (
    "https://docs.aws.amazon.com/config/latest/developerguide/"
    "monitor-config-with-cloudwatchevents.html"
)

EVENT_SOURCE = "aws.config"
EVENT_GROUPS = "/aws/events/"  # groups that an EventBridge rule may write its events to

READERS: dict[str, Callable[[dict[str, Any], list[str]], Document]] = {
    "ComplianceChangeNotification": compliance.document_of,
    "ConfigurationItemChangeNotification": change.document_of,
    "OversizedConfigurationItemChangeNotification": change.document_of,
}
"""By ``messageType``; every other one tells of the progress of an evaluation or a delivery."""


def parse(record: LogRecord) -> Document:
    """Turn a message, or one configuration item of a file, into an ECS event.

    What arrived goes whole to ``aws.config``, which is one field however many keys an item has. An
    item is the state of a resource since it was captured: ``event.id`` is the resource with that
    time, so the same item in a history file and in a snapshot is the same document.

    Raises:
        MalformedError: the message is no JSON object, or has neither a ``messageType`` nor the
            type and the id of a resource (``not_config``).
    """
    raw = _opened(record)
    malformed: list[str] = []
    kind = text(raw.get("messageType"))
    if kind is None:
        fields = item.document_of(raw, record.time_ms, malformed)
    else:
        fields = READERS.get(kind, progress.document_of)(raw, malformed)
    fields["observer"] = {"vendor": "AWS Config"}
    fields["pipeline"] = {"malformed": malformed or None}
    document = compact(fields)
    document["aws"] = {"config": raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record is a configuration item, or a whole event where rules write to."""
    if '"configurationItemCaptureTime"' in record.message and _is_item(_read(record)):
        return True
    in_events = record.origin.log_group.startswith(EVENT_GROUPS)
    if not in_events or f'"{EVENT_SOURCE}"' not in record.message:
        return False
    event = _read(record)
    kind = text(event.get("detail-type")) or ""
    return event.get("source") == EVENT_SOURCE and kind.startswith("Config ")


def _read(record: LogRecord) -> dict[str, Any]:
    try:
        return json_object(record)
    except MalformedError:
        return {}


def _opened(record: LogRecord) -> dict[str, Any]:
    """The message or the item, also out of a whole event that was written to a log."""
    body = json_object(record)
    body = obj(body.get("detail")) if "detail-type" in body else body
    if text(body.get("messageType")) is None and not _is_item(body):
        raise MalformedError(
            "not_config", "expected a messageType, or an item with resourceType and resourceId"
        )
    return body


def _is_item(body: dict[str, Any]) -> bool:
    names = ("resourceType", "resourceId", "configurationItemCaptureTime")
    return all(text(body.get(name)) for name in names)


SOURCE = Source(
    name="config",
    dataset="aws.config",
    reference=REFERENCE,
    log_groups=("/aws/events/config", "/aws/events/config-*", "/aws/events/Config*"),
    events=(f"{EVENT_SOURCE}/Config *",),
    keys=("configurationItemCaptureTime", "detail-type"),
    recognises=recognises,
    parse=parse,
)
"""API calls of Config, which come from the same event source, are CloudTrail's."""
