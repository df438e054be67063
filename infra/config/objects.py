"""The section that says which log files in S3 are read, and which buckets are made for them."""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.base import AccountId, BucketName, Days, KeyArn, Region, Strict, named_once
from infra.names import log_bucket

type LogService = Literal["elb", "cloudfront", "s3access"]
"""What delivers log files: load balancers, CloudFront, server access logs of S3."""

EDGE_REGION = "us-east-1"
"""Where CloudFront's deliveries are made, wherever their bucket is:
https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html"""


class LogBucket(Strict):
    """A bucket that log files are written to, of this account or of another one.

    Attributes:
        name: Its name.
        prefix: Beginning of the keys that are read; empty for all.
        key_arn: Customer-managed key that its objects are encrypted with, if it is one.
        account: Account that it belongs to; the central one where it is left out.
        region: Region that it is in; the central one where it is left out.
    """

    name: BucketName
    prefix: Annotated[str, StringConstraints(pattern=r"^[^*?$]{0,512}$")] = ""
    key_arn: KeyArn | None = None
    account: AccountId | None = None
    region: Region | None = None


class CentralBuckets(Strict):
    """Buckets of the deployment's own, one in each of its regions, that services deliver to.

    Attributes:
        enabled: Whether there are any.
        services: What may deliver to them.
        expire_after_days: Age at which their objects are deleted; 0 for never.
    """

    enabled: bool = False
    services: Annotated[tuple[LogService, ...], Field(min_length=1)] = (
        "elb",
        "cloudfront",
        "s3access",
    )
    expire_after_days: Days = 30

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        named_once("services", self.services)
        return self


class Objects(Strict):
    """Log files in S3 and the function that reads them; without a bucket there is neither.

    Limits: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """

    central: CentralBuckets = CentralBuckets()
    buckets: tuple[LogBucket, ...] = ()
    memory_mib: Annotated[int, Field(ge=128, le=10_240)] = 1_769
    timeout_seconds: Annotated[int, Field(ge=60, le=900)] = 900
    batch_size: Annotated[int, Field(ge=1, le=10)] = 5
    max_concurrency: Annotated[int, Field(ge=2, le=1_000)] = 10
    attempts: Annotated[int, Field(ge=1, le=1_000)] = 5

    @model_validator(mode="after")
    def _read_once(self) -> Self:
        """Refuse two prefixes of one bucket of which one begins with the other."""
        for bucket in self.buckets:
            for other in self.buckets:
                is_same = bucket is not other and bucket.name == other.name
                if is_same and other.prefix.startswith(bucket.prefix):
                    raise ValueError(
                        f"buckets: {other.name}/{other.prefix} would be read twice, it lies below "
                        f"{bucket.name}/{bucket.prefix}"
                    )
        return self


def named_buckets(objects: Objects, account: str, region: str) -> tuple[LogBucket, ...]:
    """The buckets that the file names, each with its account and region."""
    home = {"account": account, "region": region}
    return tuple(
        b.model_copy(update=home | b.model_dump(exclude_none=True)) for b in objects.buckets
    )


def made_buckets(objects: Objects, account: str, regions: tuple[str, ...]) -> tuple[LogBucket, ...]:
    """The deployment's own buckets, the central region's first; none unless it has some."""
    if not objects.central.enabled:
        return ()
    return tuple(
        LogBucket(name=log_bucket(account, region), account=account, region=region)
        for region in regions
    )


def check_buckets(named: tuple[LogBucket, ...], made: tuple[LogBucket, ...]) -> None:
    """Check that no bucket is both: made by the deployment, and named as one that is there.

    Raises:
        ValueError: one is; it would be read twice.
    """
    own = {bucket.name for bucket in made}
    for bucket in named:
        if bucket.name in own:
            raise ValueError(
                f"objects.buckets: {bucket.name} is made and read by objects.central; expected "
                "buckets of others"
            )
