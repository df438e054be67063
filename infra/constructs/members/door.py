"""What a region's log groups are subscribed to: a Destination that passes on to the stream.

References:
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CrossAccountSubscriptions-Kinesis-Account.html
    - https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CreateDestination-Account.html
"""

import aws_cdk as cdk
from aws_cdk import aws_logs as logs
from constructs import Construct

from infra.acknowledge import acknowledge_wildcard
from infra.constructs.common.grants import through_service
from infra.constructs.common.statements import allow, service_role, wait_for_rights
from infra.names import CENTRAL_LOGS
from infra.senders import Senders


class Door(Construct):
    """A Destination with a fixed name, which senders and nobody else may subscribe to.

    It stays when its stack goes: deleting a Destination disables every subscription to it for
    good. A log group and its Destination share a region, the stream may be in another.

    A key of ours is known by its alias, one that was given by its ARN.

    Attributes:
        destination: What account policies name.
        role: CloudWatch Logs takes it to put records onto the stream.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        senders: Senders,
        stream_arn: str,
        key_arns: list[str],
        key_alias: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        stack = cdk.Stack.of(self)
        self.role = service_role(
            self,
            "logs.amazonaws.com",
            why="PassOnWhatTheRegionLogs",
            description="Central logs: CloudWatch Logs to the stream",
            conditions={
                "StringLike": {
                    "aws:SourceArn": senders.sources(
                        f"arn:{stack.partition}:logs:{stack.region}:*:*"
                    )
                },
                **senders.if_organisation("aws:SourceOrgID", "StringEqualsIfExists"),
            },
        )
        allow(self.role, "PutRecordsOnTheStream", ["kinesis:PutRecord"], [stream_arn])
        named = {"ForAnyValue:StringEquals": {"kms:ResourceAliases": key_alias}}
        allow(
            self.role,
            "EncryptRecords",
            ["kms:GenerateDataKey"],
            key_arns,
            conditions={
                **(named if key_alias else {}),
                **through_service("kinesis", stream_arn.split(":")[3]),
            },
        )
        for key_arn in key_arns if key_alias else ():
            acknowledge_wildcard(
                self.role,
                key_arn,
                "A key in another region has no id that could be known; its alias is the condition",
            )
        self.destination = logs.CfnDestination(
            self,
            "Destination",
            destination_name=CENTRAL_LOGS,
            role_arn=self.role.role_arn,
            target_arn=stream_arn,
            destination_policy=stack.to_json_string(senders_may_subscribe(stack, senders)),
        )
        self.destination.apply_removal_policy(cdk.RemovalPolicy.RETAIN)
        wait_for_rights(self.destination, self.role)


def destination_arn(account: str, region: str, partition: str) -> str:
    """The ARN that members of a region subscribe to."""
    return f"arn:{partition}:logs:{region}:{account}:destination:{CENTRAL_LOGS}"


def senders_may_subscribe(stack: cdk.Stack, senders: Senders) -> dict[str, object]:
    """The access policy: who may subscribe, by log group or by account policy.

    The central account is one of the senders: its own log groups come through this door as well.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": senders.either("OrganisationMaySubscribe", "ListedAccountsMaySubscribe"),
                "Effect": "Allow",
                "Principal": senders.principals,
                "Action": ["logs:PutSubscriptionFilter", "logs:PutAccountPolicy"],
                "Resource": destination_arn(stack.account, stack.region, stack.partition),
                **senders.callers,
            }
        ],
    }
