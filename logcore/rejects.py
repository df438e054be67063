"""What becomes of a rejected record: a line to keep and replay, and a document to see."""

from typing import Any

from logcore import identity
from logcore.record import Document, Rejected
from logcore.registry import REJECTS
from logcore.shape import compact, utc

SHOWN = 8_191  # characters of the message in the document; the kept line has all of it


def reject_line(rejected: Rejected) -> dict[str, Any]:
    """Everything needed to understand and to replay a reject, as one JSON object."""
    record, origin = rejected.record, rejected.record.origin
    return {
        "event_id": identity.event_id(record),
        "source": rejected.source,
        "reason": rejected.reason,
        "detail": rejected.detail,
        "record": {
            "id": record.id,
            "time_ms": record.time_ms,
            "message": record.message,
            "transport": origin.transport,
            "account": origin.account,
            "region": origin.region,
            "owner": origin.owner,
            "log_group": origin.log_group,
            "log_stream": origin.log_stream,
            "event_source": origin.event_source,
            "detail_type": origin.detail_type,
            "bucket": origin.bucket,
            "key": origin.key,
            "etag": origin.etag,
            "header": origin.header,
        },
    }


def reject_document(rejected: Rejected, arrived_ms: int) -> Document:
    """An ECS document of kind ``pipeline_error``, so that rejects show up beside the events.

    Args:
        rejected: The reject.
        arrived_ms: When its payload reached the stream; stands in for a record without a time.
    """
    record, origin = rejected.record, rejected.record.origin
    return compact(
        {
            "@timestamp": utc(record.time_ms or arrived_ms),
            "ecs": {"version": "9.0.0"},
            "event": {
                "kind": "pipeline_error",
                "id": identity.event_id(record),
                "dataset": REJECTS,
                "module": "pipeline",
                "reason": rejected.reason,
                "original": record.message[:SHOWN],
            },
            "error": {"code": rejected.reason, "message": rejected.detail},
            "pipeline": {"source": rejected.source},
            "cloud": {
                "provider": "aws",
                "account": {"id": origin.account or None},
                "region": origin.region or None,
            },
            "aws": {
                "cloudwatch": {
                    "log_group": origin.log_group or None,
                    "log_stream": origin.log_stream or None,
                },
                "eventbridge": {
                    "source": origin.event_source or None,
                    "detail_type": origin.detail_type or None,
                },
                "s3": {
                    "bucket": {"name": origin.bucket or None},
                    "object": {"key": origin.key or None},
                },
            },
        }
    )
