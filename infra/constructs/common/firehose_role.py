"""The role of a delivery stream: Firehose may take it for that stream of this account only."""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import Construct

from infra.constructs.common.statements import service_role


def firehose_role(scope: Construct, description: str) -> iam.Role:
    """A role that only this account's delivery streams can use.

    The confused-deputy condition is the one that Firehose documents:
    https://docs.aws.amazon.com/firehose/latest/dev/controlling-access.html
    """
    return service_role(
        scope,
        "firehose.amazonaws.com",
        why="DeliverForThisAccount",
        description=description,
        conditions={"StringEquals": {"sts:ExternalId": cdk.Stack.of(scope).account}},
    )
