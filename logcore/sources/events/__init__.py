"""EventBridge events that no other source claims: what services say by themselves.

Reference: https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html
"""

from collections.abc import Iterator
from typing import Any

from logcore.codec import parse_json
from logcore.record import Document, LogRecord
from logcore.shape import compact, listed, obj, text, time, unique
from logcore.source import Source
from logcore.sources.events import compute, delivery, notice
from logcore.sources.events.reading import Reader, Reading, last_part

REFERENCE = "https://docs.aws.amazon.com/eventbridge/latest/ref/events-structure.html"

GROUPS = "/aws/events/"  # groups that an EventBridge rule may write its events to

READERS: dict[tuple[str, str], Reader] = {
    ("aws.health", ""): notice.health,
    ("aws.ec2", "EC2 Instance State-change Notification"): compute.instance,
    ("aws.ec2", "EC2 Spot Instance Interruption Warning"): compute.instance,
    ("aws.ec2", "EC2 Instance Rebalance Recommendation"): compute.instance,
    ("aws.autoscaling", ""): compute.scaling,
    ("aws.cloudformation", "CloudFormation Drift Detection Status Change"): delivery.drift,
    ("aws.cloudformation", ""): delivery.stack,
    ("aws.codepipeline", ""): delivery.pipeline,
    ("aws.codebuild", ""): delivery.build,
    ("aws.codedeploy", ""): delivery.deployment,
    ("aws.ecs", "ECS Task State Change"): compute.task,
    ("aws.ecs", "ECS Service Action"): compute.service,
    ("aws.ecs", "ECS Deployment State Change"): compute.service,
    ("aws.s3", ""): notice.stored_object,
    ("aws.cloudwatch", "CloudWatch Alarm State Change"): notice.alarm,
}
"""By ``source`` and ``detail-type``; an empty type stands for every other one of the source."""


def parse(record: LogRecord) -> Document:
    """Turn any event into an ECS event; the event, with its ``detail``, goes to ``aws.events``.

    It never rejects: an event of an unknown service keeps its state and its resources, and a line
    that is no event keeps its text.
    """
    event = _opened(record)
    if event is None:
        return compact({"message": record.message or None, "event": {"kind": "event"}})
    malformed: list[str] = []
    source, detail_type = _named(record, event)
    reader = READERS.get((source, detail_type)) or READERS.get((source, "")) or notice.anything
    reading = reader(detail_type, obj(event.get("detail")), malformed)
    resources = unique(*map(text, listed(event.get("resources"))))
    subject = reading.subject or last_part(resources[0] if resources else None)
    document = compact(
        {
            "@timestamp": time(event.get("time"), "time", malformed),
            "message": reading.message or _sentence(detail_type, subject, reading) or None,
            "event": {
                "id": _identity(event),
                "kind": reading.kind,
                "category": list(reading.category),
                "type": list(reading.types),
                "action": detail_type or None,
                "provider": source or None,
                "outcome": reading.outcome,
                "reason": reading.reason,
                **reading.event,
            },
            **reading.sections,
            "cloud": _cloud(event, source, reading),
            "aws": {"eventbridge": {"source": source, "detail_type": detail_type}},
            "events": {
                "subject": subject,
                "state": reading.state,
                "resources": resources,
                "health": reading.health,
            },
            "pipeline": {"malformed": malformed or None},
        }
    )
    document["aws"]["events"] = event
    return document


def recognises(record: LogRecord) -> bool:
    """Whether a line of a group that a rule writes to is a whole event."""
    if not record.origin.log_group.startswith(GROUPS) or '"detail-type"' not in record.message:
        return False
    event = _opened(record)
    return event is not None and text(event.get("detail-type")) is not None


def _opened(record: LogRecord) -> dict[str, Any] | None:
    """The whole event: a transport hands over only its ``detail``."""
    try:
        event = parse_json(record.message)
    except ValueError:
        return None
    return event if isinstance(event, dict) else None


def _named(record: LogRecord, event: dict[str, Any]) -> tuple[str, str]:
    origin = record.origin
    return (
        origin.event_source or text(event.get("source")) or "",
        origin.detail_type or text(event.get("detail-type")) or "",
    )


def _identity(event: dict[str, Any]) -> str | None:
    """The event's own id; for AWS Health the communication's, which two regions deliver.

    Reference: https://docs.aws.amazon.com/health/latest/ug/about-public-events.html
    """
    detail = obj(event.get("detail"))
    sent = text(detail.get("communicationId")) if event.get("source") == "aws.health" else None
    if sent is None:
        return text(event.get("id"))
    account = text(detail.get("affectedAccount")) or text(event.get("account")) or ""
    return f"{account}/{sent}"


def _cloud(event: dict[str, Any], source: str, reading: Reading) -> dict[str, Any]:
    """Where it happened: the event's account and region, unless its detail knows better."""
    found = compact(obj(reading.sections.get("cloud")))
    return {
        "account": {"id": text(event.get("account"))},
        "region": text(event.get("region")),
        "service": {"name": source.removeprefix("aws.") if source.startswith("aws.") else None},
        **found,
    }


def _sentence(detail_type: str, subject: str | None, reading: Reading) -> str:
    """``EC2 Instance State-change Notification: i-0123456789abcdef0 terminated``."""
    return ": ".join(filter(None, (detail_type, " ".join(_words(subject, reading)))))


def _words(*parts: str | Reading | None) -> Iterator[str]:
    for part in parts:
        word = part.state if isinstance(part, Reading) else part
        if word:
            yield word


SOURCE = Source(
    name="events",
    dataset="aws.events",
    reference=REFERENCE,
    log_groups=("/aws/events/other*",),  # others of these groups may hold what has its own source
    events=("*",),
    keys=("detail-type",),
    recognises=recognises,
    parse=parse,
)
