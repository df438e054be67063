"""Which service control policies stand over an account: its own, its units', the root's.

References:
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPolicies.html
    - https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html
"""

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Final

from ops.control_policies.verdict import Level, Policy
from ops.policies import listed
from ops.tree import Way, pages
from ops.view import View

KIND: Final = "SERVICE_CONTROL_POLICY"

READS: Final = (
    "organizations:DescribePolicy",
    "organizations:ListPolicies",
    "organizations:ListRoots",
    "organizations:ListTargetsForPolicy",
)


def in_use(view: View) -> bool:
    """Whether the organisation has switched service control policies on.

    Reference: https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListRoots.html
    """
    [root] = (root for page in pages(view, "list_roots") for root in page["Roots"])
    kinds = {kind["Type"]: kind["Status"] for kind in root.get("PolicyTypes", [])}
    return kinds.get(KIND) == "ENABLED"


def levels(view: View, way: Way) -> tuple[Level, ...]:
    """The levels on the way from the root to an account."""
    attached = view.once("control policies", partial(_attached, view))
    return tuple(Level(target, attached.get(target, ())) for target in way)


def _attached(view: View) -> Mapping[str, tuple[Policy, ...]]:
    """The policies of each root, unit and account that has some."""
    found: dict[str, tuple[Policy, ...]] = {}
    for policy in _policies(view):
        for page in pages(view, "list_targets_for_policy", PolicyId=policy.id):
            for target in page["Targets"]:
                found[target["TargetId"]] = (*found.get(target["TargetId"], ()), policy)
    return found


def _policies(view: View) -> Iterator[Policy]:
    """https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribePolicy.html."""
    organizations = view.client("organizations")
    for page in pages(view, "list_policies", Filter=KIND):
        for summary in page["Policies"]:
            told = organizations.describe_policy(PolicyId=summary["Id"])["Policy"]
            statements = listed(json.loads(told["Content"]).get("Statement", []))
            yield Policy(summary["Id"], summary["Name"], tuple(statements))
