"""A resource was made, changed or deleted; of an item too large for an event, its summary.

References:
https://docs.aws.amazon.com/config/latest/developerguide/example-sns-notification.html
https://docs.aws.amazon.com/config/latest/developerguide/oversized-notification-example.html
"""

import re
from typing import Any

from logcore.record import Document
from logcore.shape import obj, text, time, unique
from logcore.sources.config.item import described, identity
from logcore.sources.config.resource import Resource

TYPES = {"CREATE": "creation", "UPDATE": "change", "DELETE": "deletion"}
"""ECS ``event.type`` by Config's word for the change."""

_MOST_PROPERTIES = 100  # names of changed properties that are promoted; all are in aws.config
_INDEX = re.compile(r"\.\d+(?=\.|\Z)")


def document_of(message: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a change; may hold ``None``."""
    summary = obj(message.get("configurationItemSummary"))
    found = obj(message.get("configurationItem")) or summary
    diff, delivery = (
        obj(message.get("configurationItemDiff")),
        obj(message.get("s3DeliverySummary")),
    )
    kind = text(diff.get("changeType")) or text(summary.get("changeType"))
    resource = Resource.of(found)
    fields = described(found, resource, malformed)
    sent = time(message.get("notificationCreationTime"), "notificationCreationTime", malformed)
    named = identity(found, resource)
    fields["@timestamp"] = fields["@timestamp"] or sent
    fields["message"] = f"{kind or 'CHANGE'} {resource.label}"
    fields["event"] |= {
        "id": f"{named}/change" if named else None,
        "kind": "event",
        "type": [TYPES.get(kind or "", "change")],
        "action": text(message.get("messageType")),
        "created": sent,
    }
    fields["error"] = {
        "code": text(delivery.get("errorCode")),
        "message": text(delivery.get("errorMessage")),
    }
    fields["config"] |= {
        "change_type": kind,
        "changed_properties": _properties(obj(diff.get("changedProperties"))),
        "delivered_to": text(delivery.get("s3BucketLocation")),
    }
    return fields


def _properties(changed: dict[str, Any]) -> list[Any] | None:
    """Their names without places in lists: ``Configuration.SecurityGroups``."""
    names = unique(*(_INDEX.sub("", name) for name in changed))
    return names[:_MOST_PROPERTIES] if names else None
