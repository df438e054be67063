"""An evaluation began, or a file of history or a snapshot is on its way, there or lost.

Reference: https://docs.aws.amazon.com/config/latest/developerguide/notifications-for-AWS-Config.html
"""

from typing import Any

from logcore.record import Document
from logcore.shape import listed, text, time, unique

PHASES = (
    ("Started", "start", None),
    ("Completed", "end", "success"),
    ("Failed", "end", "failure"),
)
"""ECS ``event.type`` and ``event.outcome`` by the end of the ``messageType``."""


def document_of(message: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a step; may hold ``None``."""
    kind = text(message.get("messageType")) or ""
    found = ((phase, outcome) for word, phase, outcome in PHASES if kind.endswith(word))
    phase, outcome = next(found, ("info", None))
    rules = unique(*map(text, listed(message.get("configRuleNames"))))
    key = text(message.get("s3ObjectKey"))
    bucket = text(message.get("s3Bucket")) or text(message.get("s3bucket"))
    sent = time(message.get("notificationCreationTime"), "notificationCreationTime", malformed)
    return {
        "@timestamp": sent,
        "message": " ".join((kind, *(rules or ()), *filter(None, (key,)))),
        "event": {
            "kind": "event",
            "category": ["process"],
            "type": [phase],
            "action": kind,
            "outcome": outcome,
            "created": sent,
        },
        "error": {
            "code": text(message.get("errorCode")),
            "message": text(message.get("errorMessage")),
        },
        "rule": {"name": rules},
        "cloud": {
            "account": {"id": text(message.get("awsAccountId"))},
            "region": text(message.get("awsRegion")),
            "service": {"name": "config"},
        },
        "file": {"path": key, "name": key.rpartition("/")[2] or None if key else None},
        "config": {
            "delivered_to": f"{bucket}/{key}" if bucket and key else bucket,
            "snapshot_id": text(message.get("configSnapshotId")),
        },
    }
