"""Takes records for delivery streams into their buffers, and out of them when the process ends."""

import atexit
import threading
from collections import Counter
from collections.abc import Sequence
from typing import Any

from ministack.core.arn import parse_arn

from local.aws.firehose_buffer import Buffers
from local.aws.firehose_delivery import Delivery
from local.aws.firehose_records import DeliveryStream, Record
from local.aws.opensearch_server import OpenSearchServer
from local.aws.refusals import refuse
from local.aws.settings import Settings

DRAIN_SECONDS = 10.0
"""For what is still buffered when the process ends, which itself gives up after 15."""

_INTERVAL_SECONDS, _SIZE_MIB = 300.0, 5.0  # BufferingHints when the destination does not say


class DataPlane:
    """Every delivery stream's buffers, and the switch that makes puts fail for a test."""

    def __init__(self) -> None:
        self.buffers: Buffers[tuple[str, str, str, str]] = Buffers()
        self.server = OpenSearchServer("")
        self.cap_seconds = 3.0
        self._throttled: Counter[str] = Counter()
        self._lock = threading.Lock()

    def accept(self, stream: DeliveryStream, payloads: Sequence[bytes]) -> list[Record]:
        """Acknowledge payloads: from here on each one arrives, or ends in S3 or the refusals."""
        records = [Record(payload) for payload in payloads]
        arn = parse_arn(stream["arn"])
        for destination in stream["destinations"]:
            hints = destination["config"].get("BufferingHints") or {}
            interval = float(hints.get("IntervalInSeconds", _INTERVAL_SECONDS))
            self.buffers.add(
                (arn.account_id, arn.region, stream["name"], destination["id"]),
                records,
                deliver=Delivery(stream, destination, self.server, self.cap_seconds),
                limit_mib=float(hints.get("SizeInMBs", _SIZE_MIB)),
                interval_seconds=min(interval, self.cap_seconds),
            )
        return records

    def throttle(self, request: dict[str, Any]) -> dict[str, int]:
        """Let the next ``records`` entries of batches to ``stream`` fail as if AWS were busy."""
        with self._lock:
            self._throttled[str(request["stream"])] += int(request["records"])
            return dict(self._throttled)

    def take_throttled(self, stream: DeliveryStream, records: int) -> int:
        """How many of so many entries fail now; that many are used up."""
        with self._lock:
            failed = min(self._throttled[stream["name"]], records)
            self._throttled[stream["name"]] -= failed
        return failed

    def pending(self) -> dict[str, int]:
        """Acknowledged records that are not delivered yet, by delivery stream."""
        counts = self.buffers.pending()
        return {f"firehose:{key[1]}:{key[2]}": count for key, count in counts.items()}

    def drain(self) -> None:
        """Deliver what is left; what cannot be delivered is refused, as it is lost now.

        In a thread of its own: S3 is asynchronous inside, and the caller may be in an event loop.
        """
        thread = threading.Thread(target=self.buffers.drain, args=(DRAIN_SECONDS,))
        thread.start()
        thread.join()
        for place, count in self.pending().items():
            refuse("firehose", f"{count} records of {place} are lost with this process")


PLANE = DataPlane()
"""The one data plane of this process."""


def pending() -> dict[str, int]:
    """Acknowledged records that are not delivered yet, ``{"firehose:<region>:<name>": count}``."""
    return PLANE.pending()


def apply(settings: Settings) -> None:
    """Start to deliver, until the process ends."""
    PLANE.server = OpenSearchServer.from_settings(settings)
    PLANE.cap_seconds = settings.buffer_cap_seconds
    PLANE.buffers.start()
    atexit.register(PLANE.drain)
