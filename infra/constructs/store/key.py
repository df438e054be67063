"""The key that everything at rest is encrypted with."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.constructs.common.statements import say_why


class Key(Construct):
    """A customer-managed key that rotates every year.

    Buckets of the announcing accounts may write to queues that are encrypted with it.

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


def _one_or_all(accounts: tuple[str, ...]) -> str | list[str]:
    return accounts[0] if len(accounts) == 1 else list(accounts)
