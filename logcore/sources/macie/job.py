"""What a sensitive data discovery job did, and what kept it from looking.

Reference: https://docs.aws.amazon.com/macie/latest/user/discovery-jobs-monitor-cw-logs-ref.html
"""

from typing import Any

from logcore.record import Document
from logcore.shape import obj, text, time

PHASES = {
    "JOB_CREATED": ("info", None),
    "ONE_TIME_JOB_STARTED": ("start", None),
    "SCHEDULED_RUN_STARTED": ("start", None),
    "JOB_COMPLETED": ("end", "success"),
    "SCHEDULED_RUN_COMPLETED": ("end", "success"),
    "JOB_CANCELLED": ("end", None),
}
"""ECS ``event.type`` and ``event.outcome`` of a change of state; of any other, ``change``."""

_ERRORS = ("ACCOUNT_", "BUCKET_")  # how the types of errors begin
_NO_ERRORS = frozenset({"BUCKET_MATCHED_THE_CRITERIA"})


def document_of(event: dict[str, Any], malformed: list[str]) -> Document:
    """The ECS fields of an event of a job; may hold ``None``.

    The account is the one whose data could not be looked at, where the event names one, else the
    one that made the job.
    """
    kind, described = text(event.get("eventType")) or "", text(event.get("description"))
    phase, outcome = PHASES.get(kind, ("change", None))
    is_error = kind.startswith(_ERRORS) and kind not in _NO_ERRORS
    affected = obj(event.get("affectedResource"))
    is_bucket = affected.get("type") == "S3_BUCKET_NAME"
    return {
        "@timestamp": time(event.get("occurredAt"), "occurredAt", malformed),
        "message": described or kind,
        "event": {
            "kind": "event",
            "category": ["process"],
            "type": ["info"] if is_error else [phase],
            "action": kind,
            "outcome": "failure" if is_error else outcome,
            "start": time(event.get("runDate"), "runDate", malformed),
            "reason": described if is_error else None,
        },
        "error": {"code": kind, "message": described} if is_error else {},
        "cloud": {
            "account": {
                "id": text(event.get("affectedAccount")) or text(event.get("adminAccountId"))
            },
            "service": {"name": "macie"},
        },
        "observer": {"vendor": "Amazon Macie"},
        "macie": {
            "job_id": text(event.get("jobId")),
            "job_name": text(event.get("jobName")),
            "bucket": text(affected.get("value")) if is_bucket else None,
        },
    }
