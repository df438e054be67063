"""Sends every log group of an account and region to its door, but for the pipeline's own.

Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/SubscriptionFilters-AccountLevel.html
"""

import json
from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

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
    """

    def __init__(
        self, scope: Construct, id_: str, *, destination_arn: str, left_out: Sequence[str]
    ) -> None:
        super().__init__(scope, id_)
        self.policy = logs.CfnAccountPolicy(
            self,
            "Policy",
            policy_name=policy_name(cdk.Stack.of(self).region),
            policy_type="SUBSCRIPTION_FILTER_POLICY",
            policy_document=json.dumps(
                {"DestinationArn": destination_arn, "FilterPattern": "", "Distribution": "Random"}
            ),
            scope="ALL",
            selection_criteria=selection_criteria(left_out),
        )


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
