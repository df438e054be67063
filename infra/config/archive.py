"""The section that says how long the archive keeps what."""

from typing import Self

from pydantic import model_validator

from infra.config.base import Days, Strict, in_order


class Archive(Strict):
    """The bucket with the untouched records; 0 days means never."""

    infrequent_after_days: Days = 0
    glacier_after_days: Days = 0
    expire_after_days: Days = 0
    reject_expire_after_days: Days = 90

    @model_validator(mode="after")
    def _ages_in_order(self) -> Self:
        """Refuse steps out of order; S3 moves nothing to infrequent access before 30 days.

        Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
        """
        if 0 < self.infrequent_after_days < 30:  # noqa: PLR2004  the reference's 30 days
            raise ValueError(
                f"infrequent_after_days {self.infrequent_after_days}: expected 0, or 30 and more"
            )
        in_order(
            "infrequent, glacier, expire",
            (self.infrequent_after_days, self.glacier_after_days, self.expire_after_days),
        )
        return self
