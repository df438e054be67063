"""The key that everything at rest is encrypted with."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct


class Key(Construct):
    """A customer-managed key that rotates every year.

    Attributes:
        key: The key; grant on it what uses it.
    """

    def __init__(
        self, scope: Construct, id_: str, *, alias: str, removal: cdk.RemovalPolicy
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
        self.key.add_to_resource_policy(_events_may_encrypt(cdk.Stack.of(self).account))


def _events_may_encrypt(account: str) -> iam.PolicyStatement:
    """EventBridge puts what it could not deliver into an encrypted queue as itself, without a role.

    Reference: https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html#compatibility-with-aws-services
    """
    return iam.PolicyStatement(
        principals=[iam.ServicePrincipal("events.amazonaws.com")],
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=["*"],  # in a key's policy: this key
        conditions={"StringEquals": {"aws:SourceAccount": account}},
    )
