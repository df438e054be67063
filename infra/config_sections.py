"""The sections of a deployment's config, each with the limits of the service behind it."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

AccountId = Annotated[str, StringConstraints(pattern=r"^\d{12}$")]
Region = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}(-[a-z]+)+-\d$")]
BucketName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$")]
KeyArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/.+$")]
RoleArn = Annotated[str, StringConstraints(pattern=r"^arn:aws[a-z-]*:iam::\d{12}:role/.+$")]
SecretArn = Annotated[
    str,
    StringConstraints(
        pattern=r"^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:.+-[A-Za-z0-9]{6}$"
    ),
]
"""With the six characters that Secrets Manager adds, so that the right to read it fits it alone."""

Days = Annotated[int, Field(ge=0, le=3_650)]
"""Days until something happens; 0 for never."""

LONGEST_RECORD_AGE_HOURS = 168
"""What an event source mapping takes at most:
https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"""

BURSTABLE = ("t2.", "t3.")
"""Instance families without standby and without warm nodes:
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html"""

LONGEST_MONTH_DAYS = 31
"""How old an index of a month may be while events of today still go to it."""


class Strict(BaseModel):
    """Base of config sections: unknown keys are errors, values never change after loading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Central(Strict):
    """The account that logs come together in."""

    account: AccountId
    region: Region


class Stream(Strict):
    """The Kinesis stream that everything passes.

    Limits: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
    """

    mode: Literal["provisioned", "on_demand"]
    shards: Annotated[int, Field(ge=1, le=500)] = 1
    retention_hours: Annotated[int, Field(ge=24, le=8_760)] = 24

    @property
    def oldest_read_hours(self) -> int:
        """Age at which a record is set aside: an hour before the stream forgets it."""
        return min(self.retention_hours - 1, LONGEST_RECORD_AGE_HOURS)


class Function(Strict):
    """The normalise function.

    Limits: https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
    """

    architecture: Literal["arm64", "x86_64"] = "arm64"
    wheels: Literal["lambda", "host"] = "lambda"
    memory_mib: Annotated[int, Field(ge=128, le=10_240)] = 1_769
    timeout_seconds: Annotated[int, Field(ge=10, le=900)] = 120
    batch_size: Annotated[int, Field(ge=1, le=10_000)] = 500
    batch_window_seconds: Annotated[int, Field(ge=0, le=300)] = 5
    parallelisation: Annotated[int, Field(ge=1, le=10)] = 1
    retry_attempts: Annotated[int, Field(ge=0, le=10_000)] = 8
    reserved_concurrency: Annotated[int, Field(ge=1)] | None = None
    log_retention_days: Literal[1, 3, 5, 7, 14, 30, 60, 90, 180, 365] = 30


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


class Delivery(Strict):
    """Firehose on its way to OpenSearch.

    Limits: https://docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceBufferingHints.html
    """

    buffer_seconds: Annotated[int, Field(ge=0, le=900)] = 60
    buffer_mib: Annotated[int, Field(ge=1, le=100)] = 5
    retry_seconds: Annotated[int, Field(ge=0, le=7_200)] = 3_600


class Search(Strict):
    """The OpenSearch domain."""

    engine_version: Annotated[str, StringConstraints(pattern=r"^OpenSearch_\d+\.\d+$")]
    data_nodes: Annotated[int, Field(ge=1, le=80)]
    instance_type: Annotated[str, StringConstraints(pattern=r"^[a-z0-9]+\.[a-z0-9]+\.search$")]
    volume_gib: Annotated[int, Field(ge=10, le=24_576)]
    zones: Literal[1, 2, 3] = 1
    standby: bool = False
    master_type: str | None = None
    warm_nodes: Annotated[int, Field(ge=0, le=150)] = 0
    cold_storage: bool = False
    shards: Annotated[int, Field(ge=1, le=64)] = 1
    replicas: Annotated[int, Field(ge=0, le=2)] = 0
    analyst_roles: tuple[RoleArn, ...] = ()

    @model_validator(mode="after")
    def _nodes_fit(self) -> Self:
        """Refuse what the service would refuse after half an hour.

        Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html
        """
        if self.data_nodes % self.zones:
            raise ValueError(
                f"data_nodes {self.data_nodes}: expected a multiple of zones {self.zones}"
            )
        if self.standby and (self.zones, self.replicas, bool(self.master_type)) != (3, 2, True):
            raise ValueError(
                "standby: expected zones 3 (and so 3 data nodes or more), replicas 2 and a "
                f"master_type; found zones {self.zones}, replicas {self.replicas}, "
                f"master_type {self.master_type}"
            )
        if self.replicas >= self.data_nodes:
            raise ValueError(
                f"replicas {self.replicas}: each copy needs a node of its own, "
                f"expected data_nodes above {self.replicas}, found {self.data_nodes}"
            )
        return self

    @model_validator(mode="after")
    def _tiers_fit(self) -> Self:
        """Refuse tiers that lack what they stand on.

        Reference: https://docs.aws.amazon.com/opensearch-service/latest/developerguide/ultrawarm.html
        """
        if self.warm_nodes == 1:
            raise ValueError("warm_nodes 1: expected 0, or 2 and more")
        if self.warm_nodes and not self.master_type:
            raise ValueError(f"warm_nodes {self.warm_nodes}: expected a master_type as well")
        if self.cold_storage and not self.warm_nodes:
            raise ValueError("cold_storage: expected warm_nodes 2 or more, found 0")
        if self.instance_type.startswith(BURSTABLE) and (self.standby or self.warm_nodes):
            raise ValueError(
                f"instance_type {self.instance_type}: T2 and T3 have neither standby nor warm nodes"
            )
        return self


class Archive(Strict):
    """The bucket with the untouched records; 0 days means never."""

    infrequent_after_days: Days = 0
    glacier_after_days: Days = 0
    expire_after_days: Days = 0
    reject_expire_after_days: Days = 90

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        """Refuse steps out of order; S3 moves nothing to infrequent access before 30 days.

        Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
        """
        if 0 < self.infrequent_after_days < 30:  # noqa: PLR2004  the reference's 30 days
            raise ValueError(
                f"infrequent_after_days {self.infrequent_after_days}: expected 0, or 30 and more"
            )
        in_order(
            "infrequent, glacier, expire",
            (self.infrequent_after_days, self.glacier_after_days, self.expire_after_days),
        )
        return self


class Redaction(Strict):
    """What rules need that hash.

    Attributes:
        key_secret: ARN of a secret in the central account and region whose value is the key of
            hashes, 16 characters or more; empty when no rule hashes.
    """

    key_secret: SecretArn | Literal[""] = ""


class Dataset(Strict):
    """How one dataset is delivered and how long it stays; days count from the index's age.

    Attributes:
        period: What one index holds: a ``day`` or a ``month`` of this dataset, or, ``shared``, a
            month of every dataset that says so. Shared indices stay as long as the dataset among
            them that stays longest.
        rules: What is dropped, sampled or redacted, in order; ``logcore.rules`` checks them. Those
            of the default hold for every dataset, after its own.
    """

    sink: Literal["firehose", "direct"] = "firehose"
    period: Literal["day", "month", "shared"] = "day"
    keep_original: bool = False
    rules: tuple[Mapping[str, Any], ...] = ()
    warm_after_days: Days = 0
    cold_after_days: Days = 0
    delete_after_days: Days = 0

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        in_order(
            "warm, cold, delete",
            (self.warm_after_days, self.cold_after_days, self.delete_after_days),
        )
        return self

    @model_validator(mode="after")
    def _months_end_before_they_age(self) -> Self:
        """Refuse to close or delete a month's index while it is still written to."""
        first = self.warm_after_days or self.cold_after_days or self.delete_after_days
        if self.period != "day" and 0 < first < LONGEST_MONTH_DAYS:
            raise ValueError(
                f"period {self.period!r}: one index takes a month of events, so expected ages of "
                f"{LONGEST_MONTH_DAYS} days or more, found {first}"
            )
        return self


def in_order(stages: str, ages: tuple[int, ...]) -> None:
    """Check that the stages which happen at all do so one after the other.

    Raises:
        ValueError: a later stage has a smaller age.
    """
    found = [days for days in ages if days]
    if found != sorted(found):
        raise ValueError(f"{stages}: expected growing ages, found {found} days")


def named_once(what: str, names: tuple[str, ...]) -> None:
    """Check that a list repeats nothing.

    Raises:
        ValueError: it does; each repeated name is told.
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"{what}: named twice: {', '.join(twice)}")
