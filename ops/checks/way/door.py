"""From a log group to the stream: the central account's own subscription, and the door."""

import json
from typing import Any

from infra.names import CENTRAL_LOGS, policy_name
from infra.senders import Senders
from ops.answer import Answer, error, ok
from ops.checks.subscriptions import KIND, is_ours
from ops.checks.way.placed import stream_name
from ops.refusal import unless
from ops.view import View

NEEDED = frozenset({"logs:PutSubscriptionFilter", "logs:PutAccountPolicy"})


def subscribed(region: str, view: View) -> Answer:
    """The central account's own log groups are subscribed to the door.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeAccountPolicies.html
    """
    policies = view.client("logs", region).describe_account_policies(policyType=KIND)
    if any(is_ours(policy, region, view) for policy in policies["accountPolicies"]):
        return ok(policy_name(region))
    return error(
        "the account's log groups are not subscribed",
        policy_name(region),
        _deploy(view, f"member-{view.config.central.account}-{region}"),
    )


def door(region: str, view: View) -> Answer:
    """The Destination passes on to our stream, by a role that is there, for our senders.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeDestinations.html
    """
    logs, deploy = view.client("logs", region), _deploy(view, f"door-{region}")
    listed = logs.describe_destinations(DestinationNamePrefix=CENTRAL_LOGS)["destinations"]
    found = next((d for d in listed if d["destinationName"] == CENTRAL_LOGS), None)
    if found is None:
        return error("no Destination", f"{CENTRAL_LOGS}, which members subscribe to", deploy)
    stream = _stream_of(view)
    if not found["targetArn"].endswith(stream):
        return error(f"to {found['targetArn']}", f"to …{stream}", deploy)
    role = found["roleArn"].rpartition("/")[2]
    if unless({"NoSuchEntity"}, lambda: view.client("iam").get_role(RoleName=role)) is None:
        return error(f"its role {role} is gone", "the role that puts records", deploy)
    policy = json.loads(found.get("accessPolicy") or "{}")
    if shut_out := _not_admitted(policy, view.config.senders):
        return error(
            f"its policy does not admit {shut_out}",
            f"{', '.join(sorted(NEEDED))} for {view.config.senders}",
            deploy,
        )
    return ok(f"{found['arn']}, to the stream")


def _not_admitted(policy: dict[str, Any], senders: Senders) -> str:
    """Who of the senders is not named by a statement that allows all that is needed."""
    named = json.dumps(
        [
            statement.get("Condition" if senders.organisation else "Principal")
            for statement in policy.get("Statement", [])
            if statement["Effect"] == "Allow" and set(statement["Action"]) >= NEEDED
        ]
    )
    if senders.organisation:
        return "" if senders.organisation in named else "the organisation's accounts"
    return ", ".join(account for account in senders.accounts if account not in named)


def _stream_of(view: View) -> str:
    central = view.config.central
    return f":kinesis:{central.region}:{central.account}:stream/{stream_name(view)}"


def _deploy(view: View, stack: str) -> str:
    return f"node_modules/.bin/cdk deploy CentralLogs-{view.config.stage}-{stack} -c config=…"
