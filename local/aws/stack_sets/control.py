"""What can be done with StackSets, for the API and for the resource type alike.

Every function takes properties as in a template. Those that change stacks give an operation that
the caller then runs: the API lets it go on by itself, the resource type waits for it.
"""

import uuid
from collections.abc import Iterable

from ministack.core.responses import get_account_id, get_region

from local.aws import delegation, organizations
from local.aws.stack_sets.model import (
    Instance,
    Json,
    Operation,
    Place,
    StackSet,
    StackSetError,
)

LARGEST_BODY = 51_200  # bytes, API_CreateStackSet
MOST_UNITS = 50  # API_CreateStackInstances

_sets: dict[tuple[str, str, str], StackSet] = {}
"""By account, region and name."""


def create(properties: Json) -> StackSet:
    """Make a StackSet without instances.

    Raises:
        StackSetError: AWS would refuse it, or the local cloud does not play it.
    """
    check_caller(properties.get("CallAs", "SELF"))
    if properties.get("PermissionModel") != "SERVICE_MANAGED":
        raise StackSetError("ValidationError", "the local cloud plays SERVICE_MANAGED alone")
    if not properties.get("AutoDeployment"):
        raise StackSetError("ValidationError", "AutoDeployment is required with SERVICE_MANAGED")
    _check_body(properties)
    key = (get_account_id(), get_region(), properties["StackSetName"])
    if key in _sets:
        raise StackSetError("NameAlreadyExistsException", f"StackSet {key[2]} exists")
    _sets[key] = StackSet(name=key[2], home=key[:2], properties=properties)
    return _sets[key]


def find(name: str, call_as: str = "DELEGATED_ADMIN") -> StackSet:
    """Give a StackSet of the caller's account and region, by name or id.

    Raises:
        StackSetError: there is none, or the caller may not run StackSets.
    """
    for found in of_caller(call_as):
        if name in (found.name, found.id):
            return found
    raise StackSetError("StackSetNotFoundException", f"StackSet {name} not found")


def of_caller(call_as: str) -> list[StackSet]:
    """Every StackSet of the caller's account and region.

    Raises:
        StackSetError: the caller may not run StackSets.
    """
    check_caller(call_as)
    here = (get_account_id(), get_region())
    return [found for found in _sets.values() if found.home == here]


def all_sets() -> list[StackSet]:
    """Every StackSet of the organisation."""
    return list(_sets.values())


def update(
    stack_set: StackSet, properties: Json, places: Iterable[Place] | None = None
) -> Operation:
    """Change what is given, and bring instances to it: these, or every one."""
    _check_body(properties)
    stack_set.properties |= properties
    there = [p for p in stack_set.instances if places is None or p in set(places)]
    return _begin(stack_set, "UPDATE", there, properties)


def delete(stack_set: StackSet) -> None:
    """Forget a StackSet.

    Raises:
        StackSetError: it has instances.
    """
    if stack_set.instances:
        raise StackSetError("StackSetNotEmptyException", f"{stack_set.name} is not empty")
    _sets.pop((*stack_set.home, stack_set.name))


def add(stack_set: StackSet, targets: Json, regions: Iterable[str], properties: Json) -> Operation:
    """Make an instance for each account of the targets in each region."""
    regions = list(regions)
    for unit in units_of(targets):
        stack_set.regions_of.setdefault(unit, set()).update(regions)
    places = [(account, r) for r in regions for account in accounts_of(targets)]
    return add_places(stack_set, places, properties)


def add_places(stack_set: StackSet, places: list[Place], properties: Json) -> Operation:
    """Make instances in single places."""
    for account, region in places:
        stack_set.instances.setdefault(
            (account, region),
            Instance(
                place=(account, region),
                unit=_unit_of(stack_set, account),
                stack_name=f"StackSet-{stack_set.name}-{uuid.uuid4()}",
            ),
        )
    return _begin(stack_set, "CREATE", places, properties)


def remove_places(
    stack_set: StackSet, places: Iterable[Place], properties: Json, *, retain: bool = False
) -> Operation:
    """Delete instances; their stacks as well, unless they are retained."""
    there = [place for place in places if place in stack_set.instances]
    return _begin(stack_set, "DELETE", there, properties, retain=retain)


def units_of(targets: Json) -> list[str]:
    """Units and root among deployment targets.

    Raises:
        StackSetError: there is none, or there are too many.
    """
    units = list(targets.get("OrganizationalUnitIds") or [])
    if not 0 < len(units) <= MOST_UNITS:
        raise StackSetError("ValidationError", f"1 to {MOST_UNITS} units, found {len(units)}")
    return units


def accounts_of(targets: Json) -> list[str]:
    """Accounts that deployment targets mean now, without the management account.

    Raises:
        StackSetError: the filter is not taken by create operations.
    """
    found = organizations.accounts_below(units_of(targets))
    found = [account for account in found if account != organizations.management_account()]
    named = set(targets.get("Accounts") or [])
    match targets.get("AccountFilterType"):
        case "INTERSECTION":
            return [account for account in found if account in named]
        case "DIFFERENCE":
            return [account for account in found if account not in named]
        case None | "NONE" if not named:
            return found
        case other:
            raise StackSetError("ValidationError", f"AccountFilterType {other} with accounts")


def check_caller(call_as: str) -> None:
    """Check that the caller may run StackSets for the organisation.

    Raises:
        StackSetError: trusted access is missing, or the account is not what it says to be.
    """
    account, service = get_account_id(), delegation.STACK_SETS
    may = {
        "SELF": account == organizations.management_account(),
        "DELEGATED_ADMIN": delegation.is_administrator(account, service),
    }
    if not (delegation.is_trusted(service) and may[call_as]):
        raise StackSetError(
            "ValidationError",
            "You must be the management account or delegated admin account of an organization "
            f"before operating a SERVICE_MANAGED stack set: {account} as {call_as}",
        )


def reset() -> None:
    """Forget every StackSet."""
    _sets.clear()


def _begin(
    stack_set: StackSet, action: str, places: list[Place], properties: Json, *, retain: bool = False
) -> Operation:
    preferences = properties.get("OperationPreferences") or {}
    operation = Operation(action=action, places=places, preferences=preferences, retain=retain)
    stack_set.operations.append(operation)
    return operation


def _unit_of(stack_set: StackSet, account: str) -> str:
    above = organizations.units_above(account)
    return next((unit for unit in above if unit in stack_set.regions_of), "")


def _check_body(properties: Json) -> None:
    size = len(properties.get("TemplateBody", "").encode())
    if size > LARGEST_BODY:
        raise StackSetError("ValidationError", f"TemplateBody has {size} bytes, {LARGEST_BODY} fit")
