"""What an organisation demands of every role: a boundary that it cannot exceed, and a path.

References:
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html
    - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-friendly-names
"""

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from infra.config.access import Access


def rule_roles(app: IConstruct, access: Access) -> None:
    """Give every role of the app its boundary and its path, those of every stack.

    Args:
        app: With all of its constructs; a role that comes later goes without.
        access: What the organisation demands; by default nothing.
    """
    if access.permission_boundary is None and access.role_path == "/":
        return
    for node in app.node.find_all():
        if isinstance(node, iam.CfnRole):
            stack = cdk.Stack.of(node)
            node.permissions_boundary = access.boundary_arn(stack.partition, stack.account)
            node.path = access.role_path
