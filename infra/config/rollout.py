"""The section that says how a change goes through the accounts of a StackSet."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from infra.config.base import Region, Strict, named_once

DEFAULT_TOLERANCE = 50  # percent; one broken account must not take the baseline from the others


class Rollout(Strict):
    """How a change of the baseline goes through accounts and regions.

    Nothing here holds for an account that joins later: AWS deploys to it at once.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudformation-stackset-operationpreferences.html

    Attributes:
        max_concurrent_percentage: Of the accounts, in a region, at the same time; 100 when the
            count is not given either.
        failure_tolerance_percentage: Of the accounts, in a region; above it the deployment fails
            and is rolled back. Rounded down; 50 when the count is not given either.
        concurrency_mode: ``strict`` never works on more accounts at once than may still fail.
        region_order: Every region once, for ``sequential``.
    """

    max_concurrent_count: Annotated[int, Field(ge=1)] | None = None
    max_concurrent_percentage: Annotated[int, Field(ge=1, le=100)] | None = None
    failure_tolerance_count: Annotated[int, Field(ge=0)] | None = None
    failure_tolerance_percentage: Annotated[int, Field(ge=0, le=100)] | None = None
    concurrency_mode: Literal["soft", "strict"] = "soft"
    region_concurrency: Literal["parallel", "sequential"] = "parallel"
    region_order: tuple[Region, ...] = ()

    @property
    def tolerated_percentage(self) -> int | None:
        """The percentage that holds; ``None`` where a count does."""
        if self.failure_tolerance_count is not None:
            return None
        given = self.failure_tolerance_percentage
        return DEFAULT_TOLERANCE if given is None else given

    @property
    def concurrent_percentage(self) -> int | None:
        """The percentage that holds; ``None`` where a count does."""
        return None if self.max_concurrent_count else self.max_concurrent_percentage or 100

    @model_validator(mode="after")
    def _one_measure_each(self) -> Self:
        for what in ("max_concurrent", "failure_tolerance"):
            measures = (getattr(self, f"{what}_count"), getattr(self, f"{what}_percentage"))
            if None not in measures:
                raise ValueError(
                    f"{what}: expected a count or a percentage, found {measures[0]} and "
                    f"{measures[1]} %"
                )
        return self

    @model_validator(mode="after")
    def _strict_can_be_kept(self) -> Self:
        most, tolerated = self.max_concurrent_count, self.failure_tolerance_count
        if self.concurrency_mode == "strict" and None not in (most, tolerated):
            allowed = (tolerated or 0) + 1
            if (most or 0) > allowed:
                raise ValueError(
                    f"max_concurrent_count {most}: strict takes one more than "
                    f"failure_tolerance_count at most, expected {allowed} or less"
                )
        return self

    @model_validator(mode="after")
    def _order_needs_a_sequence(self) -> Self:
        if self.region_order and self.region_concurrency == "parallel":
            raise ValueError("region_order: regions in parallel have none; expected 'sequential'")
        named_once("region_order", self.region_order)
        return self
