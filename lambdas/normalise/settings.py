"""What the normalise function is told by its environment."""

from dataclasses import dataclass

from lambdas.delivery.settings import DeliverySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(DeliverySettings):
    """Settings of the normalise function: where outcomes go, and how records are read."""
