"""Whether StackSets take what the deployment asks of them.

Service-managed StackSets are the management account's, whoever makes them, so it is its quotas
that count; from here only the defaults are known.

References:
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html
"""

from collections.abc import Mapping, Sequence
from typing import Final

from infra.config import DeploymentConfig
from infra.names import MEMBER_STACK_SET, SELF_SERVICE_ROLES
from ops.answer import Answer, ok, warning
from ops.checks.claims.stack_sets import stack_sets
from ops.checks.organisation import NO_ADMINISTRATOR
from ops.refusal import unless
from ops.tree import accounts_below
from ops.view import View

MOST_SETS, SETS = 1_000, "L-EC62D81A"
"""Stack sets of an administrator account, and the quota's code."""

MOST_INSTANCES, INSTANCES = 100_000, "L-C8225BA5"
"""Stack instances of a stack set."""

ASK: Final = "aws service-quotas get-service-quota --service-code cloudformation --quota-code"


def every_set(config: DeploymentConfig) -> Mapping[str, str]:
    """Every StackSet of the deployment, by name."""
    return {name: name for name in stack_sets(config)}


def sets(_region: str, view: View) -> Answer:
    """The organisation has room for the deployment's StackSets.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackSets.html
    """
    api = view.client("cloudformation")
    pages = api.get_paginator("list_stack_sets")
    listed = unless(
        NO_ADMINISTRATOR,
        lambda: list(pages.paginate(Status="ACTIVE", CallAs="DELEGATED_ADMIN")),
    )
    if listed is None:
        return ok("not told to who is no delegated administrator")
    there = {known["StackSetName"] for page in listed for known in page["Summaries"]}
    needed = len(set(stack_sets(view.config)) - there)
    if len(there) + needed <= MOST_SETS:
        return ok(f"{len(there)} of {MOST_SETS:,} StackSets by default, {needed} needed")
    return warning(
        f"{len(there)} of {MOST_SETS:,} StackSets that an organisation has by default",
        f"room for {needed}",
        f"{ASK} {SETS}, in the management account, tells whether it has more",
    )


def instances(stack_set: str, view: View) -> Answer:
    """A StackSet holds a stack for each account of its units in each of its regions."""
    config = view.config
    accounts = {way[-1] for unit in _units(stack_set, config) for way in accounts_below(view, unit)}
    regions = 1 if stack_set == SELF_SERVICE_ROLES else len(config.regions)
    needed = len(accounts) * regions
    if needed <= MOST_INSTANCES:
        return ok(f"{needed:,} of {MOST_INSTANCES:,} stacks by default")
    return warning(
        f"{len(accounts):,} accounts in {regions} regions",
        f"{MOST_INSTANCES:,} stacks of a StackSet, by default",
        f"{ASK} {INSTANCES}, in the management account, tells whether it has more",
    )


def _units(stack_set: str, config: DeploymentConfig) -> Sequence[str]:
    is_members = stack_set == MEMBER_STACK_SET
    return (config.members.units or ()) if is_members else config.self_service.units
