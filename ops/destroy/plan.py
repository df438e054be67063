"""What is there of a deployment, and in which order it goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any, Final

from ops.destroy.choice import Run
from ops.refusal import unless
from ops.stacks import Resource, Stack, regions, resources_of, stacks_of

SENDING: Final = frozenset(
    {
        "AWS::CloudFormation::StackSet",
        "AWS::Logs::AccountPolicy",
        "AWS::Logs::SubscriptionFilter",
        "AWS::ObservabilityAdmin::OrganizationCentralizationRule",
    }
)
"""A stack with one of these sends, or makes others send."""

NOT_IMPORTED: Final = frozenset({"ValidationError"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that CloudFormation has of a deployment.

    Attributes:
        senders: Stacks that go first, all at once.
        others: Stacks that go after them, one after the other, in this order.
        resources: What each stack has, by the stack's id.
        beyond: Listed accounts and regions that cannot be reached.
    """

    senders: Sequence[Stack]
    others: Sequence[Stack]
    resources: Mapping[str, Sequence[Resource]]
    beyond: Sequence[tuple[str, str]]

    @property
    def stacks(self) -> tuple[Stack, ...]:
        """Every stack, in the order in which they go."""
        return (*self.senders, *self.others)


def plan(run: Run) -> Plan:
    """Look into every region of the central account, and every listed account."""
    central = run.config.central.account
    listed = list(product(run.config.accounts[1:], run.config.regions))
    beyond = [place for place in listed if not run.accounts.reaches(*place)]
    reached = [(central, region) for region in regions(run.view)]
    reached += [place for place in listed if place not in beyond]
    stacks = [stack for place in reached for stack in _stacks(run, *place)]
    resources = {s.id: resources_of(run.accounts.deploying(s.account), s) for s in stacks}
    senders = [s for s in stacks if s.account != central or _sends(resources[s.id])]
    others = [s for s in stacks if s not in senders]
    return Plan(
        senders=senders,
        others=ordered(others, importers(run, others)),
        resources=resources,
        beyond=beyond,
    )


def _stacks(run: Run, account: str, region: str) -> list[Stack]:
    return stacks_of(run.config.stage, run.accounts.deploying(account), account, region)


def _sends(resources: Collection[Resource]) -> bool:
    return any(resource.type in SENDING for resource in resources)


def importers(run: Run, stacks: Sequence[Stack]) -> dict[str, frozenset[str]]:
    """Names of the stacks that need something of each stack, by its id.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListImports.html
    """
    found = {}
    for stack in stacks:
        api = run.accounts.deploying(stack.account)("cloudformation", stack.region)
        found[stack.id] = frozenset(
            name for export in stack.exports for name in _importers(api, export)
        )
    return found


def _importers(api: Any, export: str) -> list[str]:  # noqa: ANN401  as Clients
    pages = api.get_paginator("list_imports").paginate(ExportName=export)
    told = unless(NOT_IMPORTED, lambda: list(pages))
    return [name for page in told or () for name in page["Imports"]]


def ordered(stacks: Sequence[Stack], needed_by: Mapping[str, Collection[str]]) -> list[Stack]:
    """The stacks, the youngest first, and none before all that need something of it.

    ``cdk deploy`` makes a stack after those that it depends on, so that their age alone is a good
    order; one that was made anew since is older than its place, which the imports put right.
    """
    left = sorted(stacks, key=lambda stack: stack.created, reverse=True)
    order: list[Stack] = []
    while left:
        there = {(stack.region, stack.name) for stack in left}
        free = (s for s in left if not any((s.region, name) in there for name in needed_by[s.id]))
        goes = next(free, left[0])
        order.append(goes)
        left.remove(goes)
    return order
