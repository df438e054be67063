# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""``AWS::CloudFormation::StackSet``: a StackSet and its instances as one resource.

An update compares where stacks are with where they should be: it deletes, then updates, then
makes. An account that joined by itself and that a filter now leaves out goes, too.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html
"""

import asyncio

from ministack import app as gateway

from local.aws.cloudformation.resource import Created, Properties, Resource, Resources
from local.aws.stack_sets import control, operations
from local.aws.stack_sets.model import Operation, Place, StackSet, StackSetError

NAME = "AWS::CloudFormation::StackSet"

TEXT = ("TemplateBody", "Capabilities", "Description", "AutoDeployment", "ManagedExecution")
"""Properties that an update of the StackSet itself takes."""


def _create(_logical_id: str, properties: Properties, _stack: str) -> Created:
    stack_set = control.create(dict(properties))
    try:
        for group in properties.get("StackInstancesGroup", []):
            targets, regions = group["DeploymentTargets"], group["Regions"]
            _wait(stack_set, control.add(stack_set, targets, regions, properties))
    except (StackSetError, ValueError):
        _clear(stack_set, properties)
        raise
    return stack_set.id, {"StackSetId": stack_set.id}


def _update(
    physical_id: str, _old: Properties, new: Properties, _stack: str, _logical_id: str
) -> Created:
    stack_set = control.find(physical_id, new.get("CallAs", "SELF"))
    wanted = _wanted(stack_set, new)
    _wait(stack_set, control.remove_places(stack_set, set(stack_set.instances) - wanted, new))
    _wait(stack_set, control.update(stack_set, {k: new[k] for k in TEXT if k in new} | _how(new)))
    missing = sorted(wanted - set(stack_set.instances))
    _wait(stack_set, control.add_places(stack_set, missing, new))
    return physical_id, {"StackSetId": physical_id}


def _delete(physical_id: str, properties: Properties) -> None:
    stack_set = control.find(physical_id, properties.get("CallAs", "SELF"))
    _clear(stack_set, properties)


def _how(properties: Properties) -> Properties:
    return {"OperationPreferences": properties.get("OperationPreferences", {})}


def _wanted(stack_set: StackSet, properties: Properties) -> set[Place]:
    """Where stacks should be; remembers the regions of each unit for accounts that join."""
    stack_set.regions_of = {}
    places = set()
    for group in properties.get("StackInstancesGroup", []):
        targets, regions = group["DeploymentTargets"], group["Regions"]
        for unit in control.units_of(targets):
            stack_set.regions_of.setdefault(unit, set()).update(regions)
        places |= {(account, r) for r in regions for account in control.accounts_of(targets)}
    return places


def _clear(stack_set: StackSet, properties: Properties) -> None:
    _wait(stack_set, control.remove_places(stack_set, set(stack_set.instances), properties))
    control.delete(stack_set)


def _wait(stack_set: StackSet, operation: Operation) -> None:
    """Run an operation on the server's loop, while this thread waits.

    Raises:
        ValueError: more failed than may; each account and region is named with its reason.
    """
    running = operations.run(stack_set, operation)
    asyncio.run_coroutine_threadsafe(running, gateway._MAIN_LOOP).result()
    if operation.status == "FAILED":
        raise ValueError(f"{operation.action} of {stack_set.name}: {'; '.join(operation.failed)}")


TYPES: Resources = {
    NAME: Resource(
        create=_create,
        update=_update,
        delete=_delete,
        replaced_by=("CallAs", "PermissionModel", "StackSetName"),
    )
}
