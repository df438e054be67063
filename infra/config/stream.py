"""The sections of the central account's way from the stream to the index."""

from typing import Annotated, Literal

from pydantic import Field

from infra.config.base import AccountId, Region, Strict
from infra.config.existing import StreamArn
from infra.names import CENTRAL_LOGS

LONGEST_RECORD_AGE_HOURS = 168
"""What an event source mapping takes at most:
https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html"""


ON_DEMAND_SHARDS = 4
"""What an on-demand stream begins with:
https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html"""


class Central(Strict):
    """The account that logs come together in."""

    account: AccountId
    region: Region


class Stream(Strict):
    """The Kinesis stream that everything passes; where one is given, what it is like.

    Limits: https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html
    """

    existing: StreamArn | None = None
    mode: Literal["provisioned", "on_demand"]
    shards: Annotated[int, Field(ge=1, le=500)] = 1
    retention_hours: Annotated[int, Field(ge=24, le=8_760)] = 24

    @property
    def name(self) -> str:
        """Its name."""
        return (self.existing or CENTRAL_LOGS).rpartition("/")[2]

    @property
    def first_shards(self) -> int:
        """With how many shards it begins."""
        return self.shards if self.mode == "provisioned" else ON_DEMAND_SHARDS

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


def check_concurrency(stream: Stream, function: Function) -> None:
    """Check that the function may run as often at once as the stream asks it to.

    Reference: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html

    Raises:
        ValueError: less is reserved, so shards would wait for one another.
    """
    shards = stream.first_shards
    needed = shards * function.parallelisation
    if function.reserved_concurrency is not None and function.reserved_concurrency < needed:
        raise ValueError(
            f"function.reserved_concurrency {function.reserved_concurrency}: expected {needed} or "
            f"more, {shards} shards are read by {function.parallelisation} at once each"
        )


class Delivery(Strict):
    """Firehose on its way to OpenSearch.

    Limits: https://docs.aws.amazon.com/firehose/latest/APIReference/API_AmazonopensearchserviceBufferingHints.html
    """

    buffer_seconds: Annotated[int, Field(ge=0, le=900)] = 60
    buffer_mib: Annotated[int, Field(ge=1, le=100)] = 5
    retry_seconds: Annotated[int, Field(ge=0, le=7_200)] = 3_600
