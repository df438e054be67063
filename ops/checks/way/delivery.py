"""Both delivery streams, and what lies where it should not: undelivered, rejected, set aside."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from infra.names import REJECT_PREFIX, UNDELIVERED_PREFIX
from ops.answer import Answer, error, ok, warning
from ops.checks.way.placed import bucket_name
from ops.refusal import unless
from ops.stacks import deployed, one
from ops.view import View

RECENT_HOURS: Final = 24


def archive(_region: str, view: View) -> Answer:
    """The raw archive is written."""
    return _delivering(view, "RawArchive", "archive")


def documents(_region: str, view: View) -> Answer:
    """Documents are delivered to the index."""
    return _delivering(view, "DeliveryStream", "documents")


def _delivering(view: View, part: str, failed: str) -> Answer:
    """A delivery stream is active, and nothing of the last day lies below its failed prefix.

    Reference: https://docs.aws.amazon.com/firehose/latest/APIReference/API_DescribeDeliveryStream.html
    """
    name = one(view, "AWS::KinesisFirehose::DeliveryStream", part)
    api = view.client("firehose")
    found = unless(
        {"ResourceNotFoundException"},
        lambda: api.describe_delivery_stream(DeliveryStreamName=name) if name else None,
    )
    told = found["DeliveryStreamDescription"] if found else {}
    status = told.get("DeliveryStreamStatus", "not there")
    if status != "ACTIVE":
        why = told.get("FailureDescription", {}).get("Details", "")
        return error(
            f"{name or part} is {status}{f': {why}' if why else ''}",
            "ACTIVE",
            "node_modules/.bin/cdk deploy '*-pipeline' -c config=…",
        )
    prefix = f"{UNDELIVERED_PREFIX}{failed}/"
    lying = _recent(view, prefix, view.clock.now() - timedelta(hours=RECENT_HOURS))
    if not lying:
        return ok(f"{name}, nothing undelivered for {RECENT_HOURS} h")
    return error(
        f"{len(lying)} objects below {prefix} since {min(lying):%Y-%m-%d %H:%M}",
        "none",
        f"aws logs tail /central-logs/{'archive' if failed == 'archive' else 'delivery'} "
        "--since 1d, then docs/operations/undelivered-documents.md",
    )


def rejects(_region: str, view: View) -> Answer:
    """Few records of the last hour were rejected: each is kept, and none is searched."""
    since = view.clock.now() - timedelta(hours=1)
    days = {since.strftime("%Y/%m/%d"), view.clock.now().strftime("%Y/%m/%d")}
    lying = [
        time for day in sorted(days) for time in _recent(view, f"{REJECT_PREFIX}{day}/", since)
    ]
    if not lying:
        return ok("none for an hour")
    return warning(
        f"{len(lying)} batches with rejects in the last hour",
        "none, unless a source has changed its form",
        f"the overview dashboard's rejects, or aws s3 ls --recursive "
        f"s3://{bucket_name(view)}/{REJECT_PREFIX}; docs/operations/rejects.md",
    )


def set_aside(_region: str, view: View) -> Answer:
    """No queue holds what was given up.

    References:
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_GetQueueAttributes.html
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_StartMessageMoveTask.html
    """
    held = [(logical, url, count) for logical, url, count in _waiting(view) if count]
    if not held:
        return ok("every queue of what was given up is empty")
    logical, url, count = held[0]
    arn = _arn(view, url)
    fix = (
        f"aws sqs start-message-move-task --source-arn {arn}, once the cause is gone"
        if "Object" in logical
        else f"replay their hours (docs/operations/set-aside-batches.md), then aws sqs purge-queue "
        f"--queue-url {url}"
    )
    return error(f"{count} messages in {url.rpartition('/')[2]}", "none", fix)


def _waiting(view: View) -> Iterator[tuple[str, str, int]]:
    """Each queue of what was given up, with how much of it there is, about."""
    sqs = view.client("sqs")
    for resource in deployed(view):
        if resource.type == "AWS::SQS::Queue" and "SetAside" in resource.logical:
            told = sqs.get_queue_attributes(
                QueueUrl=resource.id, AttributeNames=["ApproximateNumberOfMessages"]
            )
            count = int(told["Attributes"]["ApproximateNumberOfMessages"])
            yield resource.logical, resource.id, count


def _arn(view: View, url: str) -> str:
    told = view.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    return str(told["Attributes"]["QueueArn"])


def _recent(view: View, prefix: str, since: datetime) -> list[datetime]:
    """When what lies below a prefix of the archive was written, if lately.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    """
    bucket = bucket_name(view)
    if not bucket:
        return []
    api = view.client("s3")
    pages = api.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    return [
        written
        for page in pages
        for found in page.get("Contents", [])
        if (written := found["LastModified"]) >= since
    ]
