"""The section that lets other teams help themselves, and says what is found in their accounts.

References:
    - https://docs.aws.amazon.com/servicecatalog/latest/dg/API_AssociatePrincipalWithPortfolio.html
    - https://docs.aws.amazon.com/config/latest/APIReference/API_RemediationConfiguration.html
"""

import json
from collections.abc import Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.access import Access
from infra.config.base import Strict, named_once
from infra.config.members import MOST_UNITS, Members, UnitId

type RetentionDays = Literal[
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
]  # fmt: skip
"""What CloudWatch Logs takes:
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html"""

RETENTIONS: Final[tuple[int, ...]] = RetentionDays.__value__.__args__

MOST_PATTERNS = 10
"""Principals of a portfolio that are patterns."""

LARGEST_EXCLUSION = 2_000
"""Characters as JSON: a function's variables have 4 KB in all, and a few others share them."""

Principal = Annotated[
    str,
    StringConstraints(pattern=r"^arn:aws[a-z-]*:iam:::(role|user|group)/[A-Za-z0-9_+=,.@/*?-]+$"),
]
"""A role, user or group of any account: an ARN without an account, with ``*`` and ``?``."""

TagValues = Annotated[tuple[str, ...], Field(min_length=1, max_length=25)]
"""https://docs.aws.amazon.com/servicecatalog/latest/adminguide/tagoptions.html"""

Pattern = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_./#*?-]{1,512}$")]
"""A log group's name with ``*`` and ``?``."""


class Remediation(Strict):
    """What becomes of a log group that a rule has found.

    Attributes:
        mode: ``off``; ``manual``, when somebody says so; ``automatic``, right after the finding.
        attempts: Of one log group, before Config gives up until somebody looks.
        within_seconds: Time in which so many attempts are counted.
        concurrency_percentage: Of the log groups found, at the same time.
        error_percentage: Above it no further log group is tried.
    """

    mode: Literal["off", "manual", "automatic"] = "manual"
    attempts: Annotated[int, Field(ge=1, le=25)] = 3
    within_seconds: Annotated[int, Field(ge=1, le=2_678_000)] = 3_600
    concurrency_percentage: Annotated[int, Field(ge=1, le=100)] = 10
    error_percentage: Annotated[int, Field(ge=1, le=100)] = 20


class LogGroupRules(Strict):
    """Config rules about log groups, in every account of the units.

    Attributes:
        every_hours: How often Config looks.
        retention_days: What remediation gives to a log group that is kept for ever.
        key_alias: Key in each account and region that remediation gives; empty for none.
        excluded: Names, or patterns of them, that no rule looks at.
    """

    enabled: bool = True
    every_hours: Literal[1, 3, 6, 12, 24] = 24
    retention_days: RetentionDays = 90
    key_alias: Annotated[str, StringConstraints(pattern=r"^(alias/[A-Za-z0-9_/-]{1,250})?$")] = ""
    excluded: tuple[Pattern, ...] = ()
    remediation: Remediation = Remediation()

    @model_validator(mode="after")
    def _exclusion_fits(self) -> Self:
        size = len(json.dumps(self.excluded))
        if size > LARGEST_EXCLUSION:
            raise ValueError(
                f"excluded: {size} characters, {LARGEST_EXCLUSION} are allowed; "
                "patterns stand for many names"
            )
        named_once("excluded", self.excluded)
        if "*" in self.excluded:
            raise ValueError("excluded: '*' leaves nothing to look at; expected enabled = false")
        return self


class SelfService(Strict):
    """A portfolio of Service Catalog in each region, and rules about log groups.

    Attributes:
        units: Whom it is for: these units and those below them; without one there is nothing.
        principals: Who may launch, in any of their accounts.
        provider: The team that others should ask.
        longest_retention_days: What an application may choose at most.
        tag_options: Tags that every launch must choose a value of, by key.
    """

    units: Annotated[tuple[UnitId, ...], Field(max_length=MOST_UNITS)] = ()
    principals: Annotated[tuple[Principal, ...], Field(max_length=MOST_PATTERNS)] = ()
    provider: Annotated[str, StringConstraints(min_length=1, max_length=50)] = "Platform team"
    longest_retention_days: RetentionDays = 365
    tag_options: Mapping[str, TagValues] = {}
    rules: LogGroupRules = LogGroupRules()

    @property
    def retentions(self) -> tuple[int, ...]:
        """Days that an application may choose from."""
        return tuple(days for days in RETENTIONS if days <= self.longest_retention_days)

    def is_onboarded(self, members: Members) -> bool:
        """Whether each account that may launch has the baseline already, and its policy."""
        onboarded = members.units or ()
        is_whole = any(unit.startswith("r-") for unit in onboarded)
        unfiltered = members.account_filter.mode == "none" and members.automatic
        return unfiltered and (is_whole or set(self.units) <= set(onboarded))

    @model_validator(mode="after")
    def _someone_may(self) -> Self:
        if bool(self.units) != bool(self.principals):
            raise ValueError(
                f"expected units and principals or neither, found {len(self.units)} units and "
                f"{len(self.principals)} principals"
            )
        for what in ("units", "principals"):
            named_once(what, getattr(self, what))
        if len(self.units) > 1 and any(unit.startswith("r-") for unit in self.units):
            raise ValueError("units: the root holds the others; name it alone")
        return self


def check_self_service(section: SelfService, members: Members, access: Access) -> None:
    """Check what depends on the rest of the deployment.

    Raises:
        ValueError: members' log groups are copied and not subscribed, so that every one would be
            found outside the pipeline; or roles have a path, which a launch constraint cannot name.
    """
    if section.units and not members.subscribes:
        raise ValueError(
            f"self_service: expected members.mode 'subscribe', found {members.mode!r}, which has "
            "no filter or policy that products could make and rules could find"
        )
    if section.units and access.role_path != "/":
        raise ValueError(
            f"self_service: expected access.role_path '/', found {access.role_path!r}; a launch "
            "constraint names its role without a path"
        )
