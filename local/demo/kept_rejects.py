"""Counts the rejects that the bucket keeps, each once however often its batch was retried."""

import gzip
from typing import TYPE_CHECKING, Any

from logcore.codec import parse_json

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


def kept_rejects(s3: "S3Client", bucket: str, prefix: str) -> dict[str, dict[str, Any]]:
    """Reject lines by event id, read from every object below the prefix."""
    found: dict[str, dict[str, Any]] = {}
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for item in page.get("Contents", []):
            body = s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read()
            for line in gzip.decompress(body).splitlines():
                reject = parse_json(line)
                found[reject["event_id"]] = reject
    return found
