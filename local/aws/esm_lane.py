"""Where an event source mapping stands in a shard, and what it would read next.

``ParallelizationFactor`` divides a shard into lanes by partition key, so that the records of one
key keep their order.

Reference: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
"""

import bisect
import hashlib
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from local.aws.esm_batch import ARRIVAL, Batch, KinesisRecord

MAX_PAYLOAD_BYTES = 6 * 2**20
"""One invocation's payload: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""

_ENTRY_BYTES = 700  # of an event's record around its data, with long ARNs; measured: about 600
_FIRST = ""  # sorts before every sequence number


@dataclass(slots=True)
class Lane:
    """One sequence of batches.

    Attributes:
        cursor: Sequence number of the last record that was read; later ones are unread.
        todo: Batches that were read and are not finished; the first may be running.
        busy: Whether a thread works on ``todo``.
        not_before: When the next try may start, Unix seconds.
    """

    cursor: str = _FIRST
    todo: deque[Batch] = field(default_factory=deque)
    busy: bool = False
    not_before: float = 0.0


@dataclass(slots=True)
class ShardReader:
    """A mapping's lanes in one shard."""

    lanes: list[Lane]

    @classmethod
    def at(cls, cursor: str = _FIRST) -> "ShardReader":
        """Start behind ``cursor``; by default with the oldest record that is kept."""
        return cls([Lane(cursor)])

    def divide(self, factor: int) -> None:
        """Change the number of lanes, once nothing runs; some records are then read again."""
        if factor == len(self.lanes) or any(lane.busy or lane.todo for lane in self.lanes):
            return
        cursor = min(lane.cursor for lane in self.lanes)
        self.lanes = [Lane(cursor) for _ in range(factor)]

    def unread(self, number: int, records: Sequence[KinesisRecord]) -> Iterator[KinesisRecord]:
        """The records of lane ``number`` behind its cursor, oldest first."""
        start = bisect.bisect_right(records, self.lanes[number].cursor, key=_sequence_number)
        lanes = len(self.lanes)
        return (
            record
            for record in islice(records, start, None)
            if lanes == 1 or _lane_of(record["PartitionKey"], lanes) == number
        )

    def pending(self, records: Sequence[KinesisRecord]) -> int:
        """How many of the shard's records are unread or unfinished."""
        unread = sum(1 for number in range(len(self.lanes)) for _ in self.unread(number, records))
        return unread + sum(len(batch.records) for lane in self.lanes for batch in list(lane.todo))


def next_batch(
    unread: Iterator[KinesisRecord], size: int, window_seconds: float, now: float
) -> Batch | None:
    """The next records for one invocation, or ``None`` while it is worth waiting for more.

    A batch is ready with ``size`` records, at the payload limit, or when its oldest record has
    waited for ``window_seconds``.
    """
    records, payload = list[KinesisRecord](), 0
    for record in islice(unread, size):
        payload += len(record["Data"]) + len(record["PartitionKey"].encode()) + _ENTRY_BYTES
        if records and payload > MAX_PAYLOAD_BYTES:
            return Batch(records)
        records.append(record)
    if not records:
        return None
    due = len(records) == size or now - records[0][ARRIVAL] >= window_seconds
    return Batch(records) if due else None


def _sequence_number(record: KinesisRecord) -> str:
    number: str = record["SequenceNumber"]
    return number


def _lane_of(partition_key: str, lanes: int) -> int:
    digest = hashlib.md5(partition_key.encode(), usedforsecurity=False).digest()
    return int.from_bytes(digest[:4]) % lanes
