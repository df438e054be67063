"""The section that says which log files in S3 are read."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.base import AccountId, BucketName, KeyArn, Strict


class LogBucket(Strict):
    """A bucket that log files are written to, of this account or of another one.

    Attributes:
        name: Its name.
        prefix: Beginning of the keys that are read; empty for all.
        key_arn: Customer-managed key that its objects are encrypted with, if it is one.
        account: Account that it belongs to; the central one where it is left out.
    """

    name: BucketName
    prefix: Annotated[str, StringConstraints(pattern=r"^[^*?$]{0,512}$")] = ""
    key_arn: KeyArn | None = None
    account: AccountId | None = None


class Objects(Strict):
    """Log files in S3 and the function that reads them; without a bucket there is neither.

    Limits: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
    """

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
