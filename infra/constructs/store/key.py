"""The key that everything at rest is encrypted with, made or given."""

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from constructs import Construct

from infra.names import MANAGED_TAG
from infra.resource_policies import key_policy


class Key(Construct):
    """A customer-managed key that rotates every year.

    Buckets of the announcing accounts may write to queues that are encrypted with it. CloudWatch
    may keep copied log groups with it where there are some, and CloudTrail encrypts with it what
    the organisation's trail writes. One that is given has its own rotation, policy and tags, and no
    alias of ours.

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
        existing: str | None = None,
        trail_arn: str | None = None,
    ) -> None:
        super().__init__(scope, id_)
        if existing:
            self.key: kms.IKey = kms.Key.from_key_arn(self, "Key", existing)
            return
        stack = cdk.Stack.of(self)
        statements = key_policy(
            stack.account,
            stack.region,
            announcing_accounts,
            keeps_copies=keeps_copies,
            trail_arn=trail_arn,
        )
        self.key = kms.Key(
            self,
            "Key",
            alias=alias,
            description="Central logs: stream, queue, archive and search domain",
            enable_key_rotation=True,
            policy=iam.PolicyDocument(
                statements=[iam.PolicyStatement.from_json(each) for each in statements]
            ),
            removal_policy=removal,
        )
        if keeps_copies:
            cdk.Tags.of(self.key).add(MANAGED_TAG, "true")
