"""Sends every log group of an account and region to its door, but for the pipeline's own.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters-AccountLevel.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateSubscriptionFilter-IAMrole.html
"""

import json
from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.statements import allow, service_role, wait_for_rights
from infra.errors import RecursionGuardError
from infra.names import policy_name

LARGEST_CRITERIA = (
    25 * 1_024
)  # bytes: https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutAccountPolicy.html


class Subscription(Construct):
    """An account policy that covers log groups of today and of tomorrow.

    What it leaves out is decided when the whole app is known, so that no function can be forgotten.

    Attributes:
        policy: The account policy; its name ends with the region, which the envelope does not say.
        role: Shows CloudWatch Logs that this account may send to a Destination whose policy names
            an organisation; without it AWS refuses the subscription.
    """

    def __init__(
        self, scope: Construct, id_: str, *, destination_arn: str, left_out: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        logs_of_here = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}"
        log_groups = f"{logs_of_here}:log-group:*"
        self.role = service_role(
            self,
            "logs.amazonaws.com",
            why="SubscribeThisAccount",
            description="Central logs: this account may send to the Destination",
            conditions={"StringLike": {"aws:SourceArn": f"{logs_of_here}:*"}},
        )
        allow(self.role, "SendLogEvents", ["logs:PutLogEvents"], [log_groups])
        acknowledge_wildcard(
            self.role, log_groups, "The subscription is for every log group of account and region"
        )
        self.policy = logs.CfnAccountPolicy(
            self,
            "Policy",
            policy_name=policy_name(stack.region),
            policy_type="SUBSCRIPTION_FILTER_POLICY",
            policy_document=stack.to_json_string(
                {
                    "DestinationArn": destination_arn,
                    "RoleArn": self.role.role_arn,
                    "FilterPattern": "",
                    "Distribution": "Random",  # by log stream, one busy stream would fill one shard
                }
            ),
            scope="ALL",
            selection_criteria=selection_criteria(left_out),
        )
        wait_for_rights(self.policy, self.role)


def selection_criteria(left_out: Sequence[str]) -> str:
    """``LogGroupName NOT IN ["/central-logs/normalise", ...]``, the one form that AWS takes.

    Raises:
        RecursionGuardError: nothing is left out, or the text is longer than AWS takes.
    """
    if not left_out:
        raise RecursionGuardError("the subscription leaves no log group out: it would read itself")
    text = f"LogGroupName NOT IN {json.dumps(sorted(left_out))}"
    size = len(text.encode())
    if size > LARGEST_CRITERIA:
        raise RecursionGuardError(
            f"{len(left_out)} log groups to leave out take {size} bytes, "
            f"an account policy holds {LARGEST_CRITERIA}"
        )
    return text
