"""Deletes stacks, and says in plain words why one would not go.

By CloudFormation's own API, which needs no Node.js, no synthesis, and no configuration that still
holds; what a stack was made with, its execution role, deletes it.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeleteStack.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from botocore.exceptions import ClientError

from ops.destroy.choice import KEPT, HaltError, Run
from ops.failures.causes import meaning
from ops.failures.events import failures
from ops.stacks import GONE, Resource, Stack
from ops.view import Clients

type Resources = Mapping[str, Sequence[Resource]]
"""What each stack has, by the stack's id."""

LOOK_SECONDS: Final = 10
LONGEST_MINUTES: Final = 120
"""A domain takes half an hour, a network interface of a function up to 40 minutes."""


def delete(run: Run, stacks: Sequence[Stack], resources: Resources) -> None:
    """Delete stacks side by side, and wait until they are gone.

    Raises:
        HaltError: one would not go.
    """
    for stack in stacks:
        _begin(run, stack, resources)
    for stack in stacks:
        _await(run, stack)


def _begin(run: Run, stack: Stack, resources: Resources) -> None:
    api = run.accounts.deploying(stack.account)("cloudformation", stack.region)
    run.say(f"deleting {stack.place}")
    try:
        if stack.is_protected and run.lifts_protection:
            api.update_termination_protection(StackName=stack.id, EnableTerminationProtection=False)
        api.delete_stack(StackName=stack.id, **_but_for_data(run, stack, resources))
    except ClientError as refused:
        raise HaltError(f"{stack.place}: {explained(str(refused))}") from refused


def _but_for_data(run: Run, stack: Stack, resources: Resources) -> dict[str, list[str]]:
    """What a stack leaves whose deletion failed once: only then may it be named here."""
    kept = [r.logical for r in resources[stack.id] if r.type in KEPT]
    fails_again = run.data == "keep" and stack.status == "DELETE_FAILED"
    return {"RetainResources": kept} if fails_again and kept else {}


def _await(run: Run, stack: Stack) -> None:
    clients = run.accounts.deploying(stack.account)
    api = clients("cloudformation", stack.region)
    for _ in run.ticks(LOOK_SECONDS, LONGEST_MINUTES):
        status = _status(api, stack)
        if status == GONE:
            run.say(f"deleted  {stack.place}")
            return
        if not status.endswith("_IN_PROGRESS"):
            raise HaltError(_why(clients, stack))
    raise HaltError(f"{stack.place} is still there after {LONGEST_MINUTES} minutes; run it again")


def _status(api: Any, stack: Stack) -> str:  # noqa: ANN401  as Clients
    [told] = api.describe_stacks(StackName=stack.id)["Stacks"]
    return str(told["StackStatus"])


def _why(clients: Clients, stack: Stack) -> str:
    told = [f"{f.where}: {explained(f.reason)}" for f in failures(clients, stack)]
    return "\n".join((f"{stack.place} would not go", *told))


def explained(reason: str) -> str:
    """AWS's words, with what they mean where that is known."""
    known = meaning(reason)
    return f"{reason}\n  means  {known.means}\n  fix    {known.fix}" if known else reason
