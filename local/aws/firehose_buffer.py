"""Collects records per destination and hands them over when enough of them, or the oldest, is due.

Reference: https://docs.aws.amazon.com/firehose/latest/dev/create-configure-backup.html
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from local.aws.firehose_records import Record

type Deliver = Callable[[list[Record]], list[Record]]
"""Takes a batch and gives back what is still undelivered, to be tried again later."""

log = logging.getLogger("local.aws.firehose")

_MIB = 2**20
_DRAIN_PAUSE_SECONDS = 0.05  # between looks at what other threads deliver, or is refused again


@dataclass(slots=True)
class _Queue:
    """What waits for one destination.

    Attributes:
        limit_bytes: A batch is due at this size and never grows past it by more than a record.
        interval_seconds: A batch is due when its oldest record has waited this long.
        due_at: When the next batch is due at the latest, monotonic seconds.
        busy: How many records are being delivered now; one batch at a time keeps their order.
    """

    deliver: Deliver
    limit_bytes: float
    interval_seconds: float
    records: deque[Record] = field(default_factory=deque)
    size: int = 0
    due_at: float = 0.0
    busy: int = 0

    def add(self, records: Sequence[Record]) -> None:
        if not self.records:
            self.due_at = time.monotonic() + self.interval_seconds
        self.records.extend(records)
        self.size += sum(len(record.payload) for record in records)

    def give_back(self, records: Sequence[Record]) -> None:
        """Put what could not be delivered at the front, due again after the interval."""
        self.records.extendleft(reversed(records))
        self.size += sum(len(record.payload) for record in records)
        self.due_at = time.monotonic() + self.interval_seconds

    def take(self) -> list[Record]:
        batch, size = list[Record](), 0
        while self.records and size < self.limit_bytes:
            batch.append(self.records.popleft())
            size += len(batch[-1].payload)
        self.size -= size
        self.busy = len(batch)
        self.due_at = time.monotonic() + self.interval_seconds
        return batch

    def wait_seconds(self) -> float | None:
        """How long until a batch is due: 0 for now, ``None`` when there is nothing to wait for."""
        if self.busy or not self.records:
            return None
        return max(0.0, self.due_at - time.monotonic())

    @property
    def full(self) -> bool:
        return not self.busy and self.size >= self.limit_bytes


class Buffers[Key]:
    """All destinations' queues, emptied by one scheduling thread and a thread per batch."""

    def __init__(self) -> None:
        self._queues: dict[Key, _Queue] = {}
        self._changed = threading.Condition()

    def start(self) -> None:
        """Begin to hand batches over; the thread ends with the process."""
        threading.Thread(target=self._schedule, daemon=True, name="firehose").start()

    def add(
        self,
        key: Key,
        records: Sequence[Record],
        *,
        deliver: Deliver,
        limit_mib: float,
        interval_seconds: float,
    ) -> None:
        """Acknowledge ``records`` for one destination; its newest hints and settings count."""
        with self._changed:
            queue = self._queues.setdefault(key, _Queue(deliver, 0, 0))
            queue.deliver = deliver
            queue.limit_bytes, queue.interval_seconds = limit_mib * _MIB, interval_seconds
            queue.add(records)
            self._changed.notify()

    def pending(self) -> dict[Key, int]:
        """How many acknowledged records each destination has yet to see; none are left out."""
        with self._changed:
            counts = {key: len(q.records) + q.busy for key, q in self._queues.items()}
        return {key: count for key, count in counts.items() if count}

    def drain(self, seconds: float) -> None:
        """Deliver everything now, in this thread, for at most so many seconds."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and self.pending():
            with self._changed:
                ready = [queue for queue in self._queues.values() if not queue.busy]
                batches = [(queue, queue.take()) for queue in ready if queue.records]
            for queue, batch in batches:
                self._hand_over(queue, batch)
            time.sleep(_DRAIN_PAUSE_SECONDS)

    def _schedule(self) -> None:
        while True:
            with self._changed:
                due = [q for q in self._queues.values() if q.full or q.wait_seconds() == 0]
                batches = [(queue, queue.take()) for queue in due]
                if not batches:
                    waits = [q.wait_seconds() for q in self._queues.values()]
                    self._changed.wait(min((w for w in waits if w is not None), default=None))
            for queue, batch in batches:
                thread = threading.Thread(target=self._hand_over, args=(queue, batch), daemon=True)
                thread.start()

    def _hand_over(self, queue: _Queue, batch: list[Record]) -> None:
        try:
            left = queue.deliver(batch)
        except Exception:
            log.exception("a delivery failed by a fault of our own; its records are kept")
            left = batch
        with self._changed:
            queue.busy = 0
            if left:
                queue.give_back(left)
            self._changed.notify()
