"""One batch of the stream from end to end: open, normalise, deliver."""

from collections.abc import Sequence
from typing import NamedTuple

from lambdas.delivery.delivery import Carrier, Delivery, Report
from logcore.normalise import Normaliser


class Payload(NamedTuple):
    """One Kinesis record.

    Attributes:
        sequence: Its sequence number; what a retry names.
        data: Its bytes, base64 removed.
        arrived_ms: When it reached the stream, in milliseconds since the epoch.
    """

    sequence: str
    data: bytes
    arrived_ms: int


class Pipeline:
    """Carries payloads to the sinks.

    Attributes:
        normaliser: The pure core.
        delivery: Sinks and rejects.
    """

    def __init__(self, normaliser: Normaliser, delivery: Delivery) -> None:
        self.normaliser = normaliser
        self.delivery = delivery

    def process(self, payloads: Sequence[Payload]) -> Report:
        """Give every event of the batch its outcome; ``retry`` names the payloads to see again.

        Raises:
            ClientError: see ``Delivery.deliver``; the batch is retried.
            TransportError: likewise.
        """
        return self.delivery.deliver(
            (Carrier(p.sequence, p.arrived_ms), self.normaliser.payload(p.data)) for p in payloads
        )
