"""What failed in the last operation of a stack, and in a StackSet's.

References:
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackInstances.html
"""

from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from ops.refusal import unless
from ops.stacks import Stack
from ops.view import Clients

GOOD: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE")

FINE: Final = frozenset({*GOOD, *(state.replace("COMPLETE", "IN_PROGRESS") for state in GOOD)})
"""States of a stack that has not failed so far."""

BEGINNINGS: Final = ("CREATE_IN_PROGRESS", "UPDATE_IN_PROGRESS", "DELETE_IN_PROGRESS")
"""States of the stack itself with which an operation begins; what is before is of another one."""

CONSEQUENCE: Final = "cancelled"
"""Part of a reason that tells of another resource's failure."""

NO_STACK_SET: Final = frozenset({"StackSetNotFoundException", "ValidationError"})


class Failure(NamedTuple):
    """One thing that failed.

    Attributes:
        where: Stack and resource, or StackSet, account and region.
        reason: AWS's own words.
    """

    where: str
    reason: str


def failures(clients: Clients, stack: Stack) -> list[Failure]:
    """What failed when the stack was last created, updated or deleted; oldest first."""
    if stack.status in FINE:
        return []
    api = clients("cloudformation", stack.region)
    found = [
        Failure(f"{stack.name} · {event['LogicalResourceId']}", reason)
        for event in _last_operation(api, stack.id)
        if event["ResourceStatus"].endswith("_FAILED")
        and event.get("PhysicalResourceId") != stack.id
        and (reason := event.get("ResourceStatusReason", ""))
        and CONSEQUENCE not in reason
    ]
    found.reverse()
    return found or [Failure(stack.name, stack.why or f"the stack is {stack.status}")]


def _last_operation(api: Any, stack_id: str) -> Iterator[dict[str, Any]]:  # noqa: ANN401  as Clients
    """Events, newest first, back to where the operation began."""
    for page in api.get_paginator("describe_stack_events").paginate(StackName=stack_id):
        for event in page["StackEvents"]:
            yield event
            is_whole = event.get("PhysicalResourceId") == stack_id
            if is_whole and event["ResourceStatus"] in BEGINNINGS:
                return


def failed_instances(clients: Clients, region: str, stack_set: str) -> list[Failure]:
    """The accounts and regions that a StackSet could not bring to its template."""
    api = clients("cloudformation", region)
    pages = api.get_paginator("list_stack_instances").paginate(
        StackSetName=stack_set, CallAs="DELEGATED_ADMIN"
    )
    listed = unless(NO_STACK_SET, lambda: list(pages))
    return [
        Failure(
            f"{stack_set} · {instance['Account']} {instance['Region']}",
            instance.get("StatusReason") or f"the instance is {instance['Status']}",
        )
        for page in listed or ()
        for instance in page["Summaries"]
        if instance["Status"] != "CURRENT"
    ]
