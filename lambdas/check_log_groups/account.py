"""Reads the log groups of one account and region, and how they are subscribed.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeLogGroups.html
    - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeAccountPolicies.html
    - https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeSubscriptionFilters.html
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from lambdas.check_log_groups.findings import LogGroup

if TYPE_CHECKING:
    from mypy_boto3_logs import CloudWatchLogsClient

LEAVES_OUT = "LogGroupName NOT IN "
"""How a subscription policy's criteria begin; a JSON list of names follows."""


def log_groups(
    client: "CloudWatchLogsClient", door_arn: str, *, with_filters: bool
) -> Iterator[LogGroup]:
    """Every log group of the client's account and region.

    With filters it takes a request for each log group, of which AWS answers some ten a second.

    Raises:
        ClientError: the client may not read, or was throttled to the end.
    """
    left_out = _left_out(client, door_arn)
    for page in client.get_paginator("describe_log_groups").paginate():
        for group in page["logGroups"]:
            name = group["logGroupName"]
            yield LogGroup(
                name=name,
                class_=group.get("logGroupClass", "STANDARD"),
                retention_days=group.get("retentionInDays"),
                in_policy=left_out is not None and name not in left_out,
                filters_to_door=_filters(client, name, door_arn) if with_filters else (),
            )


def _left_out(client: "CloudWatchLogsClient", door_arn: str) -> frozenset[str] | None:
    """What the account's policy to the door leaves out; ``None`` where there is no such policy."""
    policies = client.describe_account_policies(policyType="SUBSCRIPTION_FILTER_POLICY")[
        "accountPolicies"
    ]
    for policy in policies:
        if json.loads(policy["policyDocument"])["DestinationArn"] == door_arn:
            names = policy.get("selectionCriteria", "").removeprefix(LEAVES_OUT)
            return frozenset(json.loads(names or "[]"))
    return None


def _filters(client: "CloudWatchLogsClient", name: str, door_arn: str) -> tuple[str, ...]:
    """The filters of a log group that lead to the door; a page holds more than a group can have."""
    found = client.describe_subscription_filters(logGroupName=name)["subscriptionFilters"]
    return tuple(f["filterName"] for f in found if f["destinationArn"] == door_arn)
