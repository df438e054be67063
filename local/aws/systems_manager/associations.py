"""Associations of documents with hosts, checked as State Manager checks them.

References:
    - https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_CreateAssociation.html
    - https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-cron-and-rate-expressions.html
"""

import re
import uuid
from typing import Any

from ministack.core.responses import AccountRegionScopedDict

from local.aws.systems_manager import documents
from local.aws.systems_manager.errors import DocumentError, NoAssociationError, ScheduleError

MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60}
SHORTEST_MINUTES, LONGEST_MINUTES = 30, 31 * 24 * 60 - 1

_RATE = re.compile(r"rate\((?P<count>[1-9]\d*) (?P<unit>minute|hour|day)(?P<plural>s?)\)")
_LISTED = ("AssociationId", "AssociationName", "AssociationVersion", "Name", "Targets")

type Association = dict[str, Any]
"""As ``DescribeAssociation`` gives it."""

_associations = AccountRegionScopedDict()


def create(association: Association) -> str:
    """Make an association and give its id.

    Raises:
        DocumentError: its document does not exist.
        ScheduleError: its schedule is not one.
    """
    identity = str(uuid.uuid4())
    _associations[identity] = _checked(association) | _version(identity, 1)
    return identity


def update(identity: str, association: Association) -> None:
    """Give an association other choices; raises what ``create`` does."""
    version = int(_associations[identity]["AssociationVersion"])
    _associations[identity] = _checked(association) | _version(identity, version + 1)


def delete(identity: str) -> None:
    """Delete an association; one that is gone already is no error."""
    _associations.pop(identity, None)


def describe(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``DescribeAssociation`` by id.

    Raises:
        NoAssociationError: there is none.
    """
    found = _associations.get(request.get("AssociationId", ""))
    if found is None:
        raise NoAssociationError("The specified association does not exist.")
    return {"AssociationDescription": found}


def remove(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``DeleteAssociation`` by id.

    Raises:
        NoAssociationError: there is none.
    """
    describe(request)
    delete(request["AssociationId"])
    return {}


def listed(request: dict[str, Any]) -> dict[str, Any]:
    """Answer ``ListAssociations``, also by ``AssociationName``."""
    wanted = [
        each["value"]
        for each in request.get("AssociationFilterList", [])
        if each["key"] == "AssociationName"
    ]
    found = [a for a in _associations.values() if not wanted or a.get("AssociationName") in wanted]
    return {"Associations": [{key: each[key] for key in _LISTED if key in each} for each in found]}


def reset() -> None:
    """Forget every association."""
    _associations.clear()


def _version(identity: str, number: int) -> Association:
    return {"AssociationId": identity, "AssociationVersion": str(number)}


def _checked(association: Association) -> Association:
    name, schedule = association["Name"], association.get("ScheduleExpression", "")
    if not documents.is_known(name):
        raise DocumentError(f"Document with name {name} does not exist.")
    if schedule.startswith("rate(") and not _is_rate(schedule):
        raise ScheduleError(f"{schedule} is not a rate from 30 minutes to below 31 days")
    return association


def _is_rate(schedule: str) -> bool:
    found = _RATE.fullmatch(schedule)
    if found is None or bool(found["plural"]) == (found["count"] == "1"):
        return False
    minutes = int(found["count"]) * MINUTES[found["unit"]]
    return SHORTEST_MINUTES <= minutes <= LONGEST_MINUTES
