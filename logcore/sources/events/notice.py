"""Events of AWS Health, of alarms, of S3 objects, and of every service without a reader.

References:
https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch-and-eventbridge.html
https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from email.utils import parsedate_to_datetime
from typing import Any

from logcore.shape import integer, ip, listed, milliseconds, obj, text, time, unique, utc
from logcore.sources.events.reading import Reading, outcome_of

OBJECT_CHANGES = {"Object Created": ("creation",), "Object Deleted": ("deletion",)}
"""ECS ``event.type`` of what happened to an object; tags, tiers and restores are changes."""

STATE_KEYS = ("state", "status", "State", "Status", "newState", "lastStatus", "jobStatus")
REASON_KEYS = ("reason", "cause", "Cause", "statusReason", "statusMessage", "StatusMessage")
MESSAGE_KEYS = ("Message", "message", "description", "Description")


def health(detail_type: str, detail: dict[str, Any], malformed: list[str]) -> Reading:
    """AWS Health tells of trouble, of a planned change, of abuse, or of something to know."""
    category = text(detail.get("eventTypeCategory"))
    abuse = "Abuse" in detail_type
    entities = [obj(entity) for entity in listed(detail.get("affectedEntities"))]
    written = [obj(words) for words in listed(detail.get("eventDescription"))]
    code, status = text(detail.get("eventTypeCode")), text(detail.get("statusCode"))
    return Reading(
        category=("intrusion_detection",) if abuse else (),
        kind="alert" if abuse or category in {"issue", "investigation"} else "event",
        subject=text(detail.get("service")),
        state=status,
        message=next((found for w in written if (found := text(w.get("latestDescription")))), None),
        event={
            "code": code,
            "start": _spoken(detail.get("startTime"), "startTime", malformed),
            "end": _spoken(detail.get("endTime"), "endTime", malformed),
        },
        sections={
            "cloud": {
                "account": {"id": text(detail.get("affectedAccount"))},
                "region": _region(text(detail.get("eventRegion"))),
            }
        },
        health={
            "event_arn": text(detail.get("eventArn")),
            "service": text(detail.get("service")),
            "category": category,
            "status": status,
            "scope": text(detail.get("eventScopeCode")),
            "entities": unique(*(text(entity.get("entityValue")) for entity in entities)),
        },
    )


def alarm(_detail_type: str, detail: dict[str, Any], malformed: list[str]) -> Reading:
    """A CloudWatch alarm changed its state."""
    now = obj(detail.get("state"))
    state = text(now.get("value"))
    return Reading(
        kind="alert" if state == "ALARM" else "event",
        subject=text(detail.get("alarmName")),
        state=state,
        reason=text(now.get("reason")),
        event={"start": time(now.get("timestamp"), "state.timestamp", malformed)},
    )


def stored_object(detail_type: str, detail: dict[str, Any], malformed: list[str]) -> Reading:
    """Something happened to an object in a bucket."""
    stored, address = obj(detail.get("object")), text(detail.get("source-ip-address"))
    key = text(stored.get("key"))
    return Reading(
        category=("file",),
        types=OBJECT_CHANGES.get(detail_type, ("change",)),
        subject=text(obj(detail.get("bucket")).get("name")),
        reason=text(detail.get("reason")),
        sections={
            "file": {
                "path": key,
                "name": key.rpartition("/")[2] or None if key else None,
                "size": integer(stored.get("size"), "object.size", malformed),
            },
            "source": {"address": address, "ip": ip(address)},
            "http": {"request": {"id": text(detail.get("request-id"))}},
            "related": {"ip": unique(ip(address))},
        },
    )


def anything(_detail_type: str, detail: dict[str, Any], _malformed: list[str]) -> Reading:
    """Read what services mostly call a state, a reason and a sentence."""
    state = _first(detail, STATE_KEYS)
    return Reading(
        outcome=outcome_of(state),
        state=state,
        reason=_first(detail, REASON_KEYS),
        message=_first(detail, MESSAGE_KEYS),
    )


def _first(detail: dict[str, Any], keys: tuple[str, ...]) -> str | None:
    return next((found for key in keys if (found := text(detail.get(key)))), None)


def _region(name: str | None) -> str | None:
    """Global services have no region, and Health writes ``global``."""
    return None if name == "global" else name


def _spoken(value: Any, name: str, malformed: list[str]) -> str | None:  # noqa: ANN401  any JSON
    """A time as in mail, ``Fri, 27 Jan 2023 06:02:51 GMT``, in UTC; ISO 8601 as well."""
    if value is None:
        return None
    found = milliseconds(value)
    if found is None and isinstance(value, str):
        try:
            found = milliseconds(parsedate_to_datetime(value).isoformat())
        except (ValueError, TypeError, IndexError, OverflowError):
            found = None
    if found is None:
        malformed.append(name)
        return None
    return utc(found)
