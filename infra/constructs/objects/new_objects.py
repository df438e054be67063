"""The event pattern of a bucket's new objects.

Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html
"""

from typing import Any

from infra.config.objects import LogBucket


def new_objects(bucket: LogBucket) -> dict[str, Any]:
    """``{"source": ["aws.s3"], "detail-type": ["Object Created"], "detail": …}``."""
    below = {"object": {"key": [{"prefix": bucket.prefix}]}} if bucket.prefix else {}
    return {
        "source": ["aws.s3"],
        "detail-type": ["Object Created"],
        "detail": {"bucket": {"name": [bucket.name]}, **below},
    }


def new_objects_from(bucket: LogBucket) -> dict[str, Any]:
    """The same, as far as they come from its own account and region: for a bus that others use."""
    return {**new_objects(bucket), "account": [bucket.account], "region": [bucket.region]}
