"""The sections that say how datasets are delivered, redacted and kept."""

from collections.abc import Mapping
from typing import Any, Literal, Self

from pydantic import model_validator

from infra.config.base import Days, SecretArn, Strict, in_order

LONGEST_MONTH_DAYS = 31
"""How old an index of a month may be while events of today still go to it."""


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
