"""Amazon GuardDuty: findings about what somebody hostile may be doing in an account.

Reference: https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html
"""

from typing import Any

from logcore.errors import MalformedError
from logcore.mapping import read
from logcore.record import Document, LogRecord
from logcore.rendering import Rendering
from logcore.shape import json_object, obj, text
from logcore.source import Source
from logcore.sources.guardduty.finding import camel_cased
from logcore.sources.guardduty.table import DOCUMENT, IS_FINDING, RECURRING

DATASET = "aws.guardduty"
REFERENCE = "https://docs.aws.amazon.com/guardduty/latest/APIReference/API_Finding.html"

EVENT_GROUPS = "/aws/events/"  # groups that an EventBridge rule may write its events to


def parse(record: LogRecord) -> Document:
    """Turn one finding into an ECS alert, an archived one into a state.

    The finding itself goes to ``aws.guardduty``.

    GuardDuty sends a finding again each time it sees more of the same. ``event.id`` is the
    finding's id with its ``updatedAt``, so every state is one document; ``guardduty.finding_id``
    holds them together, and ``guardduty.count`` of the latest is the number of sightings.

    Raises:
        MalformedError: the message is no JSON object, or no finding with an id and a type
            (``not_guardduty``).
    """
    raw = _opened(record)
    if "id" in raw:
        return read(DOCUMENT, raw)
    return read(DOCUMENT, camel_cased(raw)) | {"aws": {"guardduty": raw}}


render = Rendering(DOCUMENT, DATASET, only=IS_FINDING, recurring=RECURRING)


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a finding, whole and at its top level.

    A whole EventBridge event counts only in the groups that EventBridge itself writes to: anywhere
    else it is a program that logs what it was given.
    """
    if ":guardduty:" not in record.message or "/finding/" not in record.message:
        return False
    try:
        body = json_object(record)
    except MalformedError:
        return False
    if record.origin.log_group.startswith(EVENT_GROUPS):
        body = obj(body.get("detail")) or body
    arn = text(body.get("arn")) or text(body.get("Arn"))
    return arn is not None and ":guardduty:" in arn and _is_finding(body)


def _opened(record: LogRecord) -> dict[str, Any]:
    """The finding, also out of a whole EventBridge event that was written to a log."""
    body = json_object(record)
    finding = obj(body.get("detail")) if "detail-type" in body else body
    if not _is_finding(finding):
        raise MalformedError("not_guardduty", "expected a finding with an id and a type")
    return finding


def _is_finding(body: dict[str, Any]) -> bool:
    if "id" in body:
        return text(body["id"]) is not None and text(body.get("type")) is not None
    return text(body.get("Id")) is not None and text(body.get("Type")) is not None


SOURCE = Source(
    name="guardduty",
    dataset=DATASET,
    reference=REFERENCE,
    log_groups=(
        "/aws/events/guardduty*",  # what a rule with a log group as its target writes to
        "/aws/events/GuardDuty*",
        "/aws/guardduty/findings*",
        "guardduty-findings*",
    ),
    events=("aws.guardduty/GuardDuty Finding",),
    objects=("*/GuardDuty/*",),
    keys=("arn", "Arn", "detail"),
    recognises=recognises,
    parse=parse,
    render=render,
)
"""Claims no ``*guardduty*``: its ``/aws/guardduty/malware-scan-events`` holds no findings."""
