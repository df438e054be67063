"""An access preview: what findings a policy would bring, before it is put into force.

Reference: https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-access-preview.html
"""

from typing import Any

from logcore.record import Document
from logcore.shape import listed, obj, text, time

PHASES = {
    "CREATING": ("start", None),
    "COMPLETED": ("end", "success"),
    "FAILED": ("end", "failure"),
}
"""ECS ``event.type`` and ``event.outcome`` by the preview's status."""


def document_of(detail: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of a change of state; may hold ``None``."""
    status, preview_id = text(detail.get("status")), text(detail.get("accessPreviewId"))
    phase, outcome = PHASES.get(status or "", ("change", None))
    resources = [text(resource) for resource in listed(detail.get("configuredResources"))]
    reason = text(obj(detail.get("statusReason")).get("code"))
    return {
        "@timestamp": None,  # the preview says when it was made, the event when it changed
        "message": " ".join(filter(None, ("Access preview", status, *resources))),
        "event": {
            "id": "/".join(filter(None, (preview_id, status))),
            "kind": "event",
            "category": ["process"],
            "type": [phase],
            "action": "AccessPreview",
            "outcome": outcome,
            "created": time(detail.get("createdAt"), "createdAt", malformed),
            "reason": reason,
        },
        "error": {"code": reason if outcome == "failure" else None},
        "cloud": {
            "region": text(detail.get("region")),
            "service": {"name": "access-analyzer"},
        },
        "observer": {"vendor": "IAM Access Analyzer"},
        "access_analyzer": {
            "finding_id": preview_id,
            "access": "preview",
            "status": status,
            "previous_status": text(detail.get("previousStatus")),
            "resource": resources[0] if resources else None,
        },
    }
