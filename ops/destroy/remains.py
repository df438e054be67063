"""Removes what the deployment's stacks have retained; Destinations last, when nobody sends to one.

Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteDestination.html
"""

from collections.abc import Iterator
from typing import Final

from ops.destroy.choice import KEPT, HaltError, Run
from ops.destroy.retained import PARTS, Kind, is_there, kind_of
from ops.destroy.senders import clear, reachable, subscribed
from ops.refusal import unless
from ops.stacks import GONE, Resource, own_names, regions, remembered

DOOR: Final = "AWS::Logs::Destination"
LOG_GROUP: Final = "AWS::Logs::LogGroup"
STACK_SET: Final = "AWS::CloudFormation::StackSet"

LOOK_SECONDS: Final = 10
LONGEST_MINUTES: Final = 60

SKIPPED: Final = "DELETE_SKIPPED"


def retained(run: Run) -> list[Resource]:
    """What deleted stacks have retained and is there still, once each."""
    found = {(r.type, r.id, r.region): r for r in _known(run) if r.type not in PARTS}
    return [resource for resource in found.values() if _there(run, resource)]


def _known(run: Run) -> Iterator[Resource]:
    """What was retained, and log groups, which a late writer makes anew."""
    for region in regions(run.view):
        told = remembered(run.config.stage, run.view.clients, region, SKIPPED, GONE)
        for status, resource in told:
            if status == SKIPPED or resource.type == LOG_GROUP:
                yield resource


def remove(run: Run) -> None:
    """Remove all of it, but for the data that is kept.

    Raises:
        HaltError: a Destination still has a subscriber, or something would not go.
    """
    goes = [r for r in retained(run) if not is_kept(run, r) and not _taken(run, r)]
    for resource in sorted(goes, key=lambda resource: resource.type == DOOR):
        if resource.type == DOOR:
            _check_unused(run, resource.region)
        _remove(run, resource)


def is_kept(run: Run, resource: Resource) -> bool:
    """Whether the run leaves it because it holds data."""
    return run.data == "keep" and resource.type in KEPT


def _remove(run: Run, resource: Resource) -> None:
    kind = kind_of(resource.type)
    if resource.type == STACK_SET:
        clear(run, resource.id, resource.region)
    run.say(f"deleting {resource.type} {resource.id} ({resource.region})")
    kind.remove(run.view.client(kind.service, resource.region), resource.id, run.say)
    for _ in run.ticks(LOOK_SECONDS, LONGEST_MINUTES):
        if not _there(run, resource):
            return
    raise HaltError(
        f"{resource.type} {resource.id} is still there after {LONGEST_MINUTES} minutes; run it "
        f"again, or by hand: {by_hand(kind, resource)}"
    )


def _there(run: Run, resource: Resource) -> bool:
    kind = kind_of(resource.type)
    return is_there(kind, run.view.client(kind.service, resource.region), resource.id)


def by_hand(kind: Kind, resource: Resource) -> str:
    """The command that removes it."""
    return kind.command.format(id=resource.id, region=resource.region)


def _taken(run: Run, resource: Resource) -> bool:
    """Whether another stack has it by now, of whose things the hands are kept off.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html
    """
    api = run.view.client("cloudformation", resource.region)
    told = unless(
        {"ValidationError"},
        lambda: api.describe_stack_resources(PhysicalResourceId=resource.id),
    )
    names = {found["StackName"] for found in (told or {}).get("StackResources", [])}
    foreign = names - own_names(run.config.stage, names)
    if foreign:
        run.say(f"leaving  {resource.type} {resource.id}: it is of {', '.join(sorted(foreign))}")
    return bool(foreign)


def _check_unused(run: Run, region: str) -> None:
    senders = [
        account
        for account, place in reachable(run)
        if place == region and subscribed(run, account, region)
    ]
    if senders:
        raise HaltError(
            f"{', '.join(senders)} still send to the Destination of {region}: deleting it would "
            "end that for good; delete their account policies first"
        )
