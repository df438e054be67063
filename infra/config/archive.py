"""The section that says how long the archive keeps what."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from infra.config.base import BucketName, Days, Strict, in_order


class Lock(Strict):
    """For how long nobody may delete or overwrite an object, by S3 Object Lock.

    It holds for every object of the bucket from its writing on. Once a bucket has it, the lock of
    new objects can be changed, but neither locking nor versioning can be switched off.

    References:
        - https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html
        - https://docs.aws.amazon.com/AmazonS3/latest/API/API_DefaultRetention.html

    Attributes:
        mode: ``governance`` yields to who has ``s3:BypassGovernanceRetention``; ``compliance`` to
            nobody, the root user included.
        days: 100 years at most.
    """

    mode: Literal["governance", "compliance"]
    days: Annotated[int, Field(ge=1, le=36_500)]


class Archive(Strict):
    """The bucket with the untouched records; 0 days means never.

    A bucket that is given keeps its own life cycle and lock.

    Attributes:
        existing: Name of a bucket that is there.
        lock: Object Lock for all that is in it; ``None`` without.
    """

    existing: BucketName | None = None
    infrequent_after_days: Days = 0
    glacier_after_days: Days = 0
    expire_after_days: Days = 0
    reject_expire_after_days: Days = 90
    lock: Lock | None = None

    @model_validator(mode="after")
    def _own_lock(self) -> Self:
        if self.existing and self.lock:
            raise ValueError("lock: the bucket under existing has its own, or none")
        return self

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

    @model_validator(mode="after")
    def _nothing_expires_while_locked(self) -> Self:
        """Refuse what would hide objects that stay and are paid for.

        Lifecycle rules put delete markers on locked objects and remove no locked version.

        Reference: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html#object-lock-managing-lifecycle
        """
        locked = self.lock.days if self.lock else 0
        for key in ("expire_after_days", "reject_expire_after_days"):
            if 0 < getattr(self, key) < locked:
                raise ValueError(
                    f"{key} {getattr(self, key)}: objects are locked for {locked} days and would "
                    f"only be hidden; expected 0, or {locked} and more"
                )
        return self


def check_lock(archive: Archive, removal: str) -> None:
    """Check that what is to be destroyed can be.

    Raises:
        ValueError: nobody could empty the bucket.
    """
    if removal == "destroy" and archive.lock and archive.lock.mode == "compliance":
        raise ValueError(
            "archive.lock.mode 'compliance' with removal 'destroy': S3 deletes no bucket that has "
            f"objects, and nobody may delete these for {archive.lock.days} days; expected removal "
            "'retain' or mode 'governance'"
        )
