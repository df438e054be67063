"""The key that everything at rest is encrypted with."""

from collections.abc import Sequence
from typing import Final

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.common.statements import say_why
from logcore.transports.copied_groups import COPIES

MANAGED_TAG: Final = "LogsManaged"
"""Without this tag the centralisation of CloudWatch may not use a key:
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatchLogs_Centralization.html"""


class Key(Construct):
    """A customer-managed key that rotates every year.

    Buckets of the announcing accounts may write to queues that are encrypted with it. CloudWatch
    may keep copied log groups with it where there are some.

    Attributes:
        key: The key; grant on it what uses it.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        alias: str,
        removal: cdk.RemovalPolicy,
        announcing_accounts: Sequence[str] = (),
        keeps_copies: bool = False,
    ) -> None:
        super().__init__(scope, id_)
        self.key = kms.Key(
            self,
            "Key",
            alias=alias,
            description="Central logs: stream, queue, archive and search domain",
            enable_key_rotation=True,
            removal_policy=removal,
        )
        say_why(self.key, "KeyPolicy", "PoliciesOfTheAccountDecide")
        here = cdk.Stack.of(self).account
        rules = _may_encrypt("RulesFillTheQueues", "events.amazonaws.com", here)
        self.key.add_to_resource_policy(rules)
        alarms = _may_encrypt("AlarmsPublish", "cloudwatch.amazonaws.com", here)
        self.key.add_to_resource_policy(alarms)
        if announcing_accounts:
            buckets = _may_encrypt(
                "BucketsAnnounceObjects", "s3.amazonaws.com", *announcing_accounts
            )
            self.key.add_to_resource_policy(buckets)
        if keeps_copies:
            self.key.add_to_resource_policy(_copies_may_be_kept(cdk.Stack.of(self)))
            cdk.Tags.of(self.key).add(MANAGED_TAG, "true")


def _may_encrypt(why: str, service: str, *accounts: str) -> iam.PolicyStatement:
    """EventBridge, S3 and alarms write to encrypted queues and topics as themselves, by no role.

    References:
        - https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services
        - https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
    """
    return iam.PolicyStatement(
        sid=why,
        principals=[iam.ServicePrincipal(service)],
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=["*"],  # in a key's policy: this key
        conditions={"StringEquals": {"aws:SourceAccount": _one_or_all(accounts)}},
    )


def _copies_may_be_kept(stack: cdk.Stack) -> iam.PolicyStatement:
    """CloudWatch Logs uses the key of a log group as itself, and says for which group.

    Reference: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
    """
    copies = f"arn:{stack.partition}:logs:{stack.region}:{stack.account}:log-group:{COPIES}*"
    return iam.PolicyStatement(
        sid="CopiedLogGroupsAreKept",
        principals=[iam.ServicePrincipal(f"logs.{stack.region}.amazonaws.com")],
        actions=[
            *("kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey"),
            *("kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptFrom", "kms:ReEncryptTo"),
        ],
        resources=["*"],  # in a key's policy: this key
        conditions={"ArnLike": {"kms:EncryptionContext:aws:logs:arn": copies}},
    )


def _one_or_all(accounts: tuple[str, ...]) -> str | list[str]:
    return accounts[0] if len(accounts) == 1 else list(accounts)
