"""Whether the objects that enrichment asks are where the configuration says."""

from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import NamedTuple

from infra.config import DeploymentConfig
from infra.names import stack_name
from ops.answer import Answer, ok, warning
from ops.refusal import unless
from ops.view import View

ABSENT = {"404", "NoSuchBucket", "NoSuchKey"}
EXPECTED = "the object, or documents come without what it knows"


class Brought(NamedTuple):
    """An object that the deployer brings; without a bucket it lies in the archive's."""

    bucket: str
    key: str


def brought(config: DeploymentConfig) -> Mapping[str, Brought]:
    """Every object that places and indicators need, by its name in the configuration."""
    sections = (config.enrichment.geo, config.enrichment.indicators)
    return {
        f"s3://{objects.bucket or '(archive)'}/{key}": Brought(objects.bucket, key)
        for objects in sections
        for key in objects.keys
    }


def readable(wanted: Brought, view: View) -> Answer:
    """The object is there.

    Who may not list the bucket is told 403 for an absent object, and so cannot know.

    Reference: https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    bucket, s3 = wanted.bucket or _archive(view), view.client("s3")
    file = PurePosixPath(wanted.key).name
    if not bucket:
        return warning(
            f"the bucket comes with {stack_name(view.config.stage, 'search')}",
            EXPECTED,
            f"after the deployment: aws s3 cp {file} s3://BUCKET/{wanted.key}",
        )
    found = unless(ABSENT, lambda: s3.head_object(Bucket=bucket, Key=wanted.key))
    if found is None:
        return warning(
            f"no {wanted.key} in {bucket}",
            EXPECTED,
            f"aws s3 cp {file} s3://{bucket}/{wanted.key}",
        )
    return ok(f"{found['ContentLength']} bytes of {found['LastModified']:%Y-%m-%d}")


def _archive(view: View) -> str:
    """Name of the archive's bucket; empty before it is deployed."""
    buckets = (id_ for kind, id_ in view.owned("search") if kind == "AWS::S3::Bucket")
    return next(buckets, "")
