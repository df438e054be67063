"""A bucket with Object Lock takes nothing without a checksum: what our functions write has one.

The runtime's SDK may leave it out, so this client is told to where it can.

Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-put-object
"""

from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSPreparedRequest
from botocore.config import Config

from lambdas.delivery.rejects import Reject, RejectStore
from lambdas.snapshot_organisation.snapshot import take_snapshot
from tests.unit.test_rejects import REJECTED
from tests.unit.test_snapshot_organisation import NOW_MS, SETTINGS, FakeOrganizations

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

type Sent = list[AWSPreparedRequest]


class Unsent(Exception):  # noqa: N818  nothing went wrong
    """Every request ends here."""


@pytest.fixture
def sent() -> Sent:
    return []


@pytest.fixture
def s3(sent: Sent) -> "S3Client":
    """A real client whose requests go no further than this test."""

    def stop(request: AWSPreparedRequest, **_: Any) -> None:
        sent.append(request)
        raise Unsent

    client = boto3.client(
        "s3",
        region_name="us-east-1",
        aws_access_key_id="example",
        aws_secret_access_key="example",
        config=Config(request_checksum_calculation="when_required"),
    )
    client.meta.events.register("before-send.s3.PutObject", stop)
    return client


def checksums(sent: Sent) -> list[object]:
    """The algorithm that each request says; its sum follows the body."""
    return [request.headers.get("x-amz-sdk-checksum-algorithm") for request in sent]


def test_rejects_are_written_with_a_checksum(s3: "S3Client", sent: Sent) -> None:
    with pytest.raises(Unsent):
        RejectStore(s3, "archive", "rejects/").keep([Reject(REJECTED, "1", NOW_MS)], "rejected")

    assert checksums(sent) == [b"CRC32"]


def test_the_organisation_is_written_with_a_checksum(s3: "S3Client", sent: Sent) -> None:
    with pytest.raises(Unsent):
        take_snapshot(FakeOrganizations(), s3, SETTINGS, now_ms=NOW_MS)

    assert checksums(sent) == [b"CRC32"]
