"""What StackSets are made of, as the local cloud keeps them.

Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/stacksets-concepts.html
"""

import asyncio
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

type Place = tuple[str, str]
"""An account and a region."""

type Json = dict[str, Any]
"""Properties as in a template, under their names."""


class StackSetError(Exception):
    """A request that CloudFormation would refuse.

    Attributes:
        code: The API's error code.
    """

    def __init__(self, code: str, message: str) -> None:
        """Say what was refused, and why."""
        super().__init__(message)
        self.code = code


@dataclass(kw_only=True, slots=True)
class Instance:
    """One account and region of a StackSet, whether or not its stack could be made.

    Attributes:
        unit: The unit or root, of those that were named as targets, that holds the account.
        stack_name: Name of its stack.
        stack_id: Id of its stack; empty until there is one.
        status: ``CURRENT``, ``OUTDATED`` or ``INOPERABLE``.
        detailed: ``PENDING``, ``RUNNING``, ``SUCCEEDED``, ``FAILED`` or ``CANCELLED``.
        reason: Why it is not as it should be.
        operation: Id of the last operation on it.
    """

    place: Place
    unit: str
    stack_name: str
    stack_id: str = ""
    status: str = "OUTDATED"
    detailed: str = "PENDING"
    reason: str = ""
    operation: str = ""


@dataclass(kw_only=True, slots=True)
class Operation:
    """One change of stacks in many places.

    Attributes:
        action: ``CREATE``, ``UPDATE`` or ``DELETE``.
        places: Where; those of a region are together.
        preferences: As in ``OperationPreferences``; automatic deployments have none.
        retain: Whether a ``DELETE`` leaves the stacks where they are.
        status: ``QUEUED``, ``RUNNING``, ``SUCCEEDED`` or ``FAILED``.
        results: By place: status and reason.
    """

    action: str
    places: list[Place]
    preferences: Mapping[str, Any] = field(default_factory=dict)
    retain: bool = False
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    status: str = "QUEUED"
    results: dict[Place, tuple[str, str]] = field(default_factory=dict)
    began: float = field(default_factory=time.time)
    ended: float = 0.0

    @property
    def failed(self) -> list[str]:
        """``account region: reason`` of each place where it failed."""
        return [
            f"{account} {region}: {reason}"
            for (account, region), (status, reason) in self.results.items()
            if status == "FAILED"
        ]


@dataclass(kw_only=True, slots=True)
class StackSet:
    """One StackSet.

    Attributes:
        home: Account and region that it was made in.
        properties: As in a template: ``TemplateBody``, ``Capabilities``, ``AutoDeployment`` ...
        regions_of: Regions by the unit or root that was named as a target for them.
        lock: Held by the operation that is under way; the next one waits.
    """

    name: str
    home: Place
    properties: Json
    id: str = ""
    regions_of: dict[str, set[str]] = field(default_factory=dict)
    instances: dict[Place, Instance] = field(default_factory=dict)
    operations: list[Operation] = field(default_factory=list)
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        """Give it an id."""
        self.id = f"{self.name}:{uuid.uuid4()}"

    @property
    def automatic(self) -> bool:
        """Whether accounts that join are onboarded."""
        return truth(self.properties["AutoDeployment"].get("Enabled"))

    @property
    def retains(self) -> bool:
        """Whether accounts that leave keep their stacks."""
        return truth(self.properties["AutoDeployment"].get("RetainStacksOnAccountRemoval"))


def truth(value: object) -> bool:
    """Whether a boolean of a template or of a query is true."""
    return str(value).lower() == "true"
