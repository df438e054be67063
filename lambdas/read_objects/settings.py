"""What the read_objects function is told by its environment."""

from dataclasses import dataclass

from lambdas.delivery.settings import DeliverySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(DeliverySettings):
    """Settings of the read_objects function: those of delivery, and its own.

    Attributes:
        queue_url: The queue it reads, for messages that say where to go on.
        reserve_seconds: Time of an invocation in which no further part of an object is begun.
    """

    queue_url: str
    reserve_seconds: int
