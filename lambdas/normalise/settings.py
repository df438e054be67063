"""What the normalise function is told by its environment."""

from dataclasses import dataclass

from lambdas.delivery.settings import DeliverySettings


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings(DeliverySettings):
    """Settings of the normalise function: where outcomes go, and how records are read.

    Attributes:
        copies_account: Account whose copied log groups are taken for what they are copies of;
            empty where nothing is copied.
        copies_parallel: Whether what is copied comes by a subscription of its own as well.
    """

    copies_account: str = ""
    copies_parallel: bool = False
