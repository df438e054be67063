"""The section that says what documents are enriched with, and where that comes from."""

from typing import Annotated, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.base import Strict

BucketName = Annotated[str, StringConstraints(pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$")]
"""A bucket of the deployer's, or nothing for the archive's own."""

Key = Annotated[str, StringConstraints(pattern=r"^[^*/][^*]{0,511}$")]
"""One object; a wildcard would grant more than is read."""

KeyArn = Annotated[str, StringConstraints(pattern=r"^(arn:aws[a-z-]*:kms:[^*]+:key/[^*]+)?$")]
Tags = tuple[Annotated[str, StringConstraints(min_length=1, max_length=128)], ...]
"""Tag keys in the order in which they count."""

MOST_OBJECTS = 16
MINUTES = 60  # of an hour


class Organisation(Strict):
    """Account names, units, environments and owners, from AWS Organizations."""

    enabled: bool = True
    snapshot_minutes: Annotated[int, Field(ge=15, le=1_440)] = 60
    stale_after_hours: Annotated[int, Field(ge=1, le=720)] = 24
    environment_tags: Tags = ("environment",)
    owner_tags: Tags = ("owner",)

    @model_validator(mode="after")
    def _fresh_before_stale(self) -> Self:
        if self.stale_after_hours * MINUTES <= self.snapshot_minutes:
            raise ValueError(
                f"stale_after_hours {self.stale_after_hours}: expected more than the "
                f"{self.snapshot_minutes} minutes between two snapshots"
            )
        return self


class Objects(Strict):
    """Objects of S3 that the deployer brings; without keys nothing is looked up."""

    bucket: BucketName = ""
    keys: Annotated[tuple[Key, ...], Field(max_length=MOST_OBJECTS)] = ()
    key_arn: KeyArn = ""

    @model_validator(mode="after")
    def _own_key_goes_with_own_bucket(self) -> Self:
        if self.key_arn and not self.bucket:
            raise ValueError("key_arn: the archive's bucket has its own key; name a bucket as well")
        return self


class Enrichment(Strict):
    """What is added to documents beside what their records say."""

    user_agents: bool = True
    related: bool = True
    refresh_minutes: Annotated[int, Field(ge=1, le=1_440)] = 15
    organisation: Organisation = Organisation()
    geo: Objects = Objects()
    indicators: Objects = Objects()
