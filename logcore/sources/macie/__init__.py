"""Amazon Macie: sensitive data in S3 objects, buckets that are open, and the jobs that look.

References:
https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html
https://docs.aws.amazon.com/macie/latest/user/discovery-jobs-monitor-cw-logs-ref.html
"""

from typing import Any

from logcore.errors import MalformedError
from logcore.record import Document, LogRecord
from logcore.shape import compact, json_object, obj, text
from logcore.source import Source
from logcore.sources.macie import finding, job

REFERENCE = "https://docs.aws.amazon.com/macie/latest/user/findings-publish-event-schemas.html"


def parse(record: LogRecord) -> Document:
    """Turn one finding, or one event of a job, into an ECS event; it goes whole to ``aws.macie``.

    A policy finding comes again when it is seen again. ``event.id`` of a finding is its id with
    ``updatedAt``, so every state is one document; ``macie.finding_id`` holds them together.

    Raises:
        MalformedError: the message is no JSON object, or neither a finding with an id and a type
            nor an event of a job (``not_macie``).
    """
    raw = _opened(record)
    malformed: list[str] = []
    shape = finding if _is_finding(raw) else job
    document = compact(
        shape.document_of(raw, malformed) | {"pipeline": {"malformed": malformed or None}}
    )
    document["aws"] = {"macie": raw}
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a record from anywhere is a finding, whole and at its top level."""
    if '"resourcesAffected"' not in record.message:
        return False
    try:
        body = json_object(record)
    except MalformedError:
        return False
    return _is_finding(body) and bool(obj(body.get("resourcesAffected")))


def _opened(record: LogRecord) -> dict[str, Any]:
    """What Macie said, also out of a whole EventBridge event that was written to a log."""
    body = json_object(record)
    body = obj(body.get("detail")) if "detail-type" in body else body
    if not _is_finding(body) and not _is_of_job(body):
        raise MalformedError(
            "not_macie", "expected a finding with id and type, or an event with jobId and eventType"
        )
    return body


def _is_finding(body: dict[str, Any]) -> bool:
    kind = text(body.get("type")) or ""
    return text(body.get("id")) is not None and kind.startswith(finding.KINDS)


def _is_of_job(body: dict[str, Any]) -> bool:
    return text(body.get("jobId")) is not None and text(body.get("eventType")) is not None


SOURCE = Source(
    name="macie",
    dataset="aws.macie",
    reference=REFERENCE,
    log_groups=("/aws/macie/*", "/aws/events/macie*", "/aws/events/Macie*", "macie-findings*"),
    events=("aws.macie/Macie Finding",),
    keys=("resourcesAffected",),
    recognises=recognises,
    parse=parse,
)
