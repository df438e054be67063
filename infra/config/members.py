"""The section that says which accounts are onboarded, who does it, and how their logs come.

Either the deployment itself, account by account, or a service-managed StackSet, by organisational
units. Log groups are subscribed where they are, or copied by CloudWatch and subscribed there. What
AWS would refuse, or would do otherwise than it reads here, is refused here.

References:
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-associate-stackset-with-org.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
"""

from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from infra.config.base import AccountId, Region, Strict, named_once
from infra.config.centralise import Centralise
from infra.config.rollout import Rollout

UnitId = Annotated[
    str,
    StringConstraints(pattern=r"^(ou-[a-z0-9]{4,32}-[a-z0-9]{8,32}|r-[a-z0-9]{4,32})$"),
]
"""An organisational unit, or the root, which stands for the whole organisation."""

MOST_UNITS = 50
"""Of one CreateStackInstances operation:
https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackInstances.html"""


class AccountFilter(Strict):
    """Which accounts of the units are meant.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-cloudformation-stackset-deploymenttargets.html

    Attributes:
        mode: ``none`` for all of them, ``difference`` for all but ``accounts``, ``intersection``
            for those of ``accounts`` alone.
    """

    mode: Literal["none", "intersection", "difference", "union"] = "none"
    accounts: tuple[AccountId, ...] = ()

    def takes(self, account: str) -> bool:
        """Whether an account is meant."""
        if self.mode == "none":
            return True
        return (account in self.accounts) == (self.mode == "intersection")

    @model_validator(mode="after")
    def _mode_and_accounts_agree(self) -> Self:
        if self.mode == "union":
            raise ValueError(
                "mode 'union': AWS does not take it when a StackSet is a resource; name the "
                "accounts' own units under units"
            )
        if (self.mode == "none") != (not self.accounts):
            raise ValueError(
                f"mode {self.mode!r}: expected accounts with intersection or difference and none "
                f"without, found {len(self.accounts)}"
            )
        named_once("accounts", self.accounts)
        return self


class Members(Strict):
    """The accounts that logs come from. Each is onboarded in every region.

    Attributes:
        mode: ``subscribe`` each account's log groups, or ``centralise`` them: CloudWatch copies
            them into the central account and region, whose groups are subscribed.
        parallel: Both at once, while a deployment changes from one to the other.
        centralise: How groups are copied.
        accounts: Onboarded by this deployment itself, a stack for each account and region.
        units: Onboarded by a StackSet: every account of these units and of those below them.
        automatic: Whether an account that joins the units later is onboarded without a command.
        retain_on_removal: Whether an account that leaves the units keeps its stacks.
        management_account: The organisation's; StackSets leave it out, so it gets its own stacks.
    """

    mode: Literal["subscribe", "centralise"] = "subscribe"
    parallel: bool = False
    centralise: Centralise = Centralise()
    regions: Annotated[tuple[Region, ...], Field(min_length=1)]
    accounts: tuple[AccountId, ...] | None = None
    units: Annotated[tuple[UnitId, ...], Field(min_length=1, max_length=MOST_UNITS)] | None = None
    account_filter: AccountFilter = AccountFilter()
    rollout: Rollout = Rollout()
    automatic: bool = True
    retain_on_removal: bool = False
    management_account: AccountId | None = None

    @property
    def by_stack(self) -> tuple[str, ...]:
        """The accounts that the deployment itself onboards, beside the central one."""
        own = (self.management_account,) if self.management_account else ()
        return (*(self.accounts or ()), *own)

    @property
    def subscribes(self) -> bool:
        """Whether log groups are subscribed where they are."""
        return self.mode == "subscribe" or self.parallel

    @property
    def centralises(self) -> bool:
        """Whether log groups are copied into the central account."""
        return self.mode == "centralise" or self.parallel

    @model_validator(mode="after")
    def _a_rule_does_what_it_says(self) -> Self:
        if not self.centralises and self.centralise != Centralise():
            raise ValueError("centralise: expected mode 'centralise', found 'subscribe'")
        if self.centralises and self.account_filter.mode != "none":
            raise ValueError(
                f"account_filter.mode {self.account_filter.mode!r}: a centralisation rule leaves "
                "nobody out; expected 'none' where members are centralised"
            )
        if self.centralises and not self.automatic:
            raise ValueError(
                "automatic = false: a centralisation rule copies from every account that joins; "
                "expected true where members are centralised"
            )
        return self

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if (self.accounts is None) == (self.units is None):
            found = "neither" if self.units is None else "both"
            raise ValueError(f"expected either accounts or units, found {found}")
        stray = [name for name in OF_UNITS if getattr(self, name) != _default(name)]
        if self.units is None and stray:
            raise ValueError(f"{', '.join(stray)}: expected units, found accounts")
        return self

    @model_validator(mode="after")
    def _named_once(self) -> Self:
        named_once("accounts", self.accounts or ())
        named_once("regions", self.regions)
        units = self.units or ()
        named_once("units", units)
        root = next((unit for unit in units if unit.startswith("r-")), None)
        if root and len(units) > 1:
            raise ValueError(f"units: {root} is the root and holds the others; name it alone")
        return self

    @model_validator(mode="after")
    def _automatic_does_what_it_says(self) -> Self:
        if self.automatic and self.account_filter.mode == "intersection":
            raise ValueError(
                "account_filter.mode 'intersection': automatic deployment heeds no filter and "
                "would take every account that joins; expected automatic = false"
            )
        if self.retain_on_removal and not self.automatic:
            raise ValueError("retain_on_removal: without automatic nothing is removed by itself")
        return self

    @model_validator(mode="after")
    def _some_account_may_succeed(self) -> Self:
        if self.account_filter.mode != "intersection":
            return self  # how many accounts the units hold, only AWS knows
        tolerated, most = self.rollout.failure_tolerance_count, len(self.account_filter.accounts)
        if tolerated is not None and tolerated >= most:
            raise ValueError(
                f"rollout.failure_tolerance_count {tolerated}: expected less than the {most} "
                "accounts, or a deployment that fails everywhere counts as good"
            )
        return self


OF_UNITS = (
    *("account_filter", "rollout", "automatic"),
    *("retain_on_removal", "management_account"),
)
"""What can be chosen only where units are named."""


def _default(name: str) -> object:
    return Members.model_fields[name].default


def check_places(members: Members, central: str, regions: tuple[str, ...]) -> None:
    """Check what depends on the rest of the deployment.

    Raises:
        ValueError: the central account, which has its own stacks, is named again, or the order
            of regions is not one of all of them.
    """
    if members.units and central in (members.management_account, *members.account_filter.accounts):
        raise ValueError(
            f"members: {central} is the central account, which is onboarded by its own stacks and "
            "always left out of the units"
        )
    order = members.rollout.region_order
    if order and set(order) != set(regions):
        raise ValueError(
            f"members.rollout.region_order: expected {', '.join(sorted(regions))} in some order, "
            f"found {', '.join(order)}"
        )
