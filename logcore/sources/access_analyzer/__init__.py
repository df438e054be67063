"""IAM Access Analyzer: who can reach what from outside or inside, and what nobody uses.

Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html
"""

from typing import Any

from logcore.codec import parse_json
from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import compact, json_object, listed, obj, text, time
from logcore.source import Source
from logcore.sources.access_analyzer import finding, preview

REFERENCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html"

EVENT_SOURCE = "aws.access-analyzer"
EVENT_GROUPS = "/aws/events/"  # groups that an EventBridge rule may write its events to


def parse(record: LogRecord) -> Document:
    """Turn a finding, or the state of an access preview, into an ECS event.

    The ``detail`` goes to ``aws.access_analyzer``. A finding comes again when its status changes
    and when it is deleted; ``event.id`` tells the states apart, ``access_analyzer.finding_id``
    holds them together.

    Raises:
        MalformedError: the message is no JSON object, or neither a finding with an id and a
            resource nor an access preview (``not_access_analyzer``).
    """
    event, detail = _whole(record), _opened(record)
    malformed: list[str] = []
    shape = preview if "accessPreviewId" in detail else finding
    fields = shape.document_of(detail, malformed)
    fields["@timestamp"] = fields["@timestamp"] or time(event.get("time"), "time", malformed)
    fields["access_analyzer"]["analyzer"] = next(map(text, listed(event.get("resources"))), None)
    fields["pipeline"] = {"malformed": malformed or None}
    document = compact(fields)
    document["aws"] = {"access_analyzer": detail}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a line of a group that a rule writes to is a whole event of Access Analyzer."""
    if not record.origin.log_group.startswith(EVENT_GROUPS) or EVENT_SOURCE not in record.message:
        return False
    return _whole(record).get("source") == EVENT_SOURCE and _is_known(_detail_of(record))


def _whole(record: LogRecord) -> dict[str, Any]:
    """The event with what stands around its ``detail``; empty where the line is none."""
    try:
        return obj(parse_json(record.message))
    except ValueError:
        return {}


def _detail_of(record: LogRecord) -> dict[str, Any]:
    body = json_object(record)
    return obj(body.get("detail")) if "detail-type" in body else body


def _opened(record: LogRecord) -> dict[str, Any]:
    """The ``detail``, also out of a whole EventBridge event that was written to a log."""
    detail = _detail_of(record)
    if not _is_known(detail):
        raise MalformedError(
            "not_access_analyzer", "expected an id and a resource, or an accessPreviewId"
        )
    return detail


def _is_known(detail: dict[str, Any]) -> bool:
    if text(detail.get("accessPreviewId")) is not None:
        return True
    return finding.id_of(detail) is not None and text(detail.get("resource")) is not None


SOURCE = Source(
    name="access_analyzer",
    dataset="aws.access_analyzer",
    reference=REFERENCE,
    log_groups=(
        "/aws/events/access-analyzer*",
        "/aws/events/AccessAnalyzer*",
        "access-analyzer-findings*",
    ),
    events=(
        "aws.access-analyzer/Access Analyzer Finding",  # from outside of the zone of trust
        "aws.access-analyzer/Internal Access Finding",
        "aws.access-analyzer/Unused Access Finding for IAM entities",
        "aws.access-analyzer/Access Preview State Change",
    ),
    keys=("source",),
    recognises=recognises,
    parse=parse,
)
"""Policy generation sends no event; its calls are in CloudTrail."""
