"""Whether the account's log groups can be subscribed, and what would not come, or come twice.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters-AccountLevel.html
"""

import json
from typing import Any, Final

from infra.names import CENTRAL_LOGS, policy_name
from ops.answer import Answer, error, ok, warning
from ops.view import View

KIND: Final = "SUBSCRIPTION_FILTER_POLICY"

OTHER_CLASSES: Final = ("INFREQUENT_ACCESS", "DELIVERY")
"""Classes beside ``STANDARD``."""

SAMPLE: Final = 20
"""Log groups whose filters are read: one request each, of which AWS takes ten a second."""

SHOWN: Final = 3
"""Names in a sentence; the others are counted."""


def account_policy(region: str, view: View) -> Answer:
    """The one subscription policy that an account and region takes is free, or is ours.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeAccountPolicies.html
    """
    logs, own = view.client("logs", region), policy_name(region)
    policies = logs.describe_account_policies(policyType=KIND)["accountPolicies"]
    foreign = [policy for policy in policies if not is_ours(policy, region, view)]
    if not foreign:
        return ok("this deployment's own" if policies else "free")
    name = foreign[0]["policyName"]
    return error(
        f"{name} sends every log group to {_target(foreign[0])}",
        f"none, or {own}: an account and region takes one",
        "when its owner agrees: aws logs delete-account-policy "
        f"--policy-name {name} --policy-type {KIND} --region {region}",
    )


def is_ours(policy: dict[str, Any], region: str, view: View) -> bool:
    """Whether a subscription policy has our name and sends to our door of the region."""
    door = f":logs:{region}:{view.config.central.account}:destination:{CENTRAL_LOGS}"
    return policy["policyName"] == policy_name(region) and _target(policy).endswith(door)


def _target(policy: dict[str, Any]) -> str:
    target: str = json.loads(policy["policyDocument"])["DestinationArn"]
    return target


def log_group_filters(region: str, view: View) -> Answer:
    """No log group has a filter to the door as well; those to elsewhere are none of our business.

    The first log groups by name are looked at, not all.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeSubscriptionFilters.html
    """
    logs = view.client("logs", region)
    groups = logs.describe_log_groups(limit=SAMPLE, logGroupClass="STANDARD")["logGroups"]
    filters = [
        known
        for group in groups
        for known in logs.describe_subscription_filters(logGroupName=group["logGroupName"])[
            "subscriptionFilters"
        ]
    ]
    twice = [f for f in filters if f["destinationArn"].endswith(f":destination:{CENTRAL_LOGS}")]
    if not twice:
        return ok(
            f"none of {len(filters)} to the door, in {len(groups)} log groups that were looked at"
        )
    first = twice[0]
    return warning(
        f"{_named([f['logGroupName'] for f in twice])} subscribed to the door one by one",
        "the account policy alone, or their records are paid for twice",
        f"aws logs delete-subscription-filter --log-group-name {first['logGroupName']} "
        f"--filter-name {first['filterName']} --region {region}",
    )


def log_classes(region: str, view: View) -> Answer:
    """Every log group is of the standard class, the only one that can be subscribed.

    References:
        - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch_Logs_Log_Classes.html
        - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
    """
    pages = view.client("logs", region).get_paginator("describe_log_groups")
    others = [
        group["logGroupName"]
        for class_ in OTHER_CLASSES
        for page in pages.paginate(logGroupClass=class_)
        for group in page["logGroups"]
        if group.get("logGroupClass") == class_
    ]
    if not others:
        return ok("all STANDARD")
    return warning(
        f"{_named(others)} of another class",
        "STANDARD; no other class can be subscribed, and a class cannot be changed",
        "write to a new group instead: aws logs create-log-group "
        f"--log-group-name {others[0]}-standard --region {region}",
    )


def _named(groups: list[str]) -> str:
    """The first few of some log groups: ``/a, /b, /c and 4 more``."""
    more = f" and {len(groups) - SHOWN} more" if len(groups) > SHOWN else ""
    return ", ".join(groups[:SHOWN]) + more
