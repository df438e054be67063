"""What becomes of a batch of stream records that a function did not take: pure decisions.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

type KinesisRecord = dict[str, Any]
"""MiniStack's record: ``SequenceNumber``, ``PartitionKey``, ``Data`` (base64) and its arrival."""

ARRIVAL = "ApproximateArrivalTimestamp"
"""Key of a record's arrival, Unix seconds."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Records for one invocation.

    Attributes:
        attempts: How often these records were tried before.
    """

    records: Sequence[KinesisRecord]
    attempts: int = 0


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How an event source mapping treats failures.

    Attributes:
        max_retries: Tries after the first one; -1 is without end.
        max_age_seconds: Older records are discarded after a failure; -1 is without end.
        bisect: Whether a failed batch is split in two.
    """

    max_retries: int = -1
    max_age_seconds: int = -1
    bisect: bool = False

    @classmethod
    def of(cls, mapping: Mapping[str, Any]) -> Self:
        """The policy of a mapping as MiniStack keeps it; CloudFormation may leave text in it."""
        retries = mapping.get("MaximumRetryAttempts")
        age = mapping.get("MaximumRecordAgeInSeconds")
        return cls(
            max_retries=-1 if retries is None else int(retries),
            max_age_seconds=-1 if age is None else int(age),
            bisect=str(mapping.get("BisectBatchOnFunctionError", "")).lower() == "true",
        )


@dataclass(frozen=True, slots=True)
class Verdict:
    """What follows a failure.

    Attributes:
        again: Batches to try next, in order.
        discarded: Records to give up, as one batch with the number of its tries.
        condition: Why they are given up, in the words of the on-failure record.
        pause: Whether to wait before the next try.
    """

    again: list[Batch] = field(default_factory=list)
    discarded: Batch | None = None
    condition: str = ""
    pause: bool = False


def judge(batch: Batch, first_failed: int, policy: RetryPolicy, now: float) -> Verdict:
    """Decide about a batch whose records before ``first_failed`` were processed.

    A split, in two halves or at the record that the function names, is no retry: it does not
    count against ``max_retries``.
    """
    rest = batch.records[first_failed:]
    attempts = batch.attempts + 1
    if expired := _expired(rest, policy.max_age_seconds, now):
        younger = rest[len(expired) :]
        return Verdict(
            again=[Batch(younger, attempts)] if younger else [],
            discarded=Batch(expired, attempts),
            condition="MaxRecordAgeExceeded",
        )
    if policy.bisect and first_failed:
        return Verdict(again=[Batch(rest, batch.attempts)])
    if policy.bisect and len(rest) > 1:
        half = (len(rest) + 1) // 2
        return Verdict(again=[Batch(part, batch.attempts) for part in (rest[:half], rest[half:])])
    if 0 <= policy.max_retries < attempts:
        return Verdict(discarded=Batch(rest, attempts), condition="RetryAttemptsExhausted")
    return Verdict(again=[Batch(rest, attempts)], pause=True)


def _expired(
    records: Sequence[KinesisRecord], max_age_seconds: int, now: float
) -> Sequence[KinesisRecord]:
    """The leading records that are too old; a shard's records are in order of arrival."""
    if max_age_seconds < 0:
        return []
    count = sum(now - record[ARRIVAL] > max_age_seconds for record in records)
    return records[:count]


def first_failure(records: Sequence[KinesisRecord], answer: Any) -> int | None:  # noqa: ANN401  a function may return anything
    """Where a ``ReportBatchItemFailures`` answer says processing stopped, or ``None`` for success.

    The lowest reported sequence number counts. An identifier that is empty, unknown or under a
    wrong key fails the whole batch.

    Reference: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
    """
    failures = (answer or {}).get("batchItemFailures") if isinstance(answer, dict | None) else None
    if not failures:
        return None
    position = {record["SequenceNumber"]: i for i, record in enumerate(records)}
    named = [position.get(str(failure.get("itemIdentifier"))) for failure in failures]
    known = [i for i in named if i is not None]
    return min(known) if len(known) == len(named) else 0
