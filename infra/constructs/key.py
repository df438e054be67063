"""The key that everything at rest is encrypted with."""

import aws_cdk as cdk
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
