"""Automatic deployment: what happens to stacks when an account joins or leaves a unit.

As on AWS no account filter is heeded, and operation preferences do not hold.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-orgs-manage-auto-deployment.html
"""

import asyncio
import json
from typing import Any

from local.aws import organizations
from local.aws.organizations import Answer, management_account
from local.aws.stack_sets import control, operations
from local.aws.stack_sets.model import Operation, StackSet

AT_ONCE = {
    "RegionConcurrencyType": "PARALLEL",
    "ConcurrencyMode": "SOFT_FAILURE_TOLERANCE",
    "MaxConcurrentPercentage": 100,
}
"""One account, so that nothing waits for another region."""

_running: set[asyncio.Task[None]] = set()


def on_move(original: Answer) -> Answer:
    """After an account was moved, bring stacks to where it is now."""

    def move(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response tuple
        before = organizations.units_above(request.get("AccountId", ""))
        response = original(request)
        _follow(request.get("AccountId", ""), before)
        return response

    return move


def on_create(original: Answer) -> Answer:
    """After an account was made, which puts it below the root, bring stacks to it."""

    def create(request: dict[str, Any]) -> Any:  # noqa: ANN401  MiniStack's response tuple
        response = original(request)
        if response[0] == 200:  # noqa: PLR2004  HTTP: OK
            _follow(json.loads(response[2])["CreateAccountStatus"]["AccountId"], [])
        return response

    return create


def start(stack_set: StackSet, operation: Operation) -> None:
    """Let an operation go on by itself."""
    task = asyncio.get_running_loop().create_task(operations.run(stack_set, operation))
    _running.add(task)  # the loop alone would let it be collected
    task.add_done_callback(_running.discard)


def pending() -> dict[str, int]:
    """``{"stack sets": operations}`` that go on by themselves; nothing when there is none."""
    return {"stack sets": len(_running)} if _running else {}


def _follow(account: str, before: list[str]) -> None:
    after = organizations.units_above(account)
    if account == management_account() or before == after:
        return
    for stack_set in control.all_sets():
        if stack_set.automatic:
            _leave(stack_set, account, _regions(stack_set, after))
            _join(stack_set, account, _regions(stack_set, after) - _regions(stack_set, before))


def _leave(stack_set: StackSet, account: str, wanted: set[str]) -> None:
    left = [p for p in stack_set.instances if p[0] == account and p[1] not in wanted]
    if left:
        preferences = {"OperationPreferences": AT_ONCE}
        start(
            stack_set,
            control.remove_places(stack_set, left, preferences, retain=stack_set.retains),
        )


def _join(stack_set: StackSet, account: str, regions: set[str]) -> None:
    joined = [(account, region) for region in sorted(regions)]
    if joined:
        preferences = {"OperationPreferences": AT_ONCE}
        start(stack_set, control.add_places(stack_set, joined, preferences))


def _regions(stack_set: StackSet, units: list[str]) -> set[str]:
    """Regions that a StackSet has for an account below these units."""
    return set().union(*(stack_set.regions_of.get(unit, set()) for unit in units))
