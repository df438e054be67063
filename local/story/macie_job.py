"""What Macie's weekly job writes into the log group of the administrator.

Reference: https://docs.aws.amazon.com/macie/latest/user/discovery-jobs-monitor-cw-logs-ref.html
"""

from collections.abc import Iterator
from typing import Any

from local.story.clock import Clock
from local.story.entry import LogLine, Place
from local.story.organisation import ADMINISTRATOR, CENTRAL, HOME
from logcore.codec import dump_json
from logcore.shape import utc

GROUP = "/aws/macie/classificationjobs"
JOB = "3ce05dbb7ec5505def334104b0000001"

_JOB: tuple[tuple[float, str, str, dict[str, Any]], ...] = (
    (15.2, "JOB_CREATED", "The job was created.", {}),
    (15.1, "SCHEDULED_RUN_STARTED", "The scheduled job run started running.", {}),
    (
        15.05,
        "BUCKET_ACCESS_DENIED",
        "Macie doesn't have permission to access the affected S3 bucket.",
        {
            "operation": "ListObjectsV2",
            "affectedAccount": CENTRAL,
            "affectedResource": {"type": "S3_BUCKET_NAME", "value": "example-legal-hold"},
        },
    ),
    (14.5, "SCHEDULED_RUN_COMPLETED", "The scheduled job run finished running.", {}),
)
"""What a job writes, by hours before the end."""


def lines(clock: Clock) -> Iterator[LogLine]:
    """One run, which may not look into one bucket."""
    for hours, kind, text, more in _JOB:
        yield _said(clock.hours_before_end(hours), kind, text, more)


def _said(time_ms: int, kind: str, text: str, more: dict[str, Any]) -> LogLine:
    record = {
        "adminAccountId": ADMINISTRATOR,
        "jobId": JOB,
        "jobName": "weekly-exports",
        "eventType": kind,
        "occurredAt": utc(time_ms),
        "description": text,
        "runDate": utc(time_ms),
        **more,
    }
    return LogLine(
        place=Place(CENTRAL, HOME),
        group=GROUP,
        stream=JOB,
        time_ms=time_ms,
        message=dump_json(record).decode(),
        dataset="aws.macie",
    )
