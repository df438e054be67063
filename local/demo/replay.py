"""Sends everything a second time: what the raw archive holds goes onto the stream again.

That is what a replay does, and what AWS does by itself now and then: every hand-over promises at
least one delivery. It shows as well that the archive is complete.
"""

from collections.abc import Iterator
from itertools import batched
from typing import TYPE_CHECKING

from logcore.archive import split_archive

if TYPE_CHECKING:
    from mypy_boto3_kinesis import KinesisClient
    from mypy_boto3_s3 import S3Client

MOST_RECORDS = 500
"""Of PutRecords: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html"""


def archived(s3: "S3Client", bucket: str, prefix: str) -> Iterator[bytes]:
    """Every payload in the archive, oldest object first."""
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
    for page in pages:
        for item in page.get("Contents", []):
            yield from split_archive(s3.get_object(Bucket=bucket, Key=item["Key"])["Body"].read())


def replay(payloads: Iterator[bytes], kinesis: "KinesisClient", stream: str) -> int:
    """Put the payloads onto the stream; gives how many there were.

    Raises:
        RuntimeError: the stream did not take a record.
    """
    total = 0
    for batch in batched(payloads, MOST_RECORDS):
        answer = kinesis.put_records(
            StreamName=stream,
            Records=[{"Data": data, "PartitionKey": str(n)} for n, data in enumerate(batch)],
        )
        if answer["FailedRecordCount"]:
            raise RuntimeError(f"{stream}: {answer['FailedRecordCount']} records were not taken")
        total += len(batch)
    return total
