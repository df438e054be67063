"""The stacks of a deployment, as CloudFormation knows them: found by name, not from a list.

References:
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
    - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from infra.names import stack_name
from ops.refusal import DENIED, unless
from ops.view import Clients, View

ON: Final = ["ENABLED", "ENABLED_BY_DEFAULT"]

GONE: Final = "DELETE_COMPLETE"

_EVERY_STAGE_HAS = re.compile(r"(.+)-(?:search|pipeline|member-\d{12}-[a-z0-9-]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Stack:
    """One stack that is there.

    Attributes:
        id: Its ARN, which names it even when it is deleted.
        status: As CloudFormation says it: ``CREATE_COMPLETE``.
        why: Why it has that status; often empty.
        is_protected: Whether termination protection is on.
        exports: Names of what other stacks may import.
    """

    account: str
    region: str
    name: str
    id: str
    status: str
    why: str
    created: datetime
    is_protected: bool
    exports: tuple[str, ...]

    @property
    def place(self) -> str:
        """For people: name, account and region."""
        return f"{self.name} ({self.account}, {self.region})"


class Resource(NamedTuple):
    """One resource of a stack.

    Attributes:
        logical: Its name in the template.
        type: ``AWS::S3::Bucket``.
        id: Its physical id.
        region: The region of its stack.
    """

    logical: str
    type: str
    id: str
    region: str


def regions(view: View) -> tuple[str, ...]:
    """Every region that is on for the central account, those of the configuration first.

    Those of the configuration alone, where the account's may not be listed.

    Reference: https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html
    """
    return view.once("regions", partial(_regions, view))


def _regions(view: View) -> tuple[str, ...]:
    pages = view.client("account").get_paginator("list_regions")
    listed = unless(DENIED, lambda: list(pages.paginate(RegionOptStatusContains=ON)))
    known = [region["RegionName"] for page in listed or () for region in page["Regions"]]
    return tuple(dict.fromkeys((*view.config.regions, *known)))


def stacks_of(stage: str, clients: Clients, account: str, region: str) -> list[Stack]:
    """What is there of a stage in one account and region; nested stacks go with theirs."""
    pages = clients("cloudformation", region).get_paginator("describe_stacks").paginate()
    found = [s for page in pages for s in page["Stacks"] if not s.get("ParentId")]
    own = own_names(stage, (s["StackName"] for s in found))
    return [_stack(s, account, region) for s in found if s["StackName"] in own]


def _stack(told: dict[str, Any], account: str, region: str) -> Stack:
    outputs = told.get("Outputs", [])
    return Stack(
        account=account,
        region=region,
        name=told["StackName"],
        id=told["StackId"],
        status=told["StackStatus"],
        why=told.get("StackStatusReason", ""),
        created=told["CreationTime"],
        is_protected=told.get("EnableTerminationProtection", False),
        exports=tuple(o["ExportName"] for o in outputs if o.get("ExportName")),
    )


def own_names(stage: str, names: Iterable[str]) -> frozenset[str]:
    """Names of this stage's stacks, and not of one whose name begins like it.

    ``CentralLogs-prod-eu-search`` is the search stack of the stage ``prod-eu``, and tells that
    everything which begins like it is of that stage and not of ``prod``.
    """
    prefix = f"{stack_name(stage)}-"
    begin_so = [name.removeprefix(prefix) for name in names if name.startswith(prefix)]
    others = {m[1] for rest in begin_so if (m := _EVERY_STAGE_HAS.match(rest))}
    return frozenset(
        prefix + rest for rest in begin_so if not any(rest.startswith(f"{o}-") for o in others)
    )


def resources_of(clients: Clients, stack: Stack) -> list[Resource]:
    """What a stack has.

    Reference: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackResources.html
    """
    api = clients("cloudformation", stack.region)
    pages = api.get_paginator("list_stack_resources").paginate(StackName=stack.id)
    return [
        Resource(r["LogicalResourceId"], r["ResourceType"], r["PhysicalResourceId"], stack.region)
        for page in pages
        for r in page["StackResourceSummaries"]
        if r.get("PhysicalResourceId") and r["ResourceStatus"] != GONE
    ]


def deployed(view: View) -> tuple[Resource, ...]:
    """Everything that the deployment's stacks have in the central account and region."""
    return view.once("deployed", partial(_deployed, view))


def _deployed(view: View) -> tuple[Resource, ...]:
    central = view.config.central
    stacks = stacks_of(view.config.stage, view.clients, central.account, central.region)
    return tuple(resource for stack in stacks for resource in resources_of(view.clients, stack))


def one(view: View, type_: str, part: str = "") -> str:
    """Physical id of what is deployed of a type, with this in its logical id; empty without."""
    ids = (r.id for r in deployed(view) if r.type == type_ and part in r.logical)
    return next(ids, "")


def remembered(
    stage: str, clients: Clients, region: str, *statuses: str
) -> Iterator[tuple[str, Resource]]:
    """What became of the resources of a stage's deleted stacks, which is told for 90 days.

    References:
        - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStacks.html
        - https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackEvents.html

    Args:
        stage: The deployment's.
        clients: Of the account.
        region: Where to look.
        statuses: ``DELETE_SKIPPED`` for what was retained, ``DELETE_COMPLETE`` for what went.
    """
    api = clients("cloudformation", region)
    pages = api.get_paginator("list_stacks").paginate(StackStatusFilter=[GONE])
    deleted = [s for page in pages for s in page["StackSummaries"]]
    own = own_names(stage, (s["StackName"] for s in deleted))
    for stack in deleted:
        if stack["StackName"] in own:
            yield from _with_status(api, stack["StackId"], region, statuses)


def _with_status(
    api: Any,  # noqa: ANN401  as Clients
    stack_id: str,
    region: str,
    statuses: Collection[str],
) -> Iterator[tuple[str, Resource]]:
    pages = api.get_paginator("describe_stack_events").paginate(StackName=stack_id)
    for page in pages:
        for event in page["StackEvents"]:
            logical, id_ = event["LogicalResourceId"], event.get("PhysicalResourceId")
            status = event["ResourceStatus"]
            if status in statuses and id_ and id_ != stack_id:
                yield status, Resource(logical, event["ResourceType"], id_, region)
