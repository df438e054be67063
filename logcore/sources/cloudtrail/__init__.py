"""AWS CloudTrail: who did what to which resource, from where, and whether it was allowed.

Reference: https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
"""

from typing import Any

from logcore.errors import MalformedError
from logcore.mapping import read
from logcore.record import Document, LogRecord
from logcore.rendering import Rendering
from logcore.shape import json_object, obj
from logcore.source import Source
from logcore.sources.cloudtrail.actor import HIDDEN
from logcore.sources.cloudtrail.digest import MARK, digest_document
from logcore.sources.cloudtrail.table import DOCUMENT, IS_RECORD, RECURRING

REFERENCE = (
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"
    "cloudtrail-event-reference-record-contents.html"
)

DATASET = "aws.cloudtrail"
ABSENT = ("", HIDDEN)
render = Rendering(DOCUMENT, DATASET, only=IS_RECORD, absent=ABSENT, recurring=RECURRING)

FIRST_KEY = '{"eventVersion"'  # CloudTrail writes it first
EVENT_GROUPS = "/aws/events/"  # groups that an EventBridge rule may write its events to


def parse(record: LogRecord) -> Document:
    """Turn one CloudTrail record into an ECS event; the record itself goes to ``aws.cloudtrail``.

    Management, data, Insights and network activity events have one shape; an Insights event names
    source and action inside ``insightDetails``. ``event.id`` is CloudTrail's ``eventID``, so an
    event that comes by CloudWatch Logs and by EventBridge is one document. A digest file, which
    only S3 brings, is one record of another shape.

    Raises:
        MalformedError: the message is no JSON object, or names neither ``eventName`` nor
            ``eventSource`` nor ``insightDetails`` (``not_cloudtrail``).
    """
    event = _opened(record)
    return digest_document(event) if MARK in event else read(DOCUMENT, event, absent=ABSENT)


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a CloudTrail record, whole and at its top level.

    A function that logs the event it was given writes CloudTrail's words too, but deeper inside its
    own line; so those are found cheaply first and then looked at where they stand. A whole
    EventBridge event counts only in the groups that EventBridge itself writes to.
    """
    message = record.message
    is_event = '"eventVersion"' in message and '"eventSource"' in message
    if is_event and message.startswith(FIRST_KEY):
        return True
    if not is_event and not (f'"{MARK}"' in message and '"digestEndTime"' in message):
        return False
    try:
        body = json_object(record)
    except MalformedError:
        return False
    if not is_event:
        return MARK in body
    if record.origin.log_group.startswith(EVENT_GROUPS):
        body = obj(body.get("detail"))
    return "eventVersion" in body


def _opened(record: LogRecord) -> dict[str, Any]:
    """The CloudTrail record, also out of a whole EventBridge event that was written to a log."""
    event = json_object(record)
    if "detail-type" in event:
        event = obj(event.get("detail"))
    named = event.get("eventName") or event.get("eventSource") or obj(event.get("insightDetails"))
    if not named and MARK not in event:
        raise MalformedError("not_cloudtrail", "expected eventName, eventSource or insightDetails")
    return event


SOURCE = Source(
    name="cloudtrail",
    dataset=DATASET,
    reference=REFERENCE,
    log_groups=(
        "aws-cloudtrail-logs*",  # what the console proposes
        "aws-controltower/CloudTrailLogs*",  # AWS Control Tower
        "/aws/cloudtrail*",
        "CloudTrail*",  # what the console proposed before
        "cloudtrail*",
    ),
    # API call, console sign-in, console action, service event, Insight, network activity:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html
    events=("*/AWS * via CloudTrail",),
    objects=("*/CloudTrail/*", "*/CloudTrail-Insight/*", "*/CloudTrail-Digest/*"),
    keys=("eventVersion", MARK, "detail"),
    recognises=recognises,
    parse=parse,
    render=render,
)
"""Claims no ``*cloudtrail*``: a function of that name writes plain lines. Content decides there."""
