# ruff: noqa: SLF001  MiniStack publishes no extension interface
"""The actions of CloudFormation's API about StackSets that this project's guides use.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_Operations.html
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from ministack.core.responses import get_account_id
from ministack.services.cloudformation import helpers

from local.aws import delegation
from local.aws.cloudformation.bucket_properties import Tree, xml
from local.aws.organizations import management_account
from local.aws.stack_sets import control, joining
from local.aws.stack_sets.model import Instance, Operation, Place, StackSet, StackSetError, truth
from local.aws.stack_sets.query import Params, properties, targets

type Action = Callable[[Params], Tree]


def handler(name: str, action: Action) -> Callable[[Params], Any]:
    """What MiniStack calls for an action: answers in XML, refusals included."""

    def handle(params: Params) -> Any:  # noqa: ANN401  MiniStack's response tuple
        try:
            inner = xml({f"{name}Result": action(params)})
        except StackSetError as error:
            return helpers._error(error.code, str(error))
        return helpers._xml(200, f"{name}Response", inner)

    return handle


def _activate(_params: Params) -> Tree:
    _check_manager()
    delegation.trust(delegation.STACK_SETS)
    return {}


def _deactivate(_params: Params) -> Tree:
    _check_manager()
    delegation.distrust(delegation.STACK_SETS)
    return {}


def _check_manager() -> None:
    if get_account_id() != management_account():
        raise StackSetError("InvalidOperationException", "only the management account may do this")


def _access(_params: Params) -> Tree:
    return {"Status": "ENABLED" if delegation.is_trusted(delegation.STACK_SETS) else "DISABLED"}


def _create(params: Params) -> Tree:
    return {"StackSetId": control.create(properties(params)).id}


def _update(params: Params) -> Tree:
    found = _find(params)
    places = _places(params) if "Regions.member.1" in params else None
    return _started(found, control.update(found, properties(params), places))


def _delete(params: Params) -> Tree:
    control.delete(_find(params))
    return {}


def _list(params: Params) -> Tree:
    listed = control.of_caller(helpers._p(params, "CallAs", "SELF"))
    return {"Summaries": {"member": [_summary(found) for found in listed]}}


def _summary(found: StackSet) -> Tree:
    return {
        "StackSetName": found.name,
        "StackSetId": found.id,
        "Status": "ACTIVE",
        "PermissionModel": "SERVICE_MANAGED",
        "AutoDeployment": {
            "Enabled": found.automatic,
            "RetainStacksOnAccountRemoval": found.retains,
        },
    }


def _describe(params: Params) -> Tree:
    found = _find(params)
    return {
        "StackSet": {
            **_summary(found),
            "TemplateBody": found.properties["TemplateBody"],
            "OrganizationalUnitIds": {"member": sorted(found.regions_of)},
        }
    }


def _create_instances(params: Params) -> Tree:
    found, regions = _find(params), helpers._extract_string_members(params, "Regions")
    return _started(found, control.add(found, targets(params), regions, properties(params)))


def _delete_instances(params: Params) -> Tree:
    found, places = _find(params), _places(params)
    retain = truth(helpers._p(params, "RetainStacks"))
    operation = control.remove_places(found, places, properties(params), retain=retain)
    return _started(found, operation)


def _list_instances(params: Params) -> Tree:
    account = helpers._p(params, "StackInstanceAccount")
    region = helpers._p(params, "StackInstanceRegion")
    wanted = helpers._p(params, "Filters.member.1.Values")  # of the filter DETAILED_STATUS
    found = [
        _instance(instance)
        for instance in _find(params).instances.values()
        if account in ("", instance.place[0])
        and region in ("", instance.place[1])
        and wanted in ("", instance.detailed)
    ]
    return {"Summaries": {"member": found}}


def _list_operations(params: Params) -> Tree:
    found = _find(params)
    summaries = [_operation(found, operation) for operation in reversed(found.operations)]
    return {"Summaries": {"member": summaries}}


def _describe_operation(params: Params) -> Tree:
    found = _find(params)
    return {"StackSetOperation": _operation(found, _operation_of(found, params))}


def _list_results(params: Params) -> Tree:
    operation = _operation_of(_find(params), params)
    return {
        "Summaries": {
            "member": [
                {"Account": account, "Region": region, "Status": status, "StatusReason": reason}
                for (account, region), (status, reason) in operation.results.items()
            ]
        }
    }


def _instance(instance: Instance) -> Tree:
    account, region = instance.place
    return {
        "Account": account,
        "Region": region,
        "OrganizationalUnitId": instance.unit,
        "StackId": instance.stack_id,
        "Status": instance.status,
        "StatusReason": instance.reason,
        "StackInstanceStatus": {"DetailedStatus": instance.detailed},
        "LastOperationId": instance.operation,
    }


def _operation(stack_set: StackSet, operation: Operation) -> Tree:
    ended = {"EndTimestamp": _time(operation.ended)} if operation.ended else {}
    return {
        "OperationId": operation.id,
        "StackSetId": stack_set.id,
        "Action": operation.action,
        "Status": operation.status,
        "CreationTimestamp": _time(operation.began),
        **ended,
        "StatusDetails": {"FailedStackInstancesCount": len(operation.failed)},
    }


def _time(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat()


def _find(params: Params) -> StackSet:
    return control.find(helpers._p(params, "StackSetName"), helpers._p(params, "CallAs", "SELF"))


def _operation_of(stack_set: StackSet, params: Params) -> Operation:
    wanted = helpers._p(params, "OperationId")
    for operation in stack_set.operations:
        if operation.id == wanted:
            return operation
    raise StackSetError("OperationNotFoundException", f"{wanted} not found")


def _places(params: Params) -> list[Place]:
    regions = helpers._extract_string_members(params, "Regions")
    return [(account, r) for r in regions for account in control.accounts_of(targets(params))]


def _started(stack_set: StackSet, operation: Operation) -> Tree:
    joining.start(stack_set, operation)
    return {"OperationId": operation.id}


ACTIONS: dict[str, Action] = {
    "ActivateOrganizationsAccess": _activate,
    "CreateStackInstances": _create_instances,
    "CreateStackSet": _create,
    "DeactivateOrganizationsAccess": _deactivate,
    "DeleteStackInstances": _delete_instances,
    "DeleteStackSet": _delete,
    "DescribeOrganizationsAccess": _access,
    "DescribeStackSet": _describe,
    "DescribeStackSetOperation": _describe_operation,
    "ListStackInstances": _list_instances,
    "ListStackSetOperationResults": _list_results,
    "ListStackSetOperations": _list_operations,
    "ListStackSets": _list,
    "UpdateStackSet": _update,
}
"""Every action by its name; MiniStack has none of them."""
